"""Files to transcripts: damaged ones as far as they go, and on the CPU if the GPU fails."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from app.transcription import transcribe_file
from engine.errors import DeviceError, ModelError
from tests.scripted_engine import ScriptedEngine, spoken

RATE = 16_000
SCRIPT = [*spoken(1, 0.1, 0.9, "yes we can"), *spoken(2, 2.5, 2.9, "no")]


@pytest.fixture
def talk(tmp_path: Path) -> Path:
    path = tmp_path / "talk.wav"
    soundfile.write(path, np.full(3 * RATE, 0.1), RATE)
    return path


def ignore(seconds: float) -> None:
    pass


def test_a_file_is_transcribed_and_progress_told(talk: Path) -> None:
    heard_s: list[float] = []
    heard = transcribe_file(talk, lambda: ScriptedEngine(SCRIPT), heard_s.append)
    assert [turn.text for turn in heard.transcript.ordered()] == ["yes we can", "no"]
    assert (heard.complete, heard.message) == (True, "")
    assert heard_s == sorted(heard_s)
    assert heard_s[-1] == 3.0


def test_a_file_that_is_cut_short_is_transcribed_as_far_as_it_goes(talk: Path) -> None:
    content = talk.read_bytes()
    talk.write_bytes(content[: len(content) // 2])
    heard = transcribe_file(talk, lambda: ScriptedEngine(SCRIPT[:5]), ignore)
    assert [turn.text for turn in heard.transcript.ordered()] == ["yes we can"]
    assert not heard.complete
    assert "cut short" in heard.message


def test_when_the_device_fails_half_way_the_next_session_hears_it_again(talk: Path) -> None:
    class OutOfMemory(ScriptedEngine):
        def finish(self) -> None:
            raise DeviceError("out of memory")

    engines: list[ScriptedEngine] = [ScriptedEngine(SCRIPT), OutOfMemory(SCRIPT)]
    heard = transcribe_file(talk, lambda: engines.pop(), ignore)
    assert [turn.text for turn in heard.transcript.ordered()] == ["yes we can", "no"]


def test_an_engine_that_cannot_be_made_is_not_tried_again(talk: Path) -> None:
    tried: list[int] = []

    def broken() -> ScriptedEngine:
        tried.append(1)
        raise ModelError("damaged")

    with pytest.raises(ModelError):
        transcribe_file(talk, broken, ignore)
    assert tried == [1]
