"""Read text becomes a corpus folder: right times, made once, the same for the same seed."""

from __future__ import annotations

import json
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.data import spoken_corpus
from engine.data.corpus import load_corpora, load_corpus
from engine.data.corpus_folder import CorpusFolder
from engine.data.speech_text import Line
from engine.data.spoken_corpus import EDGE_S, Plan, Task, read_aloud, speak
from engine.data.synthetic_speakers import VOICES, BaseVoice, SyntheticSpeaker
from engine.errors import EngineError
from engine.timeline import to_samples
from tests.unit.engine import speaking
from tests.unit.engine.speaking import voice

__all__ = ["voice"]  # a fixture

WORDS = ("good", "old", "seven", "nine", "some")
LINES = [Line((word, "people"), f"{word} people.") for word in WORDS]


def plan(seed: int = 7, voices: tuple[BaseVoice, ...] = VOICES[:1]) -> Plan:
    return Plan({"own": LINES, "more": speaking.lines()}, voices, 3, seed)


def folder_in(path: Path) -> CorpusFolder:
    return CorpusFolder(path, "synthetic", "free")


def quiet(hours: float, left_out: int) -> None:
    """Nobody asks how far it is."""


def test_the_plan_hangs_on_the_seed_and_says_every_line_once() -> None:
    ids = [task.id for task in plan()]
    assert ids == [task.id for task in plan()]
    assert ids != [task.id for task in plan(8)]
    assert len(set(ids)) == len(ids) == len(LINES) + len(speaking.TEXTS)


def test_voices_are_drawn_by_their_shares_and_made_into_several_people() -> None:
    lines = [Line((str(n), "x"), f"{n} x") for n in range(2000)]
    tasks = list(Plan({"own": lines}, VOICES, 40, 2))
    share = sum(task.speaker.voice is VOICES[2] for task in tasks) / len(tasks)
    assert share == pytest.approx(VOICES[2].share / sum(v.share for v in VOICES), abs=0.04)
    assert len({t.speaker.id for t in tasks if t.speaker.voice is VOICES[2]}) == 48


def test_the_id_hangs_on_text_voice_and_conversion() -> None:
    tasks = [
        Task(SyntheticSpeaker(voice, version), line)
        for voice in VOICES[:2]
        for version in (1, 2)
        for line in LINES[:2]
    ]
    assert len({task.id for task in tasks}) == 8


def test_what_is_read_is_where_its_times_say(voice: BaseVoice) -> None:
    """Words hold nearly all the energy, an s hisses, and a vowel does not."""
    made = read_aloud(Task(SyntheticSpeaker(voice, 4), speaking.lines()[2]))
    assert made is not None
    assert [word.text for word in made.words] == list(speaking.lines()[2].words)
    assert made.words[0].start <= to_samples(EDGE_S)
    assert len(made.samples) - made.words[-1].end <= to_samples(EDGE_S)
    power = made.samples**2
    inside = sum(float(power[w.start : w.end].sum()) for w in made.words)
    assert inside > 0.97 * float(power.sum()) > 0
    assert made.phones is not None
    changes: dict[str, list[float]] = {"S": [], "AA": [], "AO": [], "IY": [], "EH": []}
    for phone in made.phones:
        piece = made.samples[phone.start : phone.end]
        if phone.text in changes and len(piece) > 300:
            changes[phone.text].append(np.mean(np.signbit(piece[1:]) != np.signbit(piece[:-1])))
    vowels = [c for name, found in changes.items() if name != "S" for c in found]
    assert min(changes["S"]) > 1.5 * float(np.median(vowels))


def test_a_text_that_is_read_otherwise_is_left_out() -> None:
    speaking.can_speak(VOICES[0])
    line = Line(("page", "1812"), "page 1812.")
    assert read_aloud(Task(SyntheticSpeaker(VOICES[0], 1), line)) is None


def manifest(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "manifest.jsonl").read_text().splitlines()]


def test_a_corpus_is_made_once_and_can_be_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    speaking.can_speak(VOICES[0])
    count = speak(plan(), folder_in(tmp_path), 4 / 3600, 1, quiet)
    corpus = load_corpus(tmp_path, tmp_path / "cache")
    assert len(corpus.utterances) == count
    first = manifest(tmp_path)
    assert 4.0 <= sum(e["duration_s"] for e in first) < 12.0
    for utterance in corpus.utterances:
        assert utterance.text == " ".join(word.text for word in utterance.words)
        assert utterance.phones
        assert (utterance.corpus, utterance.split) == ("synthetic", "train")
    spoken: list[str] = []
    monkeypatch.setattr(spoken_corpus, "read_aloud", lambda task: spoken.append(task.id))
    assert speak(plan(), folder_in(tmp_path), 4 / 3600, 1, quiet) == count
    assert manifest(tmp_path) == first
    assert spoken == []


def test_more_hours_go_on_where_the_last_run_ended(tmp_path: Path) -> None:
    speaking.can_speak(VOICES[0])
    speak(plan(), folder_in(tmp_path), 2 / 3600, 1, quiet)
    short = manifest(tmp_path)
    with (tmp_path / "made.jsonl").open("a") as journal:
        journal.write('{"manifest": {"id": "broken')  # killed in the middle of a line
    speak(plan(), folder_in(tmp_path), 5 / 3600, 1, quiet)
    assert manifest(tmp_path)[: len(short)] == short
    assert len(manifest(tmp_path)) > len(short)
    speak(plan(), folder_in(tmp_path), 2 / 3600, 1, quiet)
    assert manifest(tmp_path) == short


def test_several_processes_make_the_same(tmp_path: Path) -> None:
    speaking.can_speak(VOICES[0])
    for workers in (1, 2):
        speak(plan(), folder_in(tmp_path / str(workers)), 3 / 3600, workers, quiet)
    assert manifest(tmp_path / "1") == manifest(tmp_path / "2")
    one, two = (load_corpus(tmp_path / n, tmp_path / n / "cache") for n in ("1", "2"))
    for a, b in zip(one.utterances, two.utterances, strict=True):
        np.testing.assert_array_equal(one.audio(a), two.audio(b))
        assert a == b


def test_it_can_be_loaded_beside_another_corpus(tmp_path: Path) -> None:
    speaking.can_speak(VOICES[0])
    for name, seed in (("a", 1), ("b", 2)):
        speak(plan(seed), folder_in(tmp_path / name), 1 / 3600, 1, quiet)
    both = load_corpora([tmp_path / "a", tmp_path / "b"], tmp_path / "cache")
    assert len(both.utterances) == len(manifest(tmp_path / "a")) + len(manifest(tmp_path / "b"))


def test_texts_left_out_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spoken_corpus, "read_aloud", lambda task: None)
    told: list[tuple[float, int]] = []
    assert speak(plan(), folder_in(tmp_path), 1.0, 1, lambda *what: told.append(what)) == 0
    assert told[-1] == (0.0, len(list(islice(plan(), 1000))))


def test_a_corpus_of_another_kind_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "manifest.jsonl").write_text("{}\n")
    with pytest.raises(EngineError, match="give a folder of its own"):
        folder_in(tmp_path)
    assert (tmp_path / "manifest.jsonl").read_text() == "{}\n"
