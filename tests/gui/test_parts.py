from __future__ import annotations

import logging
import threading
from importlib.metadata import version

import pytest
from PySide6.QtCore import QPoint, QTimer
from PySide6.QtWidgets import QApplication, QDialog, QLabel
from pytestqt.qtbot import QtBot

from app.audio import devices as audio_devices
from app.audio.devices import InputDevice
from app.paths import log_path
from tests.gui.conftest import DESK, OpenWindow
from ui.application import log_to_file
from ui.banner import Banner, Banners
from ui.bridge import Bridge
from ui.devices import Devices, Found
from ui.help_dialogs import ShortcutsDialog
from ui.level_meter import LOWEST_DBFS, LevelMeter
from ui.main_window import LEAST_SIZE
from ui.mishaps import Mishaps
from ui.notices import Notice, failure, warning
from ui.text import brief, hint
from ui.theme import Theme


def test_the_meter_holds_the_peak_while_the_bar_falls(qtbot: QtBot, theme: Theme) -> None:
    meter = LevelMeter(theme)
    qtbot.addWidget(meter)
    meter.show()
    meter.show_level(-6.0, -12.0)
    meter.show_level(-40.0, -45.0)
    qtbot.waitUntil(lambda: meter.shown_dbfs < -15.0)
    assert meter.held_dbfs == -6.0
    meter.reset()
    qtbot.waitUntil(lambda: meter.held_dbfs == meter.shown_dbfs == LOWEST_DBFS)


def test_a_newer_notice_takes_the_place_of_an_older_one(qtbot: QtBot, theme: Theme) -> None:
    banners = Banners(theme)
    qtbot.addWidget(banners)
    for notice in (warning("gap", "one"), failure("engine", "two"), warning("gap", "three")):
        banners.show_notice(notice)
    assert [notice.text for notice in banners.notices()] == ["two", "three"]
    banners.show_notice(warning("engine", ""))
    assert [notice.text for notice in banners.notices()] == ["two", "three"]  # a failure stays
    banners.show_notice(warning("gap", ""))
    banners.remove("engine")
    assert banners.notices() == []
    assert banners.isHidden()


@pytest.mark.expected_log("unexpected")
def test_an_exception_in_a_slot_is_shown_and_logged(qtbot: QtBot, bridge: Bridge) -> None:
    shown: list[Notice] = []
    handler = log_to_file()
    with Mishaps(bridge, shown.append):
        QTimer.singleShot(0, lambda: 1 / 0)
        qtbot.waitUntil(lambda: bool(shown))
    _close(handler)
    assert "ZeroDivisionError: division by zero" in shown[0].text
    assert "ZeroDivisionError" in log_path().read_text()


@pytest.mark.expected_log("unexpected")
def test_an_exception_in_a_thread_is_shown_and_logged(qtbot: QtBot, bridge: Bridge) -> None:
    shown: list[Notice] = []
    handler = log_to_file()
    with Mishaps(bridge, shown.append):
        bridge.run("work", lambda: [][1]).join()
        qtbot.waitUntil(lambda: bool(shown))
    _close(handler)
    assert "IndexError" in shown[0].text
    assert "IndexError" in log_path().read_text()


class Machine:
    """Microphones that come and go; looking for them can be made to wait."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.connected: list[InputDevice] = []
        self.recording = False
        self.looked = 0
        self.gate = threading.Event()
        self.gate.set()
        monkeypatch.setattr(audio_devices, "refresh", self._refresh)
        monkeypatch.setattr(audio_devices, "input_devices", self._list)

    def _refresh(self) -> bool:
        return not self.recording

    def _list(self) -> list[InputDevice]:
        self.looked += 1
        self.gate.wait()
        return list(self.connected)


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    return Machine(monkeypatch)


def test_microphones_are_looked_for_elsewhere(
    qtbot: QtBot, bridge: Bridge, machine: Machine
) -> None:
    devices = Devices(bridge)
    machine.gate.clear()
    found: list[Found | None] = []
    devices.changed.connect(lambda: found.append(devices.found))
    devices.look_again()
    qtbot.waitUntil(lambda: machine.looked == 1)
    assert found == []
    machine.connected = [DESK]
    machine.gate.set()
    qtbot.waitUntil(lambda: found == [Found((DESK,))])


def test_a_change_while_looking_is_not_missed(
    qtbot: QtBot, bridge: Bridge, machine: Machine
) -> None:
    devices = Devices(bridge)
    machine.gate.clear()
    for _ in range(3):
        devices.look_again()
    machine.gate.set()
    qtbot.waitUntil(lambda: machine.looked == 2)
    qtbot.wait(50)
    assert machine.looked == 2


def test_while_recording_looking_has_to_wait(
    qtbot: QtBot, bridge: Bridge, machine: Machine
) -> None:
    devices = Devices(bridge)
    machine.recording = True
    devices.look_again()
    qtbot.wait(100)
    assert machine.looked == 0
    machine.recording = False
    devices.resume()
    qtbot.waitUntil(lambda: devices.found is not None)
    assert machine.looked == 1


def test_a_broken_sound_system_is_told_in_words(
    qtbot: QtBot, bridge: Bridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> list[InputDevice]:
        raise RuntimeError("PortAudio is missing")

    monkeypatch.setattr(audio_devices, "refresh", lambda: True)
    monkeypatch.setattr(audio_devices, "input_devices", fail)
    devices = Devices(bridge)
    devices.look_again()
    qtbot.waitUntil(lambda: devices.found is not None)
    assert devices.found is not None
    assert devices.found.problem == "PortAudio is missing"


def _close(handler: logging.Handler) -> None:
    logging.getLogger().removeHandler(handler)
    handler.close()


def test_many_notices_scroll_and_leave_room(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window()
    window.resize(*LEAST_SIZE)
    banners = window.frame.banners
    for number in range(6):
        banners.show_notice(warning(f"{number}", "Something is as it should not be. " * 4))
    QApplication.processEvents()
    assert banners.height() <= LEAST_SIZE[1] // 2
    for banner in banners.findChildren(Banner):
        assert banner.height() >= banner.heightForWidth(banner.width())
        assert banner.dismiss.height() >= banner.dismiss.minimumSizeHint().height()
    newest = banners.findChildren(Banner)[-1]
    top = newest.mapTo(banners, QPoint()).y()
    assert 0 <= top <= banners.height() - newest.height()
    for number in range(5):
        banners.remove(f"{number}")
    qtbot.waitUntil(lambda: banners.height() == newest.height())


def test_shortcuts_fit_on_a_small_screen(open_window: OpenWindow) -> None:
    window = open_window()
    window.actions_.shortcuts.trigger()
    (dialog,) = window.findChildren(ShortcutsDialog)
    assert dialog.isVisible()
    assert dialog.height() < 600
    assert dialog.area.viewport().width() >= dialog.table.sizeHint().width()
    assert all(keys in dialog.table.text() for _, keys in window.actions_.shortcut_lines())
    dialog.close()


def test_about_says_which_version_it_is(open_window: OpenWindow) -> None:
    window = open_window()
    window.actions_.about.trigger()
    (dialog,) = [each for each in window.findChildren(QDialog) if each.isVisible()]
    assert any(version("crosstalk") in each.text() for each in dialog.findChildren(QLabel))
    dialog.close()


def test_a_long_name_is_cut_and_none_is_read_as_markup() -> None:
    assert brief("Ada") == "Ada"
    assert brief(" a \n b ") == "a b"
    assert len(brief("x y " * 2_500)) <= 40
    assert brief("x y " * 2_500).endswith("…")
    assert hint("<b>Ada</b>") == "<p>&lt;b&gt;Ada&lt;/b&gt;</p>"
    assert len(hint("word " * 2_500)) < 500
