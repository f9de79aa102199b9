"""Somebody saved from one meeting is recognised in the next, by the real engine and library."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
import soundfile

from app.import_command import import_files
from app.jobs.engines import engine_choice
from app.paths import library_path, resource
from app.settings import Settings
from app.store import Library
from app.transcript import Transcript, Turn
from engine.timeline import SAMPLE_RATE, to_seconds
from tests.shipped_model import shipped_model

HALF_S = 60.0


@pytest.fixture
def halves(tmp_path: Path) -> list[Path]:
    """The sample meeting as two meetings."""
    samples, _ = soundfile.read(resource("sample/meeting.flac"), dtype="float32")
    cut = round(HALF_S * SAMPLE_RATE)
    paths = [tmp_path / "first.wav", tmp_path / "second.wav"]
    for path, part in zip(paths, (samples[:cut], samples[cut:]), strict=True):
        soundfile.write(path, part, SAMPLE_RATE)
    return paths


def bring_in(path: Path) -> int:
    settings, _ = Settings.load()
    engine = engine_choice(settings, library_path(), "cpu")
    assert import_files(library_path(), [path], None, engine)
    with Library(library_path()) as library:
        return max(meeting.id for meeting in library.meetings())


def speaking(turn: Turn, offset_s: float) -> str:
    """Who speaks most of a turn, by the reference."""
    said: Counter[str] = Counter()
    for segment in json.loads(resource("sample/meeting.seglst.json").read_text()):
        start, end = (segment[f"{which}_time"] - offset_s for which in ("start", "end"))
        shared = min(end, to_seconds(turn.until)) - max(start, to_seconds(turn.start))
        said[segment["speaker"]] += max(0.0, shared)
    return said.most_common(1)[0][0]


def speaker_of(transcript: Transcript, name: str, offset_s: float) -> int:
    numbers = Counter(t.speaker for t in transcript.ordered() if speaking(t, offset_s) == name)
    return numbers.most_common(1)[0][0]


def test_people_of_one_meeting_are_named_in_the_next(halves: list[Path]) -> None:
    agreed = datetime.now(UTC)
    Settings(model=str(shipped_model()), recognise_voices=True, voices_agreed_at=agreed).save()
    first = bring_in(halves[0])
    with Library(library_path()) as library:
        transcript = library.load(first)
        for name in ("Sarah", "Robert"):
            library.voices.enrol(first, speaker_of(transcript, name, 0.0), name, agreed)
    second = bring_in(halves[1])
    with Library(library_path()) as library:
        transcript = library.load(second)
        model = library.voices.latest_model()
    named = [turn for turn in transcript.ordered() if transcript.speakers[turn.speaker].recognised]
    assert model is not None
    right = [transcript.speaker_name(turn).rstrip("?") == speaking(turn, HALF_S) for turn in named]
    assert {transcript.speaker_name(turn).rstrip("?") for turn in named} == {"Sarah", "Robert"}
    assert np.mean(right) >= 0.9


def test_without_agreement_no_voice_is_in_the_library(halves: list[Path]) -> None:
    Settings(model=str(shipped_model()), recognise_voices=True).save()
    first = bring_in(halves[0])
    with Library(library_path()) as library:
        assert library.load(first).turns
        assert library.voices.of_turns(first) == {}
        tables = ("turn_voices", "people", "voices")
        counts = [library._database.execute(f"SELECT count(*) FROM {t}").fetchone() for t in tables]
    assert counts == [(0,)] * 3
