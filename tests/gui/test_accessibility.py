"""Everything can be reached by keyboard, and a screen reader is told what it is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QApplication,
    QLabel,
    QMenu,
    QMenuBar,
    QScrollBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.hardware import ComputeFound
from tests.gui.conftest import OpenWindow
from ui.main_window import MainWindow
from ui.settings import engine_page, welcome

INSIDE = (QScrollBar, QMenu, QMenuBar, QLabel)
"""Parts of controls, and what has its text for a name."""
WITHOUT_A_MEANING = {QAccessible.Role.NoRole, QAccessible.Role.Client, QAccessible.Role.Pane}


@pytest.fixture(autouse=True)
def no_torch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_page, "found_devices", lambda: ComputeFound(4))
    monkeypatch.setattr(welcome, "likely_devices", lambda: ComputeFound(4))


def focusable(root: QWidget) -> Iterator[QWidget]:
    """What the keyboard can reach below a widget, whether it is shown now or not."""
    for each in root.findChildren(QWidget):
        internal = each.objectName().startswith("qt_") or isinstance(each, INSIDE)
        if each.focusPolicy() & Qt.FocusPolicy.TabFocus and not internal and not part_of(each):
            yield each


def part_of(widget: QWidget) -> bool:
    """Whether a control that takes the focus itself, a list or a field, is made with this part."""
    parent = widget.parentWidget()
    proxy = parent is not None and parent.focusProxy() is widget
    composed = parent is not None and parent.inherits("QComboBox")
    spinning = parent is not None and parent.inherits("QAbstractSpinBox")
    calendar = any(each.inherits("QCalendarWidget") for each in ancestors(widget))
    popup = any(each.inherits("QComboBoxPrivateContainer") for each in ancestors(widget))
    return proxy or composed or spinning or calendar or popup


def ancestors(widget: QWidget) -> Iterator[QWidget]:
    while (parent := widget.parentWidget()) is not None:
        yield parent
        widget = parent


def unnamed(root: QWidget) -> list[str]:
    bad = []
    for each in focusable(root):
        interface = QAccessible.queryAccessibleInterface(each)
        assert interface is not None
        name = interface.text(QAccessible.Text.Name).strip()
        if not name or interface.role() in WITHOUT_A_MEANING:
            bad.append(f"{type(each).__name__} {each.objectName()!r}: {name!r} {interface.role()}")
    return bad


def visited(root: QWidget, first: QWidget) -> set[QWidget]:
    """What Tab visits, once around."""
    first.setFocus()
    seen: set[QWidget] = set()
    while (now := QApplication.focusWidget()) is not None and now not in seen:
        seen.add(now)
        QTest.keyClick(now, Qt.Key.Key_Tab)
    return seen


def reachable(root: QWidget) -> set[QWidget]:
    return {
        each.focusProxy() or each
        for each in focusable(root)
        if each.isVisible() and each.isEnabled() and each.window() is root.window()
    }


def idle(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: not window.preferences.chores.busy, timeout=15_000)


def test_every_control_of_the_window_has_a_name_and_a_role(open_window: OpenWindow) -> None:
    assert unnamed(open_window()) == []


def test_every_control_of_the_settings_has_a_name_and_a_role(
    qtbot: QtBot, open_window: OpenWindow
) -> None:
    window = open_window()
    dialog = window.preferences.dialog
    assert unnamed(dialog) == []
    assert len(list(focusable(dialog))) > 60
    assert unnamed(dialog.models.dialog) == []


def test_tab_visits_everything_in_the_window(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    missed = reachable(window) - visited(window, window.frame.bar.record)
    assert [(type(each).__name__, each.accessibleName()) for each in missed] == []


def test_tab_visits_everything_on_the_first_page(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window()
    window.preferences.start()
    idle(qtbot, window)
    guide = window.preferences.welcome
    assert guide is not None
    assert unnamed(guide.page) == []
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    missed = reachable(guide.page) - visited(window, guide.page.record)
    assert [(type(each).__name__, each.accessibleName()) for each in missed] == []


@pytest.mark.parametrize("number", range(6))
def test_tab_visits_everything_on_a_page_of_the_settings(
    qtbot: QtBot, open_window: OpenWindow, number: int
) -> None:
    window = open_window()
    dialog = window.preferences.dialog
    dialog.show_page(dialog.pages()[number])
    idle(qtbot, window)
    qtbot.waitUntil(dialog.isActiveWindow)
    missed = reachable(dialog) - visited(dialog, dialog.list)
    assert [(type(each).__name__, each.accessibleName()) for each in missed] == []


def test_the_label_above_a_setting_is_tied_to_it(open_window: OpenWindow) -> None:
    dialog = open_window().preferences.dialog
    labels = [each for each in dialog.findChildren(QLabel) if each.buddy() is not None]
    assert len(labels) >= 7
    for each in labels:
        buddy = each.buddy()
        assert buddy is not None
        assert buddy.accessibleName() == each.text()


def test_every_setting_tells_a_screen_reader_what_it_means(open_window: OpenWindow) -> None:
    dialog = open_window().preferences.dialog
    for page in (dialog.recording, dialog.engine, dialog.appearance):
        assert isinstance(page, QAbstractScrollArea)
        for field in focusable(page):
            assert field.accessibleDescription().endswith("."), field.accessibleName()


def test_keys_of_every_button_and_menu_are_different_in_a_dialog(open_window: OpenWindow) -> None:
    dialog = open_window().preferences.dialog
    for page in dialog.pages():
        buttons = page.findChildren(type(dialog.close_))
        texts = [button.text() for button in buttons if button.window() is dialog]
        texts.append(dialog.close_.text())
        keys = [text[text.index("&") + 1].lower() for text in texts if "&" in text]
        assert len(keys) == len(set(keys)), keys
