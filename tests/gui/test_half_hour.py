"""A user's half hour, from the welcome page to the next day, with nothing but the real thing.

The real window on a real X server, a real sound server, the shipped models. CROSSTALK_PICTURES
names a folder that keeps a picture of each step.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pysubs2
import pytest
import soundfile

from app.exports import FORMATS
from app.paths import resource
from tests.gui.drive_half_hour import NAME, NOTE, OTHER_MODEL, TYPED
from tests.needs import lacking
from tests.shipped_model import shipped_model
from tests.virtual_room import look_for_microphones, running_room
from tests.virtual_screen import running_screen

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 540
TALK_S, CALL_S = (1.2, 15.6), (15.3, 27.5)
OF_SOUND = ("of sound are missing", "nothing but silence", "of this voice")
"""What may be told where a busy computer plays into a silent room: another test is about that."""

pytestmark = pytest.mark.timeout(2 * PATIENCE_S + 60)


@dataclass(frozen=True)
class Days:
    """What was seen, and the folder of the exports."""

    first: dict[str, Any]
    later: dict[str, Any]
    folder: Path

    def export(self, name: str) -> Path:
        return self.folder / f"Monday-{name}{FORMATS[name].suffix}"


def excerpt(path: Path, from_to_s: tuple[float, float]) -> Path:
    """A part of the sample meeting as a file."""
    with soundfile.SoundFile(resource("sample/meeting.flac")) as sample:
        start, end = (round(each * sample.samplerate) for each in from_to_s)
        sample.seek(start)
        soundfile.write(path, sample.read(end - start, dtype="int16"), sample.samplerate)
    return path


@pytest.fixture(scope="module")
def days(tmp_path_factory: pytest.TempPathFactory) -> Days:
    shipped_model()
    if not resource(f"models/{OTHER_MODEL}.safetensors").is_file():
        lacking(f"needs the shipped model {OTHER_MODEL}")
    folder = tmp_path_factory.mktemp("hour")
    talk = excerpt(folder / "talk.wav", TALK_S)
    call = excerpt(folder / "Call with Bob.flac", CALL_S)
    with running_room(), running_screen() as screen:
        look_for_microphones()
        for command in (("first", talk, call, folder), ("later", folder)):
            done = subprocess.run(
                [sys.executable, "-m", "tests.gui.drive_half_hour", *map(str, command)],
                cwd=ROOT,
                env={**screen, "CROSSTALK_HOME": str(folder / "home")},
                capture_output=True,
                text=True,
                timeout=PATIENCE_S,
                check=False,
            )
            assert done.returncode == 0, done.stderr
    if kept := os.environ.get("CROSSTALK_PICTURES"):
        shutil.copytree(folder, kept, dirs_exist_ok=True)
    seen = [json.loads((folder / f"{day}.json").read_text()) for day in ("first", "later")]
    return Days(seen[0], seen[1], folder)


def test_what_was_recorded_imported_and_corrected_is_there(days: Days) -> None:
    assert days.first["while_recording"] > 0
    assert days.first["while_paused"] == "Paused. Not recording."
    assert days.first["finds"] == "1 of 1"
    assert any(TYPED in hit for hit in days.first["hits"])
    assert days.first["listed"] == ["Monday", "Call with Bob"]
    told = [text for text in days.first["notices"] if not any(each in text for each in OF_SOUND)]
    assert told == []


def test_each_format_was_written_from_the_window(days: Days) -> None:
    assert all(days.export(name).stat().st_size > 0 for name in FORMATS)
    for name in ("txt", "md", "srt", "vtt", "eaf", "textgrid"):
        text = days.export(name).read_text()
        assert TYPED in text, name
    for name in ("txt", "md", "json"):
        assert NOTE in days.export(name).read_text(), name
    assert any(TYPED in line.text for line in pysubs2.load(str(days.export("srt"))))
    turns = json.loads(days.export("json").read_text())["turns"]
    assert turns[0]["speaker"] == NAME
    length = soundfile.info(days.export("wav")).duration
    assert soundfile.info(days.export("flac")).duration == pytest.approx(length, abs=0.01)


def test_the_next_day_everything_is_found(days: Days) -> None:
    assert days.later["listed"] == ["Call with Bob", "Monday"]
    assert days.later["title"] == "Monday"
    assert days.later["shown"] == days.first["shown"]
    assert [note.split("  ")[1] for note in days.later["notes"]] == [NOTE]
    assert days.later["undo"] == "&Undo: transcribing again"
    assert days.later["notices"] == []


def test_what_was_corrected_outlived_the_other_model(days: Days) -> None:
    words = [" ".join(text for text, *_ in row["words"]) for row in days.first["shown"]]
    assert any(TYPED in text for text in words)
    assert words != [" ".join(text for text, *_ in row["words"]) for row in days.first["recorded"]]
    assert "voice" in days.first["voice"]
