"""The benchmark is the same for the same seed, and its references are where its words are."""

from __future__ import annotations

import dataclasses
import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from engine.config import SearchConfig
from engine.data import bench_set
from engine.data.bench_set import BenchSession
from engine.data.corpus import Aligned, Corpus, Utterance
from engine.data.simulation import CONDITIONS
from engine.data.small_world import WORDS
from engine.errors import EngineError
from engine.evaluation.bench import score_bench, score_silence
from engine.evaluation.collect import collect_turns
from engine.evaluation.transcripts import Transcript
from tests.unit.engine import tiny

WORD = 4800
SPOKEN = 6


def corpus(people: int = 5) -> Corpus:
    """Everybody says a few words of the small world, as loud noise between silences."""
    random = np.random.default_rng(0)
    utterances, pieces = [], []
    for person in range(people):
        words = [
            Aligned(WORDS[(person + i) % 40], 2 * i * WORD, (2 * i + 1) * WORD)
            for i in range(SPOKEN)
        ]
        samples = np.zeros(2 * SPOKEN * WORD, np.int16)
        for word in words:
            samples[word.start : word.end] = random.integers(-9000, 9000, WORD)
        name = f"person {person}"
        utterances.append(
            Utterance(
                name,
                "c",
                name,
                "dev",
                None,
                person * len(samples),
                len(samples),
                tuple(words),
                None,
            )
        )
        pieces.append(samples)
    return Corpus(utterances, np.concatenate(pieces))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bench")
    bench_set.build(corpus(), "dev", folder, 2, 20.0, 7)
    return folder


@pytest.fixture(scope="module")
def sessions(folder: Path) -> list[BenchSession]:
    return list(bench_set.read(folder, "dev"))


def test_every_condition_has_its_sessions(sessions: list[BenchSession]) -> None:
    assert Counter(s.condition for s in sessions) == dict.fromkeys(CONDITIONS, 2)
    assert len({s.session_id for s in sessions}) == 12
    for session in sessions:
        assert session.duration_s == 20.0
        assert len(soundfile.read(session.audio)[0]) == 320_000
        assert session.reference
        assert 1 <= len({segment["speaker"] for segment in session.reference}) <= 4


def test_the_words_of_the_reference_are_in_the_audio(sessions: list[BenchSession]) -> None:
    """Inside the times of words it is loud, outside it is not."""
    for session in sessions:
        samples, _ = soundfile.read(session.audio)
        spoken = np.zeros(len(samples), bool)
        for segment in session.reference:
            times = segment["word_times"]
            assert len(times) == len(segment["words"].split())
            assert segment["start_time"] == times[0][0]
            assert segment["end_time"] == times[-1][1]
            for start, end in times:
                assert segment["start_time"] <= start < end <= segment["end_time"]
                spoken[round(start * 16_000) : round(end * 16_000)] = True
        assert np.square(samples[spoken]).mean() > 100 * np.square(samples[~spoken]).mean()


def test_the_same_seed_gives_the_same_benchmark(folder: Path, tmp_path: Path) -> None:
    digests = [
        bench_set.build(corpus(), "dev", tmp_path / str(i), 2, 20.0, seed)
        for i, seed in enumerate((7, 7, 8))
    ]
    assert digests[0] == digests[1] != digests[2]
    assert (tmp_path / "0" / "dev.jsonl").read_text() == (folder / "dev.jsonl").read_text()
    for session in bench_set.read(tmp_path / "0", "dev"):
        expected, _ = soundfile.read(folder / session.audio.name)
        np.testing.assert_array_equal(soundfile.read(session.audio)[0], expected)


def test_more_sessions_leave_those_before_them_alone(folder: Path, tmp_path: Path) -> None:
    bench_set.build(corpus(), "dev", tmp_path, 1, 20.0, 7)
    fewer = (tmp_path / "dev.jsonl").read_text().splitlines()
    assert set(fewer) < set((folder / "dev.jsonl").read_text().splitlines())


@pytest.mark.parametrize(("made", "split"), [(corpus(3), "dev"), (corpus(), "nobody")])
def test_too_few_speakers_are_refused(made: Corpus, split: str, tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="too few speakers"):
        bench_set.build(made, split, tmp_path, 1, 20.0, 7)


def test_a_benchmark_that_was_not_built_says_how(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="crosstalk-lab bench-set --split test"):
        list(bench_set.read(tmp_path, "test"))


def test_a_model_is_scored_session_by_session(sessions: list[BenchSession]) -> None:
    """A model that says nothing misses every word, and says nothing in noise."""
    search = SearchConfig(blank_bias=50.0)
    recognizer = tiny.recognizer(dataclasses.replace(tiny.model_config(), search=search))
    seen: list[float] = []

    def hear(samples: NDArray[np.float32]) -> Transcript:
        return Transcript(tuple(collect_turns(recognizer.transcribe(samples))), 0.0)

    scores = list(score_bench(hear, sessions[:2], lambda seconds, _: seen.append(seconds)))
    assert seen == [20.0, 20.0]
    for score, session in zip(scores, sessions, strict=False):
        words = sum(len(segment["words"].split()) for segment in session.reference)
        assert (score.orc.errors, score.orc.length) == (words, words)
        assert (score.session_id, score.condition) == (session.session_id, session.condition)
    silence = score_silence(hear, [np.zeros(16_000, np.float32)])
    assert set(silence) == {"silence", "hiss", "noise"}
    assert all(words.per_minute == 0.0 for words in silence.values())


def test_reference_lines_are_segments(folder: Path) -> None:
    for line in (folder / "dev.jsonl").read_text().splitlines():
        entry = json.loads(line)
        assert {s["session_id"] for s in entry["reference"]} == {entry["session_id"]}
