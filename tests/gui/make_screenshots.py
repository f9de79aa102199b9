"""Draws the pictures of the documentation: ``python -m tests.gui.make_screenshots FOLDER``.

The window is the real one; what is said comes from a script (:mod:`tests.gui.scripted`).
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from app.audio.devices import InputDevice
from app.paths import library_path, recordings_dir
from app.settings import Theme as ThemeChoice
from app.store import Library
from app.transcript import Transcript
from tests.gui.scripted import TALK, ScriptedSource, events_of_talk
from tests.scripted_engine import ScriptedEngine
from ui.application import build_window
from ui.bridge import Bridge
from ui.devices import Found
from ui.live import Phase
from ui.main_window import MainWindow
from ui.notices import failure, warning

MICROPHONE = InputDevice(0, "Desk microphone", 1, 48_000, True, "ALSA")
HEARD_S = 25.0
EARLIER = (
    ("Weekly planning", 1, 3125.0),
    ("Interview with Dr Okafor", 2, 1480.0),
    ("Design review: turn marks", 5, 2710.0),
    ("Choir committee", 9, 4012.0),
)


def fill_library() -> None:
    """Meetings from before, one of them cut off by a crash."""
    with Library(library_path()) as library:
        for title, days, duration_s in EARLIER:
            began = datetime.now(UTC) - timedelta(days=days, hours=2)
            path = recordings_dir() / f"{days}.wav"
            meeting = library.create_meeting(title, path, began)
            transcript = Transcript()
            for event in events_of_talk():
                transcript.apply(event)
            library.save_turns(meeting.id, transcript)
            if days != 5:
                library.finish_meeting(meeting.id, duration_s)


def wait(app: QApplication, until: Callable[[], bool], seconds: float = 20.0) -> None:
    """Let the window live until something holds."""
    deadline = time.monotonic() + seconds
    while not until():
        if time.monotonic() > deadline:
            raise TimeoutError("the window did not get there")
        app.processEvents()
        time.sleep(0.01)


def settle(app: QApplication) -> None:
    """Let everything be drawn."""
    for _ in range(20):
        app.processEvents()
        time.sleep(0.01)


def make(app: QApplication, theme: ThemeChoice, folder: Path) -> None:
    """All pictures in one theme."""
    suffix = "" if theme == "light" else f"-{theme}"
    bridge = Bridge(app)
    window = build_window(app, bridge, lambda: lambda: ScriptedEngine(events_of_talk()))
    window.choose_theme(theme)

    def shoot(name: str) -> None:
        settle(app)
        window.grab().save(str(folder / f"{name}{suffix}.png"))

    window.show()
    window.desk.open_library()
    window.devices.found = Found(())
    window.devices.changed.emit()
    shoot("no-microphone")
    window.devices.found = Found((MICROPHONE,))
    window.devices.changed.emit()
    shoot("empty")
    record(app, window)
    shoot("live")
    window.show_notice(warning("gap", "0.4 s of sound are missing at 0:12.0."))
    window.show_notice(failure("engine", "The speech engine failed. The sound is recorded."))
    shoot("banners")
    window.recording.stop()
    wait(app, lambda: not window.recording.busy)
    shoot("finished")
    window.close()
    bridge.close()


def record(app: QApplication, window: MainWindow) -> None:
    """A meeting in its middle, with two names given."""
    recording = window.recording
    recording.begin(lambda: ScriptedSource(HEARD_S), "Budget and hiring")
    wait(app, lambda: recording.phase is Phase.RECORDING)
    wait(app, lambda: window.frame.page.view.turns().rowCount() == len(TALK))
    for number, name in ((1, "Amara"), (2, "Jonas")):
        window.desk.rename_speaker(number, name)
    window.frame.bar.meter.show_level(-14.0, -20.0)


def main() -> None:
    """Draw light and dark."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "docs/images")
    folder.mkdir(parents=True, exist_ok=True)
    app = QApplication(sys.argv)
    themes: tuple[ThemeChoice, ...] = ("light", "dark")
    for theme in themes:
        with tempfile.TemporaryDirectory() as home:
            os.environ["CROSSTALK_HOME"] = home
            fill_library()
            make(app, theme, folder)


if __name__ == "__main__":
    main()
