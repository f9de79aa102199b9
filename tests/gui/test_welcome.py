"""The very first start: a page that helps to begin, and never comes again."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.audio.devices import InputDevice
from app.audio.source import Sink
from app.errors import DeviceFailed
from app.hardware import ComputeFound
from app.settings import Settings
from tests.gui.conftest import BOTH, DESK, HEADSET, OpenWindow
from ui.devices import Found
from ui.live import Phase
from ui.main_window import MainWindow
from ui.settings import listening, welcome
from ui.settings.welcome_page import WelcomePage

WAIT_MS = 15_000


class Microphone:
    """Hears a loud sound as soon as it is started; remembers what was done to it."""

    opened: list[str]
    closed: list[str]
    broken = False

    def __init__(self, device: InputDevice) -> None:
        self.name = device.name
        self.rate, self.channels = 16_000, 1

    def start(self, sink: Sink) -> None:
        if self.broken:
            raise DeviceFailed("The microphone could not be opened: close other programs.")
        self.opened.append(self.name)
        loud: NDArray[np.int16] = np.full((1_600, 1), 8_000, np.int16)
        sink(loud)

    def stop(self) -> None:
        self.closed.append(self.name)


@pytest.fixture(autouse=True)
def microphone(monkeypatch: pytest.MonkeyPatch) -> type[Microphone]:
    Microphone.opened, Microphone.closed = [], []
    monkeypatch.setattr(Microphone, "broken", False)
    monkeypatch.setattr(listening, "MicrophoneSource", Microphone)
    monkeypatch.setattr(listening, "find_input", lambda name: HEADSET if name else DESK)
    monkeypatch.setattr(welcome, "likely_devices", lambda: ComputeFound(4))
    return Microphone


def begin(qtbot: QtBot, window: MainWindow) -> WelcomePage:
    window.preferences.start()
    guide = window.preferences.welcome
    assert guide is not None
    assert window.frame.middle.currentWidget() is guide.page
    idle(qtbot, window)
    return guide.page


def idle(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: not window.preferences.chores.busy, timeout=WAIT_MS)


def test_it_says_what_there_is_and_goes_for_good(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window()
    page = begin(qtbot, window)
    assert page.engine.text() == "Ready: the model “small-world”, on the processor."
    assert page.device.currentText() == "System default – Desk microphone"
    assert page.record.hasFocus()
    QTest.keyClick(page.skip, Qt.Key.Key_Space)
    assert window.frame.middle.currentWidget() is window.frame.empty
    assert Settings.load()[0].first_run_done
    again = open_window()
    again.preferences.start()
    assert again.preferences.welcome is None
    assert again.frame.middle.currentWidget() is again.frame.empty


def test_whoever_has_settings_already_is_not_welcomed(open_window: OpenWindow) -> None:
    from app.settings import settings_path

    settings_path().write_text('{"theme": "light"}')  # of a version before there was a welcome
    window = open_window()
    window.preferences.start()
    assert window.preferences.welcome is None


def test_the_level_shows_whether_the_microphone_hears(
    qtbot: QtBot, open_window: OpenWindow, microphone: type[Microphone]
) -> None:
    window = open_window()
    page = begin(qtbot, window)
    assert microphone.opened == []  # nobody is listened to before being asked
    page.try_.click()
    qtbot.waitUntil(lambda: page.meter.held_dbfs > -20, timeout=WAIT_MS)
    assert "Nothing is kept" in page.heard.text()
    page.device.setCurrentIndex(page.device.findData("Headset"))
    page.device.activated.emit(page.device.currentIndex())
    idle(qtbot, window)
    assert microphone.opened == ["Desk microphone", "Headset"]
    assert microphone.closed == ["Desk microphone"]
    assert window.frame.bar.device.wanted == "Headset"
    page.try_.click()
    assert microphone.closed == ["Desk microphone", "Headset"]


def test_a_microphone_that_does_not_open_is_told(
    qtbot: QtBot, open_window: OpenWindow, microphone: type[Microphone]
) -> None:
    window = open_window()
    page = begin(qtbot, window)
    microphone.broken = True
    page.try_.click()
    idle(qtbot, window)
    assert "close other programs" in page.heard.text()
    assert "Try" in page.try_.text()


def test_without_a_microphone_it_says_so(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window(found=Found(()))
    page = begin(qtbot, window)
    assert "No microphone was found" in page.heard.text()
    assert not page.try_.isEnabled()
    assert not page.record.isEnabled()
    window.devices.found = BOTH
    window.devices.changed.emit()
    assert page.record.isEnabled()
    assert "press “Try it”" in page.heard.text()


def test_beginning_with_the_sample_closes_page_and_microphone(
    qtbot: QtBot, open_window: OpenWindow, microphone: type[Microphone]
) -> None:
    window = open_window()
    page = begin(qtbot, window)
    page.try_.click()
    idle(qtbot, window)
    page.sample.click()
    assert microphone.closed == ["Desk microphone"]
    assert Settings.load()[0].first_run_done
    qtbot.waitUntil(lambda: window.recording.phase is Phase.RECORDING, timeout=WAIT_MS)
    assert window.frame.middle.currentWidget() is window.frame.page


def test_opening_a_meeting_closes_the_microphone(
    qtbot: QtBot, open_window: OpenWindow, microphone: type[Microphone]
) -> None:
    window = open_window()
    page = begin(qtbot, window)
    page.try_.click()
    idle(qtbot, window)
    window.frame.show_page()
    assert microphone.closed == ["Desk microphone"]
    assert Settings.load()[0].first_run_done


def test_closing_the_window_closes_the_microphone_too(
    qtbot: QtBot, open_window: OpenWindow, microphone: type[Microphone]
) -> None:
    window = open_window()
    page = begin(qtbot, window)
    page.try_.click()
    window.close()
    idle(qtbot, window)
    assert microphone.closed == microphone.opened
    assert not Settings.load()[0].first_run_done
