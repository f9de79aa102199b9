"""The program as a whole, in a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from app.store import Library, MeetingState
from engine.audio import read_info

REPOSITORY = Path(__file__).resolve().parents[2]
WAIT_S = 60

SHOW = """
import json, sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from ui.application import run

def look():
    window = next(w for w in QApplication.topLevelWidgets() if w.isVisible())
    if not window.isActiveWindow() and not window.windowHandle().isExposed():
        return
    print(json.dumps(sorted({'torch', 'torchaudio'} & set(sys.modules))), flush=True)
    timer.stop()
    AFTER

app = QApplication(['crosstalk'])
timer = QTimer(interval=50, timeout=look)
timer.start()
sys.exit(run(['crosstalk']))
"""


def start(tmp_path: Path, after: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", SHOW.replace("AFTER", after)],
        cwd=REPOSITORY,
        env={**os.environ, "CROSSTALK_HOME": str(tmp_path), "QT_QPA_PLATFORM": "offscreen"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_the_window_shows_without_torch_and_ends_when_it_is_closed(tmp_path: Path) -> None:
    program = start(tmp_path, "window.close()")
    output, errors = program.communicate(timeout=WAIT_S)
    assert json.loads(output) == []
    assert program.returncode == 0, errors


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no signals of this kind")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_and_a_polite_kill_close_the_window(tmp_path: Path, number: signal.Signals) -> None:
    program = start(tmp_path, "pass")
    assert program.stdout is not None
    assert json.loads(program.stdout.readline()) == []
    program.send_signal(number)
    _, errors = program.communicate(timeout=WAIT_S)
    assert program.returncode == 0, errors


def test_without_a_place_to_write_the_program_says_so_and_ends(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    code = (
        "from PySide6.QtWidgets import QMessageBox\n"
        "QMessageBox.critical = lambda parent, title, text: print(text)\n"
        "import sys; from ui.application import run; sys.exit(run(['crosstalk']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=REPOSITORY,
        env={**os.environ, "CROSSTALK_HOME": str(blocked), "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=WAIT_S,
    )
    assert done.returncode == 2, done.stderr
    assert "cannot be created" in done.stdout


@pytest.mark.parametrize("wait_ms", [0, 1_000])
def test_a_screen_that_goes_ends_the_recording_with_all_that_was_heard(
    tmp_path: Path, wait_ms: int
) -> None:
    gone = f"QTimer.singleShot({wait_ms}, lambda: QApplication.exit(1))"  # what Qt does then
    program = start(tmp_path, f"window.play_sample(); {gone}")
    _, errors = program.communicate(timeout=WAIT_S)
    assert program.returncode == 1, errors
    with Library(tmp_path / "library.sqlite") as library:
        (meeting,) = library.meetings()
    assert meeting.state is MeetingState.FINISHED
    assert meeting.duration_s is not None
    assert read_info(meeting.recording).duration_s == meeting.duration_s > 0.9 * wait_ms / 1_000
