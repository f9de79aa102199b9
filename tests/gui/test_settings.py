"""The settings as a person changes them: at once, for good, and nothing that is not allowed."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox
from pytestqt.qtbot import QtBot

from app import settings as settings_module
from app.files import OutputError
from app.hardware import ComputeFound
from app.paths import data_dir
from app.settings import Settings
from tests.gui.conftest import OpenWindow
from tests.unit.app.model_files import model_file
from ui.main_window import MainWindow
from ui.settings import engine_page
from ui.settings.dialog import SettingsDialog
from ui.settings.form import Choice
from ui.settings.shortcuts import Shortcuts

WAIT_MS = 15_000
CTRL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture(autouse=True)
def no_torch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_page, "found_devices", lambda: ComputeFound(4))


def open_settings(qtbot: QtBot, window: MainWindow) -> SettingsDialog:
    window.actions_.settings.trigger()
    dialog = window.preferences.dialog
    qtbot.waitUntil(dialog.isVisible)
    return dialog


def pick(box: QComboBox, value: object) -> None:
    """Choose with the keyboard, as a person does."""
    place = next(each for each in range(box.count()) if box.itemData(each) == value)
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Home)
    for _ in range(place):
        QTest.keyClick(box, Qt.Key.Key_Down)
    if box.currentIndex() != place:  # Home moved nothing: it was there
        box.setCurrentIndex(place)
    box.activated.emit(place)


def saved() -> Settings:
    return Settings.load()[0]


def idle(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: not window.preferences.chores.busy, timeout=WAIT_MS)


def test_every_page_opens_and_what_is_found_is_told(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window()
    dialog = open_settings(qtbot, window)
    for row, page in enumerate(dialog.pages()):
        dialog.list.setFocus()
        dialog.list.setCurrentRow(row)
        assert dialog.stack.currentWidget() is page
        assert page.isVisible()
    idle(qtbot, window)
    assert "(4 cores)" in dialog.engine.found.text()
    assert dialog.engine.model.count() == 2
    assert "forty" in dialog.engine.about.text()
    assert dialog.privacy.sizes["library"].text() != ""
    assert dialog.models.list.count() == 2
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_a_check_box_is_saved_at_once(qtbot: QtBot, open_window: OpenWindow) -> None:
    page = open_settings(qtbot, open_window()).recording
    box = next(each for each in page.findChildren(type(page.check("keep_awake", "x"))))
    assert saved().record_system_audio is False
    QTest.keyClick(box, Qt.Key.Key_Space)
    assert saved().record_system_audio is True
    QTest.keyClick(box, Qt.Key.Key_Space)
    assert saved().record_system_audio is False


def test_choices_are_saved_and_only_what_is_allowed_is_offered(
    qtbot: QtBot, open_window: OpenWindow
) -> None:
    dialog = open_settings(qtbot, open_window())
    choices = dialog.findChildren(Choice)
    assert len(choices) >= 7
    for box in choices:
        for place in range(box.count()):
            setattr(Settings(), box.property("setting"), box.itemData(place))  # or it would raise
    pick(dialog.appearance.size_, 1.5)
    pick(dialog.engine.device, "cpu")
    assert (saved().font_scale, saved().device) == (1.5, "cpu")
    assert not dialog.recording.keeper.change("font_scale", 9.0)
    assert saved().font_scale == 1.5
    dialog.recording.keeper.change("font_scale", 1.0)


def test_a_value_of_the_file_that_is_not_offered_is_shown(
    qtbot: QtBot, open_window: OpenWindow
) -> None:
    Settings(font_scale=1.33, silence_prompt_min=7, first_run_done=True).save()
    dialog = open_settings(qtbot, open_window())
    assert dialog.appearance.size_.currentText() == "133%"
    texts = [box.currentText() for box in dialog.recording.findChildren(Choice)]
    assert "After 7 minutes" in texts
    dialog.recording.keeper.change("font_scale", 1.0)


def test_text_grows_everywhere_at_once(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window()
    dialog = open_settings(qtbot, window)
    turns, title = window.frame.page.view, window.frame.page.title
    before = [turns.typesetter.em, title.font().pointSizeF(), dialog.font().pointSizeF()]
    pick(dialog.appearance.size_, 2.0)
    after = [turns.typesetter.em, title.font().pointSizeF(), dialog.font().pointSizeF()]
    assert after == pytest.approx([2 * each for each in before], rel=0.06)
    assert dialog.recording.heading.font().bold() or dialog.recording.heading.font().weight() > 500
    pick(dialog.appearance.size_, 1.0)
    again = [turns.typesetter.em, title.font().pointSizeF(), dialog.font().pointSizeF()]
    assert again == pytest.approx(before)


def is_dark(window: MainWindow) -> bool:
    return window.preferences._theme.colours.dark


def test_colours_change_from_both_places(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window()
    dialog = open_settings(qtbot, window)
    pick(dialog.appearance.colours, "dark")
    assert is_dark(window)
    assert window.actions_.themes["dark"].isChecked()
    window.actions_.themes["light"].trigger()
    assert not is_dark(window)
    assert dialog.appearance.colours.currentData() == "light"
    assert saved().theme == "light"


def test_the_microphone_is_the_same_in_both_places(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window()
    dialog = open_settings(qtbot, window)
    pick(dialog.recording.device, "Headset")
    assert window.frame.bar.device.wanted == "Headset"
    assert window.frame.bar.device.currentText() == "Headset"
    pick(window.frame.bar.device, None)
    assert dialog.recording.device.wanted is None
    assert saved().input_device is None


def test_a_failed_save_is_told_and_the_setting_holds(
    qtbot: QtBot, open_window: OpenWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window()
    dialog = open_settings(qtbot, window)

    def full(path: Path, content: bytes) -> None:
        raise OutputError("The disk is full: free some space.")

    monkeypatch.setattr(settings_module, "write_file", full)
    pick(dialog.appearance.colours, "dark")
    assert window.preferences._theme.colours.dark
    assert [notice.text for notice in window.frame.banners.notices()] == [
        "The disk is full: free some space."
    ]


def test_a_really_locked_file_is_told_too(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window()
    dialog = open_settings(qtbot, window)
    (data_dir() / "settings.json").unlink(missing_ok=True)
    (data_dir() / "settings.json").mkdir()
    pick(dialog.appearance.colours, "dark")
    (notice,) = window.frame.banners.notices()
    assert "settings.json is a folder" in notice.text


def press(dialog: SettingsDialog, name: str, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> None:
    field = dialog.shortcuts.fields[name]
    field.setFocus()
    QTest.keyClick(field, key, modifiers)
    QTest.qWait(0)


def wait_for(qtbot: QtBot, dialog: SettingsDialog, name: str, keys: str) -> None:
    held = dialog.shortcuts._shortcuts
    qtbot.waitUntil(lambda: held.keys(name) == QKeySequence(keys))
    assert dialog.shortcuts.fields[name].keys() == QKeySequence(keys)


def test_new_keys_hold_at_once_and_the_next_time(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window()
    dialog = open_settings(qtbot, window)
    press(dialog, "library", Qt.Key.Key_F9, ALT)
    wait_for(qtbot, dialog, "library", "Alt+F9")
    assert saved().shortcuts == {"library": "Alt+F9"}
    dialog.close()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.frame.bar.record.setFocus()
    QTest.keyClick(window, Qt.Key.Key_F9, ALT)
    assert not window.frame.library.isVisible()
    again = open_window()
    assert again.actions_.library.shortcut() == QKeySequence("Alt+F9")


def test_keys_in_use_are_refused_with_a_reason(qtbot: QtBot, open_window: OpenWindow) -> None:
    dialog = open_settings(qtbot, open_window())
    page = dialog.shortcuts
    before = page.fields["about"].keys()
    press(dialog, "about", Qt.Key.Key_R, CTRL)
    assert "“Record”" in page.problem.text()
    assert page.fields["about"].keys() == before
    assert saved().shortcuts == {}
    press(dialog, "about", Qt.Key.Key_A, Qt.KeyboardModifier.NoModifier)
    assert "needed for typing" in page.problem.text()
    press(dialog, "about", Qt.Key.Key_Exclam, SHIFT)
    assert "needed for typing" in page.problem.text()
    press(dialog, "about", Qt.Key.Key_F9, ALT)
    wait_for(qtbot, dialog, "about", "Alt+F9")
    assert page.problem.text() == ""


def test_keys_are_cleared_and_come_back(qtbot: QtBot, open_window: OpenWindow) -> None:
    dialog = open_settings(qtbot, open_window())
    page = dialog.shortcuts
    press(dialog, "record", Qt.Key.Key_Backspace, Qt.KeyboardModifier.NoModifier)
    wait_for(qtbot, dialog, "record", "")
    press(dialog, "about", Qt.Key.Key_R, CTRL)
    wait_for(qtbot, dialog, "about", "Ctrl+R")
    page.resets["record"].click()  # its keys are taken now
    assert "“About Crosstalk”" in page.problem.text()
    page.resets["about"].click()
    page.resets["record"].click()
    wait_for(qtbot, dialog, "record", "Ctrl+R")
    assert saved().shortcuts == {}
    press(dialog, "record", Qt.Key.Key_F9, ALT)
    wait_for(qtbot, dialog, "record", "Alt+F9")
    assert page.all.isEnabled()
    page.all.click()
    wait_for(qtbot, dialog, "record", "Ctrl+R")
    assert saved().shortcuts == {}


def test_tab_leaves_the_field_of_keys(qtbot: QtBot, open_window: OpenWindow) -> None:
    dialog = open_settings(qtbot, open_window())
    dialog.show_page(dialog.shortcuts)
    qtbot.waitUntil(dialog.isActiveWindow)
    field = dialog.shortcuts.fields["record"]
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is not field
    now = QApplication.focusWidget()
    assert now is not None
    QTest.keyClick(now, Qt.Key.Key_Backtab, SHIFT)
    assert QApplication.focusWidget() is field
    assert field.keys() == QKeySequence("Ctrl+R")


def test_a_file_with_clashing_keys_gives_each_to_one_command(open_window: OpenWindow) -> None:
    clash = {"search": "Ctrl+R", "copy": "Ctrl+R", "nonsense": "Ctrl+9", "export": "bad keys"}
    Settings(shortcuts=clash, first_run_done=True).save()
    window = open_window()
    holders = [
        name
        for name, action in window.preferences.shortcuts.actions_.items()
        if QKeySequence("Ctrl+R") in action.shortcuts()
    ]
    assert len(holders) == 1
    assert holders[0] in {"search", "copy"}
    assert isinstance(window.preferences.shortcuts, Shortcuts)


def test_the_folder_is_opened(
    qtbot: QtBot, open_window: OpenWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    dialog = open_settings(qtbot, open_window())
    dialog.privacy.folder.click()
    assert [Path(url.toLocalFile()) for url in opened] == [data_dir()]


def test_a_missing_model_is_shown_as_missing(qtbot: QtBot, open_window: OpenWindow) -> None:
    Settings(model="gone", first_run_done=True).save()
    window = open_window()
    dialog = open_settings(qtbot, window)
    dialog.show_page(dialog.engine)
    idle(qtbot, window)
    assert dialog.engine.model.currentText() == "gone (missing)"
    model_file(data_dir() / "models" / "gone.safetensors")
    dialog.engine.shown()
    idle(qtbot, window)
    assert dialog.engine.model.currentText() == "gone"


def test_the_diagnosis_is_on_the_clipboard(
    qtbot: QtBot, open_window: OpenWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ui.settings import preferences

    monkeypatch.setattr(preferences, "report", lambda: "ok    Version: 1")
    window = open_window()
    window.actions_.diagnosis.trigger()
    idle(qtbot, window)
    assert QApplication.clipboard().text() == "ok    Version: 1"


def test_a_broken_diagnosis_is_told(
    qtbot: QtBot, open_window: OpenWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ui.settings import preferences

    def fail() -> str:
        raise OutputError(f"errno {errno.EIO}")

    monkeypatch.setattr(preferences, "report", fail)
    window = open_window()
    window.actions_.diagnosis.trigger()
    idle(qtbot, window)
    assert [notice.subject for notice in window.frame.banners.notices()] == ["diagnosis"]
