"""Meetings of free speech: drawn lists hold no words, and give the same meetings again."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from engine.data import bench_draw, bench_list, bench_set
from engine.data.bench_list import ListedMeeting
from engine.data.corpus import Corpus, load_corpus
from engine.data.free_meetings import FreeMeetings, Sound
from engine.data.rooms import Microphone, Room
from engine.data.simulation import CONDITIONS
from engine.errors import EngineError
from tests.unit.engine import corpora

SPLIT = "dev"
PAUSE = 60  # frames, more than half a second


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    """Five people with three utterances, of two stretches each."""
    words = list(corpora.TONES_HZ)
    spoken = {}
    for person in range(5):
        first, second = words[person], words[(person + 1) % 5]
        said = [
            [(first, 0, length), (second, length, 150), (first, 150 + PAUSE, 300)]
            for length in (60, 80, 100)
        ]
        spoken[f"person {person}"] = said
    return corpora.corpus(spoken, SPLIT)


@pytest.fixture(scope="module")
def meetings(corpus: Corpus) -> list[ListedMeeting]:
    return bench_draw.draw(corpus, SPLIT, 3, 20.0, 7)


def test_every_condition_has_its_meetings(meetings: list[ListedMeeting]) -> None:
    assert Counter(m.condition for m in meetings) == dict.fromkeys(CONDITIONS, 3)
    assert len({m.session_id for m in meetings}) == 18
    for meeting in meetings:
        assert 2 <= len(meeting.people) <= 4
        assert len({p.seat for p in meeting.people}) == len(meeting.people)
        assert all(abs(p.gain_db) <= 5.0 for p in meeting.people)
        assert all(t.start < 20 * 16_000 for t in meeting.turns)
    assert len({p.speaker for m in meetings for p in m.people}) == 5


def test_turns_are_cut_at_pauses(meetings: list[ListedMeeting]) -> None:
    assert {(t.first, t.last) for m in meetings for t in m.turns} == {(0, 1), (2, 2)}


def test_nobody_repeats_anything_before_everything_was_said(meetings: list[ListedMeeting]) -> None:
    for meeting in meetings:
        by_person: dict[str, Counter[tuple[str, int]]] = {}
        for turn in meeting.turns:
            person = turn.utterance.rpartition("-")[0]
            by_person.setdefault(person, Counter())[turn.utterance, turn.first] += 1
        for said in by_person.values():
            often = [said.get(turn, 0) for turn in said]
            assert max(often) == 1 or len(said) == 6


def test_the_same_seed_gives_the_same_list(
    corpus: Corpus, meetings: list[ListedMeeting], tmp_path: Path
) -> None:
    digests = [
        bench_list.write(bench_draw.draw(corpus, SPLIT, 3, 20.0, seed), tmp_path / f"{i}.gz")
        for i, seed in enumerate((7, 7, 8))
    ]
    assert digests[0] == digests[1] != digests[2]
    assert (tmp_path / "0.gz").read_bytes() == (tmp_path / "1.gz").read_bytes()
    assert list(bench_list.read(tmp_path / "0.gz")) == meetings


def test_the_first_of_each_condition(meetings: list[ListedMeeting]) -> None:
    few = bench_list.first(meetings, 1)
    assert [m.session_id for m in few] == [f"{SPLIT}-{name}-000" for name in CONDITIONS]


def test_too_few_speakers_are_refused(corpus: Corpus) -> None:
    with pytest.raises(EngineError, match="too few speakers"):
        bench_draw.draw(corpus, "nobody", 1, 20.0, 7)


def test_a_list_that_is_not_there_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="take the split dev or test"):
        list(bench_list.read(tmp_path / "none.gz"))


def test_a_corpus_that_lacks_an_utterance(meetings: list[ListedMeeting], tmp_path: Path) -> None:
    other = FreeMeetings(corpora.corpus({"x": [[("alpha", 0, 50)]]}, SPLIT))
    with pytest.raises(EngineError, match="give the corpus that it was drawn from"):
        bench_set.build_free(meetings, other, Sound.CLEAN, SPLIT, tmp_path)


def test_words_are_heard_where_the_reference_says(
    corpus: Corpus, meetings: list[ListedMeeting], tmp_path: Path
) -> None:
    made = FreeMeetings(corpus)
    digests = {bench_set.build_free(meetings, made, Sound.CLEAN, SPLIT, tmp_path) for _ in range(2)}
    assert len(digests) == 1
    sessions = list(bench_set.read(tmp_path, SPLIT))
    assert [s.session_id for s in sessions] == [m.session_id for m in meetings]
    for session, meeting in zip(sessions, meetings, strict=True):
        samples, _ = soundfile.read(session.audio)
        assert len(samples) == 20 * 16_000
        spoken = np.zeros(len(samples), bool)
        for segment in session.reference:
            for start, end in segment["word_times"]:
                spoken[round(start * 16_000) : round(end * 16_000)] = True
        assert np.square(samples[spoken]).mean() > 100 * np.square(samples[~spoken]).mean()
        assert len(session.reference) == len(meeting.turns)


def test_levels_are_those_of_the_list(corpus: Corpus, meetings: list[ListedMeeting]) -> None:
    """Of one turn, 6 dB more are twice the amplitude."""
    meeting = replace(meetings[0], turns=meetings[0].turns[:1])
    louder = replace(
        meeting, people=tuple(replace(p, gain_db=p.gain_db + 6.0206) for p in meeting.people)
    )
    first, second = (
        scene.audio for _, scene in FreeMeetings(corpus).scenes([meeting, louder], Sound.CLEAN)
    )
    turn = slice(meeting.turns[0].start + 800, meeting.turns[0].start + 8000)
    ratio = np.square(second[turn]).mean() / np.square(first[turn]).mean()
    assert ratio == pytest.approx(4.0, rel=0.02)


def test_rooms_add_an_echo_and_noise(corpus: Corpus, meetings: list[ListedMeeting]) -> None:
    echo = np.zeros(12_000, np.float32)
    echo[[0, -1]] = 1.0, 0.5
    banks = {m.value: [Room(m, 0.3, (echo,) * 4)] * bench_list.ROOMS for m in Microphone}
    noise = np.random.default_rng(0).standard_normal(16_000).astype(np.float32)
    made = FreeMeetings(corpus, banks, [noise])
    meeting = replace(meetings[0], turns=meetings[0].turns[:1])
    (_, dry), (_, wet) = (
        next(made.scenes([meeting], sound)) for sound in (Sound.CLEAN, Sound.ROOMS)
    )
    end = dry.turns[0].end
    echoed = slice(end + 2000, end + 8000)
    quiet = slice(end + 13_000, end + 40_000)
    assert np.square(wet.audio[echoed]).mean() > 3 * np.square(wet.audio[quiet]).mean()
    assert np.square(wet.audio[quiet]).mean() > 10 * np.square(dry.audio[quiet]).mean()
    assert [t.start for t in wet.turns] == [t.start for t in dry.turns]


@pytest.mark.parametrize("split", ["dev", "test"])
def test_the_laboratorys_lists_hold_names_and_numbers_only(split: str) -> None:
    meetings = list(bench_list.read(bench_list.of_split(split)))
    assert Counter(m.condition for m in meetings) == dict.fromkeys(CONDITIONS, 60)
    for meeting in meetings:
        assert meeting.duration_s == 60.0
        assert len(meeting.turns) >= 6
    with gzip.open(bench_list.of_split(split), "rt") as lines:
        keys = {key for line in lines for turn in json.loads(line)["turns"] for key in turn}
    assert keys == {"utterance", "first", "last", "start"}


REAL = {
    "dev-0L-000": "5d26cb973c73760166fbc06a309a14105e994b777d9862b3bdbf458f5755542e",
    "dev-20-000": "3fe610d8aa676312400257355d5129ffb5417c42ffdc1b7d6de2bcbc97b71ebe",
}
"""Digests of the lines of two meetings in the built benchmark."""

SAMPLES = [0.0438, 0.0236, 0.0011, -0.0016, -0.0525, -0.0457, 0.0133, 0.0123]
"""Of the first one, every thousandth from 2.5 seconds on."""


def test_a_committed_list_gives_the_same_meetings_again(shared_data: Path, tmp_path: Path) -> None:
    listed = bench_list.read(bench_list.of_split("dev"))
    meetings = [m for m in listed if m.session_id in REAL]
    corpus = load_corpus(_part(shared_data, meetings, tmp_path), tmp_path / "cache")
    bench_set.build_free(meetings, FreeMeetings(corpus), Sound.CLEAN, "dev", tmp_path)
    lines = (tmp_path / "dev.jsonl").read_text().splitlines()
    digests = {json.loads(x)["session_id"]: hashlib.sha256(x.encode()).hexdigest() for x in lines}
    assert digests == REAL
    samples, _ = soundfile.read(tmp_path / "dev-0L-000.flac")
    np.testing.assert_allclose(samples[40_000:48_000:1000], SAMPLES, atol=3e-3)


def _part(data: Path, meetings: list[ListedMeeting], folder: Path) -> Path:
    """A corpus folder of the utterances of some meetings: all of it would take minutes."""
    names = {turn.utterance for meeting in meetings for turn in meeting.turns}
    lines = map(json.loads, (data / "manifest.jsonl").read_text().splitlines())
    entries = [e | {"path": str(data / e["path"])} for e in lines if e["id"] in names]
    (folder / "manifest.jsonl").write_text("\n".join(map(json.dumps, entries)))
    alignments = (data / "alignments.jsonl.gz").read_bytes()
    (folder / "alignments.jsonl.gz").write_bytes(alignments)
    return folder
