"""Uses the program's window as a person does: python -m tests.gui.drive_window ...

    record FILE OUT [--picture PNG]   record the microphone while FILE is played, then stop
    reopen OUT                        open the latest meeting of the library
    sample OUT                        play the sample meeting for a while, then stop

What the window showed is written to OUT as JSON. Runs on its own, because a test's Qt draws into
memory and this one needs a screen.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEventLoop, QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.audio.microphone import CallbackTime, MicrophoneSource
from app.paths import data_dir
from app.store import MeetingState
from engine.events import EngineStatus
from ui.application import run
from ui.live import Phase
from ui.main_window import MainWindow
from ui.rows import TurnRow
from ui.turn_view import TurnView

MICROPHONE = "pulse"
PATIENCE_S = 240.0
LOOK_MS = 100
AHEAD_MS = 2_000
"""How much the player keeps ready, so that a busy computer does not tear what it plays."""
ON_ITS_WAY_MS = 1_000
"""What was played is still in the sound server for a moment."""
PICTURE_AFTER = 0.8
"""Share of the playing time after which a picture is taken."""
SAMPLE_ROWS = 2
HEARING = (EngineStatus.RUNNING, EngineStatus.CATCHING_UP)

Seen = dict[str, Any]
Script = Callable[[MainWindow], Seen]


class Counter:
    """Counts the frames that PortAudio delivers, where it delivers them."""

    def __init__(self) -> None:
        self.frames = 0
        capture = MicrophoneSource._capture

        def count(
            source: MicrophoneSource, data: Any, frames: int, clock: CallbackTime, status: Any
        ) -> None:
            self.frames += frames
            capture(source, data, frames, clock, status)

        MicrophoneSource._capture = count  # type: ignore[assignment, method-assign]


def record(window: MainWindow, played: Path, picture: Path | None) -> Seen:
    """Choose the microphone, record while a file is played, stop, and open the meeting again."""
    choose_microphone(window)
    delivered = Counter()
    click(window.frame.bar.record)
    wait(lambda: window.recording.phase is Phase.RECORDING, "nothing is recorded")
    wait(lambda: engine_status(window) in HEARING, "the engine does not run")
    seen: Seen = {"while_playing": play(window, played, picture)}
    live(ON_ITS_WAY_MS)
    stop(window)
    seen["shown"] = rows(window)
    seen["delivered"] = delivered.frames
    return seen | reopen(window)


def reopen(window: MainWindow) -> Seen:
    """Click on the latest meeting in the library."""
    library = window.frame.library
    wait(lambda: bool(library.meetings()), "the library is empty")
    former = window.desk.current
    click_on_row(library.list, 0)
    wait(lambda: window.desk.current is not former, "no meeting is opened")
    return {"reopened": rows(window)}


def sample(window: MainWindow) -> Seen:
    """Click on the sample meeting, let a few turns appear, and stop."""
    click(window.frame.empty.sample)
    view = window.frame.page.view
    wait(
        lambda: window.recording.live is not None and len(spoken(view)) >= SAMPLE_ROWS,
        "no turns appear",
    )
    stop(window)
    return {"shown": rows(window)} | reopen(window)


def choose_microphone(window: MainWindow) -> None:
    box = window.frame.bar.device
    wait(lambda: box.findData(MICROPHONE) >= 0, "the microphone is not listed")
    box.showPopup()
    live(QApplication.doubleClickInterval())  # or the click counts as part of the opening
    click_on_row(box.view(), box.findData(MICROPHONE))
    wait(lambda: box.wanted == MICROPHONE, "the microphone cannot be chosen")


def play(window: MainWindow, played: Path, picture: Path | None) -> list[list[float]]:
    """What is on the screen while a file is played: seconds since its start, turns, words."""
    length_s = audio_length_s(played)
    view, looks = window.frame.page.view, []
    began = time.monotonic()
    with subprocess.Popen(["paplay", f"--latency-msec={AHEAD_MS}", str(played)]) as player:
        while player.poll() is None:
            live(LOOK_MS)
            since = time.monotonic() - began
            if player.poll() is None:
                turns = spoken(view)
                looks.append([since, len(turns), sum(len(turn.words) for turn in turns)])
            if picture and since > PICTURE_AFTER * length_s:
                picture = None if take(window, picture) else picture
    assert player.returncode == 0, "the file was not played"
    return looks


def take(window: MainWindow, picture: Path) -> bool:
    return window.grab().save(str(picture))


def stop(window: MainWindow) -> None:
    click(window.frame.bar.record)
    wait(lambda: not window.recording.busy, "the meeting does not come to an end")
    newest = window.frame.library.meetings()[0]
    assert newest.state is MeetingState.FINISHED, newest


def rows(window: MainWindow) -> list[Seen]:
    """The turns on the screen, with their words."""
    return [
        {
            "number": turn.number,
            "start": turn.start,
            "end": turn.end,
            "channel": turn.channel,
            "speaker": turn.speaker,
            "words": [[word.text, word.start, word.end] for word in turn.words],
        }
        for turn in spoken(window.frame.page.view)
    ]


def spoken(view: TurnView) -> list[TurnRow]:
    """The rows of the list that show words."""
    count = view.turns().rowCount() if view.model() else 0
    every = (view.turns().row(row) for row in range(count))
    return [row for row in every if isinstance(row, TurnRow) and row.words]


def engine_status(window: MainWindow) -> EngineStatus | None:
    live = window.recording.live
    return live.status if live else None


def audio_length_s(path: Path) -> float:
    from engine.audio import read_info

    return read_info(path).duration_s


def click(widget: QWidget) -> None:
    assert widget.isVisible()
    assert widget.isEnabled()
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def click_on_row(view: Any, row: int) -> None:
    place: QPoint = view.visualRect(view.model().index(row, 0)).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)


def live(milliseconds: int) -> None:
    """Let the window live for a while.

    ``QTest.qWait`` keeps Python's lock for as long as it waits, which starves every other thread of
    the program; an event loop lets go of it.
    """
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def wait(until: Callable[[], bool], complaint: str) -> None:
    """Let the window live until something holds."""
    deadline = time.monotonic() + PATIENCE_S
    while not until():
        assert time.monotonic() < deadline, complaint
        live(LOOK_MS)


def act(script: Script, out: Path) -> None:
    """Follow the script in the one window there is, then close it; a failure ends the program."""
    (window,) = [w for w in QApplication.topLevelWidgets() if isinstance(w, MainWindow)]
    try:
        wait(window.isVisible, "the window does not open")
        seen = script(window)
        seen["home"] = str(data_dir())
        seen["notices"] = [notice.text for notice in window.frame.banners.notices()]
        out.write_text(json.dumps(seen))
    except BaseException:
        traceback.print_exc()
        os._exit(1)  # whatever still records or thinks
    window.close()


def main() -> int:
    """Run the program with somebody who uses it."""
    parser = argparse.ArgumentParser()
    commands = parser.add_subparsers(dest="command", required=True)
    recording = commands.add_parser("record")
    recording.add_argument("played", type=Path)
    recording.add_argument("--picture", type=Path)
    for command in (recording, commands.add_parser("reopen"), commands.add_parser("sample")):
        command.add_argument("out", type=Path)
    chosen = parser.parse_args()
    scripts: dict[str, Script] = {
        "record": lambda window: record(window, chosen.played, chosen.picture),
        "reopen": reopen,
        "sample": sample,
    }
    app = QApplication(sys.argv[:1])
    QTimer.singleShot(0, app, lambda: act(scripts[chosen.command], chosen.out))
    return run(sys.argv[:1])


if __name__ == "__main__":
    sys.exit(main())
