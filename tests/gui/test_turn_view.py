from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QItemSelectionModel, QObject, QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QColor, QImage, QPaintEvent, QRegion
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from app.corrections import Patch
from app.corrections.patch import TurnChange
from app.transcript import Transcript
from engine.events import TurnStarted, Word, WordsChanged
from engine.timeline import to_samples
from tests.gui.scripted import TALK, Line, events_of, events_of_talk
from ui.delegates.words import Marks
from ui.models import TurnListModel
from ui.theme import Theme
from ui.turn_view import TurnView
from ui.turns.turn_menu import Fill, Section

MANY = 5000


@pytest.fixture
def view(qtbot: QtBot, theme: Theme) -> Iterator[TurnView]:
    made = TurnView(theme)
    qtbot.addWidget(made)
    made.resize(700, 320)
    made.show()
    yield made
    made.close()


def long_meeting(turns: int) -> TurnListModel:
    transcript = Transcript()
    text = "a line of words that somebody said in a very long meeting about many things"
    for number in range(1, turns + 1):
        line = Line(number % 4 + 1, number * 4.0, text, number % 2)
        started, *_, words, ended = events_of(line, number)
        for event in (started, words, ended):
            transcript.apply(event)
    return TurnListModel(transcript)


def show_talk(view: TurnView, follow: bool = True) -> TurnListModel:
    model = TurnListModel()
    model.apply(events_of_talk())
    view.show_turns(model, follow)
    return model


def picture(view: TurnView, area: QRect) -> QImage:
    return view.viewport().grab(area).toImage()


def has_ink(image: QImage, colour: QColor) -> bool:
    spots = ((x, y) for x in range(image.width()) for y in range(image.height()))
    return any(image.pixelColor(x, y) == colour for x, y in spots)


def type_into_editor(view: TurnView, text: str) -> None:
    editor = view.findChild(QLineEdit)
    assert editor is not None
    editor.setText(text)
    view.commitData(editor)
    view.closeEditor(editor, view.itemDelegate().EndEditHint.NoHint)


def test_a_long_meeting_lays_out_only_what_is_near(view: TurnView) -> None:
    view.show_turns(long_meeting(MANY), follow=True)
    assert view.typesetter.layouts_made < 200
    assert view.verticalScrollBar().value() == view.verticalScrollBar().maximum()


class Drawn(QObject):
    """What of a viewport was painted since it was asked last."""

    def __init__(self, view: TurnView) -> None:
        super().__init__(view)
        self._region = QRegion()
        view.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QPaintEvent):
            self._region += event.region()
        return False

    def region(self) -> QRegion:
        QApplication.processEvents()
        drawn, self._region = self._region, QRegion()
        return drawn


def test_a_word_that_needs_no_new_line_draws_no_other_row(view: TurnView) -> None:
    model = show_talk(view)
    last = Line(1, 60.0, "one two", 0)
    started, *changes = events_of(last, 20)
    model.apply([started, changes[0]])
    drawn = Drawn(view)
    drawn.region()
    area = view.visualRect(model.index(model.rowCount() - 1, 0))
    before = picture(view, area)
    drawn.region()
    model.apply(changes[1:])
    assert drawn.region() == QRegion(area)
    assert picture(view, area) != before


def test_a_new_turn_at_the_end_is_drawn(view: TurnView) -> None:
    model = show_talk(view)
    drawn = Drawn(view)
    drawn.region()
    model.apply(events_of(Line(1, 60.0, "one two", 0), 20))
    new = view.visualRect(model.index(model.rowCount() - 1, 0))
    assert drawn.region().contains(new)


def test_scrolling_draws_what_comes_into_sight(view: TurnView) -> None:
    show_talk(view, follow=False)
    drawn = Drawn(view)
    drawn.region()
    bar, seen = view.verticalScrollBar(), view.viewport().rect()
    bar.setValue(bar.value() + 50)
    assert drawn.region().contains(seen.adjusted(0, seen.height() - 50, 0, 0))
    bar.setValue(bar.value() - 30)
    assert drawn.region().contains(seen.adjusted(0, 0, 0, 30 - seen.height()))


def test_turns_out_of_sight_draw_nothing(qtbot: QtBot, view: TurnView) -> None:
    model = long_meeting(100)
    view.show_turns(model, follow=False)
    qtbot.waitUntil(lambda: not view.measuring)
    drawn = Drawn(view)
    drawn.region()
    model.apply(events_of(Line(1, 1000.0, "one two", 0), 500))
    assert drawn.region().isEmpty()


def test_appending_to_a_long_meeting_lays_out_only_the_new(qtbot: QtBot, view: TurnView) -> None:
    model = long_meeting(MANY)
    view.show_turns(model, follow=True)
    qtbot.waitUntil(lambda: not view.measuring, timeout=60_000)
    before = view.typesetter.layouts_made
    events = events_of(Line(1, MANY * 4.0 + 10, "six more words at the end"), MANY + 1)
    for event in events:
        model.apply([event])
    view.viewport().repaint()
    assert view.typesetter.layouts_made - before <= len(events)
    assert view.visualRect(model.index(MANY, 0)).bottom() <= view.viewport().height()


def test_every_row_of_a_long_meeting_gets_its_height_in_the_end(
    qtbot: QtBot, view: TurnView
) -> None:
    model = long_meeting(600)
    view.show_turns(model, follow=False)
    qtbot.waitUntil(lambda: not view.measuring, timeout=60_000)
    for row in range(model.rowCount()):
        height = view.typesetter.height(model.row(row), view.viewport().width())
        assert view.visualRect(model.index(row, 0)).height() == height


def test_a_narrower_window_breaks_the_lines_anew(qtbot: QtBot, view: TurnView) -> None:
    model = show_talk(view)
    before = view.visualRect(model.index(0, 0)).height()
    view.resize(320, 320)
    assert view.visualRect(model.index(0, 0)).height() > before
    qtbot.waitUntil(lambda: not view.measuring)


def test_the_view_follows_until_the_user_scrolls_up_and_again_at_the_end(view: TurnView) -> None:
    model = show_talk(view)
    bar = view.verticalScrollBar()
    told: list[bool] = []
    view.following_changed.connect(told.append)
    bar.setValue(bar.maximum() // 2)
    assert told == [False]
    stay = bar.value()
    model.apply(events_of(Line(2, 60.0, "more and more words"), 50))
    assert bar.value() == stay
    view.follow()
    assert told == [False, True]
    model.apply(events_of(Line(2, 70.0, "and still more"), 51))
    assert bar.value() == bar.maximum()


def test_what_is_read_stays_in_place_when_an_earlier_turn_appears(view: TurnView) -> None:
    model = show_talk(view, follow=False)
    bar = view.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    row = view.indexAt(QPoint(8, 8)).row()
    top = view.visualRect(model.index(row, 0)).top()
    model.apply(events_of(Line(3, 0.1, "hello", 1), 99))
    assert view.visualRect(model.index(row + 1, 0)).top() == top


def test_overlapping_turns_are_indented_and_bracketed(view: TurnView, theme: Theme) -> None:
    model = show_talk(view, follow=False)
    lone, first, second = (view.visualRect(model.index(row, 0)) for row in range(3))
    boxes = [
        view.typesetter.place(model.row(row), view.visualRect(model.index(row, 0)))
        for row in range(3)
    ]
    assert boxes[2].words.left() > boxes[1].words.left() == boxes[0].words.left()
    line = QColor(theme.colours.outline)
    bracket = [has_ink(picture(view, each.gutter), line) for each in boxes]
    assert bracket == [False, True, True]
    assert lone.bottom() < first.top() < second.top()


def test_an_open_turn_has_a_caret_and_no_end_mark(view: TurnView, theme: Theme) -> None:
    model = TurnListModel()
    view.show_turns(model, follow=True)
    word = Word("so", 0, to_samples(0.4), 0.9)
    events = events_of(Line(1, 0.0, "so"), 1)
    model.apply(events[:1])
    model.apply([WordsChanged(1, (word,), 0)])
    colour = theme.colours.speaker(1)
    boxes = view.typesetter.place(model.row(0), view.visualRect(model.index(0, 0)))
    mark = QRect(boxes.bar.left() + 4, boxes.bar.bottom() - 2, 3, 3)
    assert has_ink(picture(view, boxes.words), colour)
    assert not has_ink(picture(view, mark), colour)
    model.apply(events)
    assert not has_ink(picture(view, boxes.words), colour)
    assert has_ink(picture(view, mark), colour)


def test_partial_words_are_lighter(view: TurnView, theme: Theme) -> None:
    model = TurnListModel()
    view.show_turns(model, follow=True)
    model.apply([TurnStarted(1, 0, 0, 1, 0)])
    ink = QColor(theme.colours.text)
    seen = []
    for final in (False, True):
        model.apply([WordsChanged(1, (Word("MMMM", 0, 9000, 1.0, final),), 0)])
        boxes = view.typesetter.place(model.row(0), view.visualRect(model.index(0, 0)))
        seen.append(has_ink(picture(view, boxes.words), ink))
    assert seen == [False, True]


def test_words_are_drawn_as_people_read_them(view: TurnView) -> None:
    model = TurnListModel()
    view.show_turns(model, follow=True)
    model.apply([TurnStarted(1, 0, 0, 1, 0)])
    words = (Word("yes", 0, 9, 1.0, readable="Yes,"), Word("so", 9, 18, 0.5, False))
    model.apply([WordsChanged(1, words, 0)])
    row = model.turn_row(model.index(0, 0))
    assert row is not None
    layout = view.typesetter.words(row, 300)
    assert layout.text() == "Yes, so"
    assert [(each.start, each.length) for each in layout.formats()] == [(0, 4), (5, 2)]


def test_a_click_on_a_name_edits_it(qtbot: QtBot, view: TurnView) -> None:
    model = show_talk(view, follow=False)
    renamed: list[tuple[int, str]] = []
    view.speaker_renamed.connect(lambda number, name: renamed.append((number, name)))
    boxes = view.typesetter.place(model.row(0), view.visualRect(model.index(0, 0)))
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=boxes.words.topLeft())  # type: ignore[no-untyped-call]
    assert view.findChild(QLineEdit) is None
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=boxes.name.center())  # type: ignore[no-untyped-call]
    editor = view.findChild(QLineEdit)
    assert editor is not None
    assert editor.text() == "Speaker 1"
    assert boxes.name.intersects(editor.geometry())
    type_into_editor(view, "Amara")
    assert renamed == [(1, "Amara")]


def test_f2_edits_the_name_of_the_current_turn(qtbot: QtBot, view: TurnView) -> None:
    model = show_talk(view, follow=False)
    view.setCurrentIndex(model.index(1, 0))
    qtbot.keyClick(view, Qt.Key.Key_F2)  # type: ignore[no-untyped-call]
    editor = view.findChild(QLineEdit)
    assert editor is not None
    assert editor.text() == "Speaker 2"


def test_words_that_arrive_do_not_undo_the_typing(view: TurnView) -> None:
    model = TurnListModel()
    view.show_turns(model, follow=True)
    events = events_of(TALK[0], 1)
    model.apply(events[:2])
    view.setCurrentIndex(model.index(0, 0))
    view.rename_current()
    editor = view.findChild(QLineEdit)
    assert editor is not None
    editor.setText("Ama")
    model.apply(events[2:])
    model.apply(events_of(Line(2, 30.0, "another turn"), 2))
    assert editor.text() == "Ama"
    assert editor.isVisible()


def test_an_unchanged_name_is_no_new_name(view: TurnView) -> None:
    model = show_talk(view, follow=False)
    renamed: list[int] = []
    view.speaker_renamed.connect(lambda number, _name: renamed.append(number))
    view.setCurrentIndex(model.index(0, 0))
    view.rename_current()
    type_into_editor(view, "Speaker 1")
    assert renamed == []


def test_the_menu_of_a_turn_offers_to_rename_and_copy(view: TurnView) -> None:
    model = show_talk(view, follow=False)
    assert not any(action.isEnabled() for action in view.context_menu(QPoint()).actions())
    view.setCurrentIndex(model.index(0, 0))
    assert [action.isEnabled() for action in view.context_menu(QPoint()).actions()] == [True, True]


def test_a_change_of_theme_repaints_in_its_colours(view: TurnView, theme: Theme) -> None:
    model = show_talk(view, follow=False)
    boxes = view.typesetter.place(model.row(0), view.visualRect(model.index(0, 0)))
    light = theme.colours.speaker(1)
    assert has_ink(picture(view, boxes.bar), light)
    theme.choose("dark")
    assert has_ink(picture(view, boxes.bar), theme.colours.speaker(1))
    assert not has_ink(picture(view, boxes.bar), light)
    theme.choose("light")


def middle_of_word(view: TurnView, row: int, word: int) -> QPoint:
    shown = view.turns().turn_row(view.turns().index(row, 0))
    assert shown is not None
    area = view.visualRect(view.turns().index(row, 0))
    return view.typesetter.word_box(shown, area, word).center()


def test_each_word_is_found_where_it_stands(view: TurnView) -> None:
    model = show_talk(view, follow=False)
    view.resize(340, 2000)  # several lines each
    for row, line in enumerate(TALK):
        for word in range(len(line.text.split())):
            shown = model.turn_row(model.index(row, 0))
            assert shown is not None
            assert view.word_at(middle_of_word(view, row, word)) == (shown.number, word)
    boxes = view.typesetter.place(model.row(0), view.visualRect(model.index(0, 0)))
    assert view.word_at(boxes.name.center()) is None
    assert view.word_at(boxes.words.bottomRight()) is None
    assert view.word_at(QPoint(3, 1990)) is None


def test_a_click_on_a_word_is_told_once_and_a_double_click_not_twice(
    qtbot: QtBot, view: TurnView
) -> None:
    show_talk(view, follow=False)
    told: list[tuple[int, int]] = []
    view.word_clicked.connect(lambda turn, word: told.append((turn, word)))
    point = middle_of_word(view, 0, 3)
    left = Qt.MouseButton.LeftButton
    qtbot.mouseClick(view.viewport(), left, pos=point)  # type: ignore[no-untyped-call]
    assert told == [(1, 3)]
    assert view.selected_rows() == [0]
    qtbot.mouseDClick(view.viewport(), left, pos=point)  # type: ignore[no-untyped-call]
    assert len(told) <= 2
    print("SEL", view.selected_rows(), told)
    told.clear()
    qtbot.mousePress(view.viewport(), left, pos=point)  # type: ignore[no-untyped-call]
    away = middle_of_word(view, 0, 5)
    qtbot.mouseRelease(view.viewport(), left, pos=away)  # type: ignore[no-untyped-call]
    assert told == []


def test_weak_words_are_lighter_and_underlined(view: TurnView, theme: Theme) -> None:
    model = TurnListModel()
    view.show_turns(model, follow=True)
    model.apply([TurnStarted(1, 0, 0, 1, 0)])
    words = (Word("sure", 0, 9, 0.9), Word("doubtful", 9, 18, 0.3), Word("sure", 18, 20, 0.5))
    model.apply([WordsChanged(1, words, 0)])
    row = model.turn_row(model.index(0, 0))
    assert row is not None
    formats = view.typesetter.words(row, 300).formats()
    inks = [each.format.foreground().color().name().upper() for each in formats]
    lines = [each.format.underlineStyle().name for each in formats]
    assert inks == [theme.colours.text, theme.colours.muted, theme.colours.text]
    assert lines == ["NoUnderline", "DashUnderline", "NoUnderline"]


def test_the_word_that_is_played_is_marked(view: TurnView, theme: Theme) -> None:
    model = show_talk(view, follow=False)
    accent = QColor(theme.colours.accent)
    area = view.visualRect(model.index(0, 0))
    shown = model.turn_row(model.index(0, 0))
    assert shown is not None
    box, next_box = (view.typesetter.word_box(shown, area, word) for word in (2, 3))
    assert not has_ink(picture(view, box), accent)
    view.mark(Marks(playing={1: 2}), [0])
    assert has_ink(picture(view, box), accent)
    assert not has_ink(picture(view, next_box.adjusted(3, 0, 0, 0)), accent)
    view.mark(Marks(found={1: [(0, 4)]}, current=(1, (0, 4))), [0])
    assert not has_ink(picture(view, box), accent)


def test_a_row_far_away_is_brought_into_sight_without_selecting_it(view: TurnView) -> None:
    model = long_meeting(600)
    view.show_turns(model, follow=True)
    told: list[int] = []
    view.scrolled.connect(lambda: told.append(1))
    view.reveal(300)
    assert view.viewport().rect().contains(view.visualRect(model.index(300, 0)))
    assert not view.selected_rows()
    assert told == []
    before = view.verticalScrollBar().value()
    view.reveal(300)
    assert view.verticalScrollBar().value() == before
    view.verticalScrollBar().setValue(before + 500)
    assert told == [1]


def test_in_a_row_higher_than_the_view_the_word_is_brought_into_sight(view: TurnView) -> None:
    model = TurnListModel()
    model.apply(events_of(Line(1, 0.0, "one of very many words " * 200), 1))
    view.show_turns(model, follow=False)
    for word in (990, 3, 500):
        view.reveal(0, word)
        assert view.viewport().rect().contains(middle_of_word(view, 0, word))


def laid(view: TurnView) -> list[QRect]:
    return [view.visualRect(view.turns().index(row, 0)) for row in range(view.turns().rowCount())]


def lies_without_holes(view: TurnView) -> bool:
    areas = laid(view)
    tops = [areas[0].top() + sum(each.height() for each in areas[:n]) for n in range(len(areas))]
    return [each.top() for each in areas] == tops


def test_rows_lie_one_below_the_other_whatever_comes_and_goes(qtbot: QtBot, view: TurnView) -> None:
    model = long_meeting(60)
    view.show_turns(model, follow=False)
    bar = view.verticalScrollBar()
    model.apply(events_of(Line(3, 10.0, "hello in between", 1), 99))
    model.apply([Patch((TurnChange(30, {}, None),))])
    assert lies_without_holes(view)
    view.resize(300, 320)
    qtbot.waitUntil(lambda: not view.measuring)
    assert lies_without_holes(view)
    bar.setValue(bar.maximum())
    assert laid(view)[-1].bottom() == view.viewport().rect().bottom()
    model.show_transcript(Transcript())
    assert bar.maximum() == 0
    assert not view.indexAt(QPoint(9, 9)).isValid()


def test_the_last_row_may_go(view: TurnView) -> None:
    model = TurnListModel()
    view.show_turns(model, follow=True)
    model.apply(events_of(Line(1, 0.0, "a word " * 500), 1))
    assert view.verticalScrollBar().maximum() > 0
    model.apply([Patch((TurnChange(1, {}, None),))])
    assert view.verticalScrollBar().maximum() == 0


def test_the_row_under_each_point_is_the_one_that_is_drawn_there(view: TurnView) -> None:
    model = show_talk(view, follow=False)
    view.verticalScrollBar().setValue(37)
    for y in range(view.viewport().height()):
        row = view.indexAt(QPoint(60, y)).row()
        assert row == next(
            n for n, area in enumerate(laid(view)) if area.top() <= y <= area.bottom()
        )
    assert not view.indexAt(QPoint(-1, 9)).isValid()
    assert model.rowCount() > 3


KEYS = {
    Qt.Key.Key_Down: [1, 2],
    Qt.Key.Key_Up: [1, 0],
    Qt.Key.Key_End: [1, 39],
    Qt.Key.Key_Home: [1, 0],
}


@pytest.mark.parametrize("key", KEYS)
def test_keys_lead_from_row_to_row(qtbot: QtBot, view: TurnView, key: Qt.Key) -> None:
    view.show_turns(long_meeting(40), follow=False)
    start, end = KEYS[key]
    view.setCurrentIndex(view.turns().index(start, 0))
    qtbot.keyClick(view, key)  # type: ignore[no-untyped-call]
    assert view.currentIndex().row() == end
    assert view.selected_rows() == [end]
    assert view.viewport().rect().contains(view.visualRect(view.currentIndex()))


def test_keys_turn_pages_there_and_back(qtbot: QtBot, view: TurnView) -> None:
    view.show_turns(long_meeting(40), follow=False)
    view.setCurrentIndex(view.turns().index(0, 0))
    seen = []
    for key in [Qt.Key.Key_PageDown] * 15 + [Qt.Key.Key_PageUp] * 15:
        qtbot.keyClick(view, key)  # type: ignore[no-untyped-call]
        seen.append(view.currentIndex().row())
        assert view.viewport().rect().contains(view.visualRect(view.currentIndex()))
    assert seen[0] > 1
    assert seen[14] == 39
    assert seen[-1] == 0


def test_rows_are_selected_by_keys_and_by_the_mouse(qtbot: QtBot, view: TurnView) -> None:
    show_talk(view, follow=False)
    view.setCurrentIndex(view.turns().index(0, 0))
    shift, left = Qt.KeyboardModifier.ShiftModifier, Qt.MouseButton.LeftButton
    for _ in range(3):
        qtbot.keyClick(view, Qt.Key.Key_Down, shift)  # type: ignore[no-untyped-call]
    assert view.selected_rows() == [0, 1, 2, 3]
    qtbot.keyClick(view, Qt.Key.Key_Up, shift)  # type: ignore[no-untyped-call]
    assert view.selected_rows() == [0, 1, 2]
    view.verticalScrollBar().setValue(0)
    places = [middle_of_word(view, row, 0) for row in (0, 2)]
    qtbot.mouseClick(view.viewport(), left, pos=places[0])  # type: ignore[no-untyped-call]
    qtbot.mouseClick(view.viewport(), left, shift, places[1])  # type: ignore[no-untyped-call]
    assert view.selected_rows() == [0, 1, 2]
    qtbot.keyClick(view, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)  # type: ignore[no-untyped-call]
    assert view.selected_rows() == list(range(view.turns().rowCount()))


def test_a_screen_reader_finds_each_row_in_its_place(view: TurnView) -> None:
    model = show_talk(view, follow=False)
    heard = QAccessible.queryAccessibleInterface(view)
    assert heard.role() is QAccessible.Role.List
    assert heard.childCount() == model.rowCount()
    for row in range(model.rowCount()):
        child = heard.child(row)
        assert child.role() is QAccessible.Role.ListItem
        assert child.text(QAccessible.Text.Name) == model.index(row, 0).data()
        area = view.visualRect(model.index(row, 0))
        assert child.rect().topLeft() == view.viewport().mapToGlobal(area.topLeft())
        assert child.rect().size() == area.size()


def test_screen_readers_are_told_which_row_has_the_keyboard(
    view: TurnView, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = []
    monkeypatch.setattr(QAccessible, "isActive", lambda: True)
    monkeypatch.setattr(
        QAccessible, "updateAccessibility", lambda event: told.append((event.type(), event.child()))
    )
    show_talk(view, follow=False)
    view.activateWindow()
    view.setFocus()
    QApplication.processEvents()
    only = QItemSelectionModel.SelectionFlag.ClearAndSelect
    for row in (2, 1):
        told.clear()
        view.selectionModel().setCurrentIndex(view.turns().index(row, 0), only)
    assert (QAccessible.Event.Focus, 1) in told
    assert (QAccessible.Event.SelectionAdd, 1) in told
    assert (QAccessible.Event.SelectionRemove, 2) in told


def test_the_menu_has_its_sections_in_order_whoever_came_first(view: TurnView) -> None:
    show_talk(view, follow=False)
    asked: list[tuple[Section, QPoint]] = []

    def asks(section: Section) -> Fill:
        return lambda menu, point: asked.append((section, point))

    for section in (Section.EDIT, Section.VOICE, Section.EXPORT):
        view.menu.add(section, asks(section))
    menu = view.context_menu(QPoint(4, 5))
    assert [action.text() for action in menu.actions()] == ["Rename speaker…", "Copy"]
    at = QPoint(4, 5)
    assert asked == [(Section.EXPORT, at), (Section.VOICE, at), (Section.EDIT, at)]
