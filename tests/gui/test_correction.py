"""A person corrects a meeting in the window, by mouse and by keyboard, and takes it back."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QMenu, QWidget
from pytestqt.qtbot import QtBot

from app.corrections import Edit, EditRefused, Patch
from app.corrections.again import TranscribeAgain
from app.paths import library_path
from app.store import Library, StoreError
from app.store_corrections import Corrections
from app.transcript import Transcript
from engine.timeline import to_samples
from tests.gui.conftest import OpenWindow
from tests.gui.scripted import TALK
from tests.gui.test_window import earlier_meeting, start, stop, turns
from tests.unit.app.test_corrections import edits, talk
from ui.correction.word_editor import WordEditor
from ui.live import Phase
from ui.main_window import MainWindow
from ui.models import TurnListModel
from ui.rows import Row, TurnRow

Key = Qt.Key
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
ALT, PLAIN = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.NoModifier


def opened(qtbot: QtBot, open_window: OpenWindow) -> MainWindow:
    """A window with an earlier meeting, its first turn selected."""
    number = earlier_meeting()
    window = open_window()
    window.activateWindow()
    window.desk.open(number)
    select(window, 0)
    qtbot.waitUntil(lambda: window.frame.page.view.hasFocus())
    return window


def select(window: MainWindow, *rows: int) -> None:
    view = window.frame.page.view
    view.setFocus()
    view.selectionModel().clear()
    for row in rows:
        flag = view.selectionModel().SelectionFlag.Select
        view.selectionModel().setCurrentIndex(view.turns().index(row, 0), flag)


def press(
    qtbot: QtBot, widget: QWidget, key: Qt.Key, modifiers: Qt.KeyboardModifier = PLAIN
) -> None:
    qtbot.keyClick(widget, key, modifiers)  # type: ignore[no-untyped-call]


def saved(window: MainWindow) -> Transcript:
    assert window.desk.current is not None
    with Library(library_path()) as library:
        return library.load(window.desk.current.summary.id)


def said(row: TurnRow) -> str:
    return " ".join(word.shown for word in row.words)


def editor(qtbot: QtBot, window: MainWindow) -> WordEditor:
    """The open editor, with the keyboard."""
    words = window.commands.words
    qtbot.waitUntil(lambda: words.editor is not None and words.editor.field.hasFocus())
    assert words.editor is not None
    return words.editor


def closed(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: window.commands.words.editor is None)


def choose(menu: QMenu, text: str) -> None:
    (action,) = [each for each in menu.actions() if each.text().endswith(text)]
    action.trigger()


@pytest.mark.parametrize("key", [Key.Key_F2, Key.Key_Return, Key.Key_Enter])
def test_words_are_edited_in_place(qtbot: QtBot, open_window: OpenWindow, key: Qt.Key) -> None:
    window = opened(qtbot, open_window)
    before = turns(window)[0].words
    press(qtbot, window.frame.page.view, key)
    field = editor(qtbot, window).field
    assert field.toPlainText() == TALK[0].text
    field.setPlainText("Good morning, everyone. Shall we begin")
    press(qtbot, field, Key.Key_Return, SHIFT)
    assert "\n" not in field.toPlainText()
    press(qtbot, field, Key.Key_Return)
    closed(qtbot, window)
    row = turns(window)[0]
    assert said(row) == "Good morning, everyone. Shall we begin"
    assert row.words[:2] == saved(window).turns[1].words[:2]
    assert [w.start for w in row.words] == [w.start for w in before[:6]]
    assert window.frame.page.view.hasFocus()
    assert window.frame.page.view.currentIndex().row() == 0


def test_the_editor_covers_no_other_row(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = opened(qtbot, open_window)
    view = window.frame.page.view

    def row_area(row: int) -> QRect:
        return view.visualRect(view.turns().index(row, 0))

    before = [row_area(row) for row in range(4)]
    select(window, 1)
    window.commands.words.open()
    for text in ("short", "a long text " * 30):
        field = editor(qtbot, window)
        field.field.setPlainText(text)
        words = view.typesetter.place(view.turns().row(1), row_area(1)).words
        assert row_area(1).contains(field.geometry().adjusted(8, 0, -8, 0))
        assert abs(field.geometry().top() - words.top()) <= 4
        assert not any(field.geometry().intersects(row_area(row)) for row in (0, 2, 3))
    window.commands.words.close()
    assert [row_area(row) for row in range(4)] == before


def test_escape_leaves_the_words(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = opened(qtbot, open_window)
    press(qtbot, window.frame.page.view, Key.Key_F2)
    field = editor(qtbot, window).field
    field.setPlainText("nonsense")
    press(qtbot, field, Key.Key_Escape)
    closed(qtbot, window)
    assert said(turns(window)[0]) == TALK[0].text
    assert not window.actions_.undo.isEnabled()


def test_a_double_click_edits_and_a_click_elsewhere_saves(
    qtbot: QtBot, open_window: OpenWindow
) -> None:
    window = opened(qtbot, open_window)
    view = window.frame.page.view
    place = view.typesetter.place(turns(window)[1], view.visualRect(view.turns().index(1, 0)))
    point = place.words.topLeft() + QPoint(20, 8)
    left = Qt.MouseButton.LeftButton
    qtbot.mouseClick(view.viewport(), left, pos=point)  # type: ignore[no-untyped-call]
    qtbot.mouseDClick(view.viewport(), left, pos=point)  # type: ignore[no-untyped-call]
    field = editor(qtbot, window).field
    field.setPlainText("Yes")
    bar = window.frame.library.search
    qtbot.mouseClick(bar, left)  # type: ignore[no-untyped-call]
    closed(qtbot, window)
    assert said(turns(window)[1]) == "Yes"


def test_no_words_delete_the_turn_and_undo_brings_it_back(
    qtbot: QtBot, open_window: OpenWindow
) -> None:
    window = opened(qtbot, open_window)
    press(qtbot, window.frame.page.view, Key.Key_F2)
    field = editor(qtbot, window).field
    field.setPlainText("  ")
    press(qtbot, field, Key.Key_Return)
    closed(qtbot, window)
    assert len(turns(window)) == len(TALK) - 1
    assert window.actions_.undo.text() == "&Undo: deleting turns"
    press(qtbot, window, Key.Key_Z, CONTROL)
    assert [said(row) for row in turns(window)] == [line.text for line in TALK]


def test_what_cannot_be_saved_stays_in_the_editor(
    qtbot: QtBot, open_window: OpenWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = opened(qtbot, open_window)
    press(qtbot, window.frame.page.view, Key.Key_F2)
    field = editor(qtbot, window).field
    field.setPlainText("typed at length")

    def refuse(*args: object) -> None:
        raise StoreError("The disk is full: free some space and try again.")

    with monkeypatch.context() as patch:
        patch.setattr(Corrections, "make", refuse)
        press(qtbot, field, Key.Key_Return)
        qtbot.waitUntil(lambda: bool(window.frame.banners.notices()))
    assert field.toPlainText() == "typed at length"
    assert "disk is full" in window.frame.banners.notices()[0].text
    press(qtbot, field, Key.Key_Return)
    closed(qtbot, window)
    assert not window.frame.banners.notices()
    assert said(turns(window)[0]) == "typed at length"


def test_control_enter_splits_at_the_cursor(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = opened(qtbot, open_window)
    press(qtbot, window.frame.page.view, Key.Key_S, CONTROL | SHIFT)
    field = editor(qtbot, window).field
    field.setPlainText("💬 Good morning everybody shall we begin with the budget")
    cursor = field.textCursor()
    cursor.setPosition(len("💬_ Good morning "))  # Qt counts the first sign twice
    field.setTextCursor(cursor)
    press(qtbot, field, Key.Key_Return, CONTROL)
    closed(qtbot, window)
    assert [said(row) for row in turns(window)][:2] == [
        "💬 Good morning",
        "everybody shall we begin with the budget",
    ]
    select(window, 0)
    press(qtbot, window.frame.page.view, Key.Key_J, CONTROL)
    assert len(turns(window)) == len(TALK)
    for _ in range(3):
        press(qtbot, window, Key.Key_Z, CONTROL)
    assert said(turns(window)[0]) == TALK[0].text
    assert not window.actions_.undo.isEnabled()
    for _ in range(3):
        press(qtbot, window, Key.Key_Z, CONTROL | SHIFT)
    assert said(turns(window)[0]).startswith("💬")
    assert len(turns(window)) == len(TALK)


def test_several_turns_go_to_a_new_person_as_one_edit(
    qtbot: QtBot, open_window: OpenWindow
) -> None:
    window = opened(qtbot, open_window)
    before = [row.speaker for row in turns(window)]
    select(window, 0, 1)
    assert not window.actions_.edits.join.isEnabled()
    choose(window.commands.people_menu(), "New person")
    assert [row.speaker for row in turns(window)][:2] == [4, 4]
    field = window.frame.page.view.findChild(QLineEdit, "inlineEdit")
    assert isinstance(field, QLineEdit)  # the name can be typed at once
    field.setText("אדה ../\\ 💬 " + "x" * 10_000)
    press(qtbot, field, Key.Key_Return)
    qtbot.waitUntil(lambda: (turns(window)[0].name or "").startswith("אדה ../\\ 💬 xxx"))
    assert saved(window).speakers[4].name == turns(window)[0].name
    menu = window.commands.merge_menu()
    assert max(len(action.text()) for action in menu.actions()) < 60
    window.corrector.undo()
    window.corrector.undo()
    assert [row.speaker for row in turns(window)] == before


def test_people_are_merged_and_all_turns_of_one_go_to_another(
    qtbot: QtBot, open_window: OpenWindow
) -> None:
    window = opened(qtbot, open_window)
    choose(window.commands.merge_menu(), "Speaker 2")
    assert {row.speaker for row in turns(window)} == {2, 3}
    assert window.frame.page.meta.text().endswith("2 speakers")
    choose(window.commands.everything_menu(), "Speaker 3")
    assert {row.speaker for row in turns(window)} == {3}
    press(qtbot, window, Key.Key_Z, CONTROL)
    press(qtbot, window, Key.Key_Z, CONTROL)
    assert window.frame.page.meta.text().endswith("3 speakers")


def test_the_keyboard_has_the_menus_too(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = opened(qtbot, open_window)
    view = window.frame.page.view
    press(qtbot, view, Key.Key_G, CONTROL)
    (menu,) = [each for each in view.findChildren(QMenu) if each.isVisible()]
    press(qtbot, menu, Key.Key_3)
    assert turns(window)[0].speaker == 3


def test_bounds_are_moved_by_keys_and_typed(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = opened(qtbot, open_window)
    view = window.frame.page.view
    first = turns(window)[0]
    press(qtbot, view, Key.Key_Left, ALT)
    press(qtbot, view, Key.Key_Right, ALT | SHIFT)
    assert turns(window)[0].start == first.start - 1_600
    assert turns(window)[0].end == first.until + 1_600
    dialog = window.commands.ask_times()
    assert dialog is not None
    for wrong in ("soon", "0:00.1"):
        dialog.end.setText(wrong)
        press(qtbot, dialog.end, Key.Key_Return)
        assert dialog.isVisible()
    dialog.end.setText("0:20,5")
    press(qtbot, dialog.end, Key.Key_Return)
    assert turns(window)[0].end == to_samples(20.5)
    assert turns(window)[0].start == first.start - 1_600
    dialog = window.commands.ask_times()
    assert dialog is not None
    dialog.start.setText("0:10")
    press(qtbot, dialog.start, Key.Key_Return)
    moved = next(row for row in turns(window) if row.number == 1)
    assert moved.start == to_samples(10)
    assert turns(window)[0].number != 1  # the list is in the order of starts
    assert view.turns().turn_row(view.currentIndex()) is not None


def test_turns_are_deleted_by_key(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = opened(qtbot, open_window)
    select(window, 1, 2)
    press(qtbot, window.frame.page.view, Key.Key_Delete)
    assert len(turns(window)) == len(TALK) - 2
    assert window.frame.bar.status.text() == "Turns deleted: 2. Undo brings them back"
    press(qtbot, window, Key.Key_Z, CONTROL)
    assert len(turns(window)) == len(TALK)


def test_undo_works_after_the_program_was_closed(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = opened(qtbot, open_window)
    window.commands.rename(1, "Ada")
    number = window.desk.current.summary.id if window.desk.current else 0
    window.close()
    again = open_window()
    again.activateWindow()
    again.desk.open(number)
    qtbot.waitUntil(again.isActiveWindow)
    assert turns(again)[0].name == "Ada"
    assert again.actions_.undo.text() == "&Undo: name of a person"
    press(qtbot, again, Key.Key_Z, CONTROL)
    assert turns(again)[0].name is None
    assert again.actions_.redo.text() == "&Redo: name of a person"


def test_undo_is_for_what_was_done_last(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = opened(qtbot, open_window)
    other = earlier_meeting("Another")
    window.desk.list_meetings()
    window.commands.rename(1, "Ada")
    kept = window.desk.current.summary.id if window.desk.current else 0
    window.librarian.delete(other)
    assert window.actions_.undo.text() == "&Undo deleting the meeting"
    press(qtbot, window, Key.Key_Z, CONTROL)
    assert window.desk.current is not None
    assert window.desk.current.summary.id == other
    window.desk.open(kept)
    assert window.actions_.undo.text() == "&Undo: name of a person"
    window.librarian.delete(other)
    window.commands.rename(1, "Grace")
    press(qtbot, window, Key.Key_Z, CONTROL)
    assert turns(window)[0].name == "Ada"


def test_the_right_click_offers_to_split_at_the_word(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = opened(qtbot, open_window)
    view = window.frame.page.view
    row, area = turns(window)[0], view.visualRect(view.currentIndex())
    menu = view.context_menu(view.typesetter.word_box(row, area, 2).center())
    choose(menu, "Split before “everybody”")
    assert said(turns(window)[0]) == "good morning"
    menu.deleteLater()


def test_a_meeting_is_corrected_while_it_is_recorded(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window()
    start(qtbot, window)
    qtbot.waitUntil(lambda: len(turns(window)) == len(TALK), timeout=15_000)
    select(window, 0)
    press(qtbot, window.frame.page.view, Key.Key_F2)
    field = editor(qtbot, window).field
    field.setPlainText("Good evening")
    press(qtbot, field, Key.Key_Return)
    closed(qtbot, window)
    window.commands.rename(1, "Ada")
    choose(window.commands.people_menu(), "Speaker 2")
    press(qtbot, window, Key.Key_Z, CONTROL)
    assert window.recording.phase is Phase.RECORDING
    assert (said(turns(window)[0]), turns(window)[0].name) == ("Good evening", "Ada")
    stop(qtbot, window)
    assert saved(window).turns[1].text == "Good evening"
    assert saved(window).speakers[1].name == "Ada"
    assert saved(window).turns == window.frame.page.view.turns().transcript.turns
    press(qtbot, window, Key.Key_Z, CONTROL)
    assert turns(window)[0].name is None


def test_typed_words_outlive_another_meeting(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = opened(qtbot, open_window)
    first = window.desk.current.summary.id if window.desk.current else 0
    press(qtbot, window.frame.page.view, Key.Key_F2)
    editor(qtbot, window).field.setPlainText("kept")
    window.desk.open(earlier_meeting("Another"))
    closed(qtbot, window)
    with Library(library_path()) as library:
        assert library.load(first).turns[1].text == "kept"
    assert said(turns(window)[0]) == TALK[0].text


@settings(max_examples=30)
@given(wanted=st.lists(edits, max_size=6))
def test_the_list_shows_what_the_document_says_after_any_edit(
    qapp: QApplication, wanted: list[Edit]
) -> None:
    model = TurnListModel(talk())
    patches: list[Patch] = []
    for edit in wanted:
        try:
            patches.append(edit.patch(model.transcript))
        except EditRefused:
            continue
        model.apply([patches[-1]])
        assert shown(model) == shown(TurnListModel(deepcopy(model.transcript)))
    for patch in reversed(patches):
        model.apply([patch.reversed()])
    assert shown(model) == shown(TurnListModel(talk()))


def shown(model: TurnListModel) -> list[tuple[Row, str]]:
    return [(model.row(row), model.item(row).text()) for row in range(model.rowCount())]


def test_a_corrected_turn_carries_a_sign(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = opened(qtbot, open_window)
    view = window.frame.page.view
    row = view.turns().row(0)
    assert isinstance(row, TurnRow)
    assert not row.corrected
    place = view.typesetter.place(row, view.visualRect(view.turns().index(0, 0))).sign
    assert view.viewport().rect().contains(place)
    blank = view.grab(place).toImage()
    press(qtbot, view, Key.Key_Right, ALT)
    qtbot.waitUntil(lambda: cast(TurnRow, view.turns().row(0)).corrected)
    assert view.grab(place).toImage() != blank
    assert ", corrected:" in view.turns().index(0, 0).data()
    window.actions_.undo.trigger()
    assert not cast(TurnRow, view.turns().row(0)).corrected


def transcribe_again(window: MainWindow) -> None:
    """As the queue does it, while the meeting is on show."""
    assert window.desk.current is not None
    number = window.desk.current.summary.id
    with Library(library_path()) as library:
        document = library.load(number)
        again = TranscribeAgain(heard_otherwise(document))
        library.corrections.make(number, again, document)
    window.desk.open(number)


def test_typing_goes_on_when_the_meeting_is_transcribed_again(
    qtbot: QtBot, open_window: OpenWindow
) -> None:
    window = opened(qtbot, open_window)
    window.actions_.edits.words.trigger()
    field = editor(qtbot, window).field
    field.setPlainText("what a person typed")
    transcribe_again(window)
    assert editor(qtbot, window).field.toPlainText() == "what a person typed"
    press(qtbot, field, Key.Key_Return)
    closed(qtbot, window)
    first, second = saved(window).ordered()[:2]
    assert first.text == "what a person typed"
    assert second.text.endswith("otherwise")


def test_an_editor_that_nobody_typed_in_shows_the_new_words(
    qtbot: QtBot, open_window: OpenWindow
) -> None:
    window = opened(qtbot, open_window)
    window.actions_.edits.words.trigger()
    field = editor(qtbot, window).field
    transcribe_again(window)
    press(qtbot, field, Key.Key_Return)
    closed(qtbot, window)
    assert saved(window).ordered()[0].text.endswith("otherwise")


def heard_otherwise(document: Transcript) -> Transcript:
    """The same meeting, as another model hears it: other numbers, and another last word."""
    fresh = deepcopy(document)
    turns = [
        replace(
            turn,
            number=turn.number + 100,
            words=(*turn.words[:-1], replace(turn.words[-1], text="otherwise", readable="")),
        )
        for turn in fresh.turns.values()
    ]
    fresh.turns = {turn.number: turn for turn in turns}
    return fresh


def test_little_steps_in_a_row_are_taken_back_together(
    qtbot: QtBot, open_window: OpenWindow
) -> None:
    window = opened(qtbot, open_window)
    view = window.frame.page.view
    first = turns(window)[0]
    for _ in range(3):
        press(qtbot, view, Key.Key_Left, ALT)
    press(qtbot, view, Key.Key_Right, ALT | SHIFT)
    moved = turns(window)[0]
    assert (moved.start, moved.end) == (first.start - 4_800, first.until + 1_600)
    window.actions_.undo.trigger()
    assert (turns(window)[0].start, turns(window)[0].end) == (moved.start, first.end)
    window.actions_.undo.trigger()
    assert (turns(window)[0].start, turns(window)[0].end) == (first.start, first.end)
    assert not window.actions_.undo.isEnabled()
    assert saved(window).ordered()[0].start == first.start
    window.actions_.redo.trigger()
    assert turns(window)[0].start == moved.start


def test_selected_turns_are_exported_alone(
    qtbot: QtBot, open_window: OpenWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = opened(qtbot, open_window)
    select(window, 1, 2)
    path = tmp_path / "some.txt"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    menu = window.frame.page.view.context_menu(QPoint())
    (formats,) = [each for each in menu.findChildren(QMenu) if "xport" in each.title()]
    next(each for each in formats.actions() if each.text().startswith("Plain")).trigger()
    qtbot.waitUntil(path.exists)
    lines = [line for line in path.read_text().splitlines() if line.startswith("[")]
    assert [line.partition(": ")[2] for line in lines] == [said(turns(window)[at]) for at in (1, 2)]
