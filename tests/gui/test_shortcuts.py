"""Keys of commands as they came: each its own, and all of them known to the settings."""

from __future__ import annotations

from collections import Counter

from PySide6.QtGui import QKeySequence

from tests.gui.conftest import OpenWindow


def test_no_two_commands_come_with_the_same_keys(open_window: OpenWindow) -> None:
    actions = open_window().actions_.all()
    keys = Counter(each.toString() for action in actions for each in action.shortcuts())
    assert [each for each, count in keys.items() if count > 1] == []


def test_every_command_can_be_given_other_keys(open_window: OpenWindow) -> None:
    window = open_window()
    known = window.preferences.shortcuts.actions_
    assert set(map(id, window.actions_.all())) <= set(map(id, known.values()))
    assert all(window.preferences.shortcuts.title(name) for name in known)


def test_commands_that_are_held_together_are_found_too(open_window: OpenWindow) -> None:
    shortcuts = open_window().preferences.shortcuts
    assert shortcuts.assign("edits.join", QKeySequence("Alt+F9")) == ""
    assert shortcuts.keys("edits.join") == QKeySequence("Alt+F9")
    assert shortcuts.reset("edits.join") == ""
    assert shortcuts.is_default("edits.join")


def test_a_tooltip_names_the_keys_that_hold(open_window: OpenWindow) -> None:
    window = open_window()
    record = window.frame.bar.record
    assert record.toolTip() == "Start or stop recording (Ctrl+R)"
    window.actions_.record.setShortcut(QKeySequence("F9"))
    assert record.toolTip() == "Start or stop recording (F9)"
    window.actions_.record.setShortcut(QKeySequence())
    assert record.toolTip() == "Start or stop recording"
