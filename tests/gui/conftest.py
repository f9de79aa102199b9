"""The real window, with an engine and a microphone that follow a script."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.audio.devices import InputDevice
from app.session import EngineFactory
from engine.events import TurnEvent
from tests.gui.scripted import events_of_talk
from tests.scripted_engine import ScriptedEngine
from ui.application import build_window
from ui.bridge import Bridge
from ui.devices import Found
from ui.main_window import MainWindow
from ui.theme import Theme

DESK = InputDevice(0, "Desk microphone", 1, 48_000, True, "ALSA")
HEADSET = InputDevice(3, "Headset", 1, 48_000, False, "ALSA")

BOTH = Found((DESK, HEADSET))

OpenWindow = Callable[..., MainWindow]


@pytest.fixture
def theme(qapp: QApplication) -> Theme:
    return Theme(qapp, "light")


@pytest.fixture
def bridge(qapp: QApplication) -> Iterator[Bridge]:
    made = Bridge(qapp)
    yield made
    made.close()


@pytest.fixture
def open_window(qtbot: QtBot, qapp: QApplication, bridge: Bridge) -> Iterator[OpenWindow]:
    """Opens the window with its library; what is still recorded at the end is stopped."""
    windows: list[MainWindow] = []

    def open_(
        script: Sequence[TurnEvent] | None = None,
        found: Found = BOTH,
        engine: EngineFactory | None = None,
    ) -> MainWindow:
        said = events_of_talk() if script is None else script
        window = build_window(qapp, bridge, lambda: engine or (lambda: ScriptedEngine(said)))
        windows.append(window)
        window.show()
        window.desk.open_library()
        window.devices.found = found
        window.devices.changed.emit()
        return window

    yield open_
    for window in windows:
        window.leave()
        qtbot.waitUntil(lambda: not window.recording.busy, timeout=10_000)  # noqa: B023
        window.close()
        window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
