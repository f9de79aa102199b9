"""The first minutes with the program: the sample meeting, in a terminal and in the window."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
import soundfile

from app.paths import resource
from app.store import Library, MeetingState
from tests.shipped_model import furnish

ROOT = Path(__file__).resolve().parents[2]
CROSSTALK = Path(sys.executable).with_name("crosstalk")
SAMPLE = resource("sample/meeting.flac")
EXCERPT_S = 20
AHEAD_S = 5.0
"""The first turn of the excerpt is over so long before its end."""
PATIENCE_S = 540

pytestmark = pytest.mark.timeout(PATIENCE_S + 60)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    furnish(tmp_path / "home")
    return tmp_path / "home"


def test_a_terminal_shows_turns_as_they_happen(home: Path, tmp_path: Path) -> None:
    excerpt = tmp_path / "excerpt.flac"
    with soundfile.SoundFile(SAMPLE) as sample:
        frames = sample.read(EXCERPT_S * sample.samplerate, dtype="int16")
        soundfile.write(excerpt, frames, sample.samplerate)
    began = time.monotonic()
    command = [str(CROSSTALK), "transcribe", "--live", str(excerpt)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines = [(time.monotonic(), line) for line in process.stdout]
        assert process.wait(PATIENCE_S) == 0
    ended = time.monotonic()
    assert ended - began > EXCERPT_S
    assert len(lines) > 1
    assert lines[0][0] < ended - AHEAD_S
    assert all("Speaker" in line for _, line in lines)


def test_the_sample_meeting_is_one_click_away(home: Path, tmp_path: Path) -> None:
    seen = tmp_path / "seen.json"
    done = subprocess.run(
        [sys.executable, "-m", "tests.gui.drive_window", "sample", str(seen)],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    shown = json.loads(seen.read_text())
    with Library(home / "library.sqlite") as library:
        (meeting,) = library.meetings()
    assert (meeting.title, meeting.state) == ("Sample meeting", MeetingState.FINISHED)
    assert meeting.turns == len(shown["shown"]) > 1
    assert shown["reopened"] == shown["shown"]
    assert shown["notices"] == []
    recorded, rate = soundfile.read(meeting.recording, dtype="int16")
    played, played_rate = soundfile.read(SAMPLE, frames=len(recorded), dtype="int16")
    assert rate == played_rate
    assert (recorded == played).all()
