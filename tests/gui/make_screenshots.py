"""Draws pictures of the window: ``python -m tests.gui.make_screenshots [FOLDER [NAME...]]``.

Those of the documentation: ``python -m tests.gui.make_screenshots docs/images live``.

The real window plays the sample meeting. With a model installed its words come from the engine;
without one, from the reference of the sample meeting, through the same window.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication, QWidget

from app.audio.devices import InputDevice
from app.audio.sources import FileSource
from app.models import default_model
from app.paths import library_path, recordings_dir, resource
from app.settings import Theme as ThemeChoice
from app.store import Library
from app.transcript import Transcript
from engine.errors import ModelError
from engine.events import Gap, GapReason, TurnEvent
from engine.timeline import to_samples
from tests.gui.scripted import Line, events_of_talk
from tests.scripted_engine import ScriptedEngine
from ui.application import EngineChoice, build_window
from ui.bridge import Bridge
from ui.devices import Found
from ui.live import Live, Told
from ui.main_window import MainWindow

MICROPHONE = InputDevice(0, "Desk microphone", 1, 48_000, True, "ALSA")
SHOWN_S = 36.0
"""How much of the sample meeting has been heard in the picture."""
EARLIER = (
    ("Weekly planning", 1, 3125.0),
    ("Interview with Dr Okafor", 2, 1480.0),
    ("Design review: turn marks", 5, 2710.0),
    ("Choir committee", 9, 4012.0),
)
CUT_OFF = "Design review: turn marks"


def reference() -> list[TurnEvent]:
    """The sample meeting as an engine without faults would tell it."""
    segments = json.loads(resource("sample/meeting.seglst.json").read_text("utf-8"))
    speakers: dict[str, int] = {}
    lines = []
    until = [0.0, 0.0]
    for each in segments:
        speaker = speakers.setdefault(each["speaker"], len(speakers) + 1)
        channel = 0 if each["start_time"] >= until[0] else 1
        until[channel] = each["end_time"]
        length_s = (each["end_time"] - each["start_time"]) / len(each["words"].split())
        lines.append(Line(speaker, each["start_time"], each["words"], channel, length_s))
    return events_of_talk(lines)


def engine() -> EngineChoice | None:
    """None means the installed model."""
    try:
        print(f"words from {default_model()}")
    except ModelError:
        print("no model is installed: words from the reference of the sample meeting")
        return lambda: lambda: ScriptedEngine(reference())
    return None


def fill_library() -> None:
    """Meetings from before, one of them cut off by a crash."""
    transcript = Transcript()
    for event in reference():
        transcript.apply(event)
    with Library(library_path()) as library:
        for title, days, duration_s in EARLIER:
            began = datetime.now(UTC) - timedelta(days=days, hours=2)
            meeting = library.create_meeting(title, recordings_dir() / f"{days}.wav", began)
            library.save_turns(meeting.id, transcript)
            if title != CUT_OFF:
                library.finish_meeting(meeting.id, duration_s)


def wait(app: QApplication, until: Callable[[], bool], seconds: float = 120.0) -> None:
    """Let the window live until something holds."""
    deadline = time.monotonic() + seconds
    while not until():
        if time.monotonic() > deadline:
            raise TimeoutError("the window did not get there")
        app.processEvents()
        time.sleep(0.01)


def make(app: QApplication, theme: ThemeChoice, folder: Path, wanted: list[str]) -> None:
    """The wanted pictures in one theme; all of them if none is named."""
    suffix = "" if theme == "light" else f"-{theme}"
    bridge = Bridge(app)
    window = build_window(app, bridge, engine())
    window.choose_theme(theme)

    def shoot(name: str, shown: QWidget = window) -> None:
        if wanted and name not in wanted:
            return
        settle_until = time.monotonic() + 0.3
        wait(app, lambda: time.monotonic() > settle_until)
        shown.grab().save(str(folder / f"{name}{suffix}.png"))

    window.show()
    window.desk.open_library()
    for name, found in (("no-microphone", Found(())), ("empty", Found((MICROPHONE,)))):
        window.devices.found = found
        window.devices.changed.emit()
        shoot(name)
    window.preferences.start()
    wait(app, lambda: not window.preferences.chores.busy)
    shoot("first-run")
    window.frame.show_advice()
    dialog = window.preferences.dialog
    for name, page in (("settings", dialog.recording), ("models", dialog.models)):
        dialog.show_page(page)
        wait(app, lambda: not window.preferences.chores.busy)
        shoot(name, dialog)
    dialog.close()
    live = record(app, window)
    shoot("live")
    gap = Gap(to_samples(12.0), to_samples(0.4), GapReason.OVERRUN)
    window.recording.take([Told(live, gap)])
    shoot("gap")
    window.leave()
    wait(app, lambda: not window.recording.busy)
    window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    bridge.close()


def record(app: QApplication, window: MainWindow) -> Live:
    """The sample meeting in its middle, with two names given."""
    source = FileSource(resource("sample/meeting.flac"))
    window.recording.begin(lambda: source, "Sample meeting")
    live = window.recording.live
    assert live is not None
    wait(app, lambda: live.run is not None and live.elapsed_s > SHOWN_S / 2)
    for number, name in ((1, "Sarah"), (2, "Robert")):
        window.desk.rename_speaker(number, name)
    wait(app, lambda: live.elapsed_s > SHOWN_S and speaking(live))
    return live


def speaking(live: Live) -> bool:
    """Whether somebody is in the middle of a turn."""
    turns = live.model.transcript.turns.values()
    return any(turn.end is None and len(turn.words) > 3 for turn in turns)


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
            make(app, theme, folder, sys.argv[2:])


if __name__ == "__main__":
    main()
