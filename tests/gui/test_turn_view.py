from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from app.transcript import Transcript
from engine.events import TurnStarted, Word, WordsChanged
from engine.timeline import to_samples
from tests.gui.scripted import TALK, Line, events_of, events_of_talk
from ui.delegates.words import Marks
from ui.models import TurnListModel
from ui.theme import Theme
from ui.turn_view import TurnView

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


def test_a_word_that_needs_no_new_line_places_no_other_row(qtbot: QtBot, theme: Theme) -> None:
    placed = []

    class Watched(TurnView):
        def doItemsLayout(self) -> None:  # noqa: N802
            placed.append(self.model().rowCount() if self.model() else 0)
            super().doItemsLayout()

    view = Watched(theme)
    qtbot.addWidget(view)
    view.show()
    model = show_talk(view)
    last = Line(1, 60.0, "one two", 0)
    started, *changes = events_of(last, 20)
    model.apply([started, changes[0]])
    QApplication.processEvents()
    placed.clear()
    area = view.visualRect(model.index(model.rowCount() - 1, 0))
    before = picture(view, area)
    model.apply(changes[1:])
    QApplication.processEvents()
    assert placed == []
    assert picture(view, area) != before


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
    assert not any(action.isEnabled() for action in view.context_menu().actions())
    view.setCurrentIndex(model.index(0, 0))
    assert [action.isEnabled() for action in view.context_menu().actions()] == [True, True]


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
