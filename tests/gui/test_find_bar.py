from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.transcript import Transcript
from tests.gui.scripted import Line, events_of
from ui.models import TurnListModel
from ui.review import find_bar
from ui.review.find_bar import FindBar
from ui.theme import Theme
from ui.turn_view import TurnView

TURNS = 300


@pytest.fixture
def bar(qtbot: QtBot, theme: Theme, monkeypatch: pytest.MonkeyPatch) -> Iterator[FindBar]:
    """Over a meeting of which each slice reads one turn."""
    monkeypatch.setattr(find_bar, "SLICE_S", 0.0)
    page = QWidget()
    view = TurnView(theme, page)
    view.resize(700, 320)
    made = FindBar(theme, view, page)
    qtbot.addWidget(page)
    view.show_turns(TurnListModel(meeting()), follow=False)
    page.show()
    yield made
    page.close()


def meeting() -> Transcript:
    transcript = Transcript()
    for number in range(1, TURNS + 1):
        said = "two and two" if number % 3 == 0 else "one"
        for event in events_of(Line(1, number * 4.0, said), number):
            transcript.apply(event)
    return transcript


def view_of(bar: FindBar) -> TurnView:
    page = bar.parentWidget()
    assert page is not None
    view = page.findChild(TurnView)
    assert view is not None
    return view


def settled(qtbot: QtBot, bar: FindBar) -> str:
    qtbot.waitUntil(lambda: not bar.searching)
    return bar.count.text()


def test_matches_are_counted_while_the_search_goes_on(qtbot: QtBot, bar: FindBar) -> None:
    bar.ask()
    bar.text.setText("two")
    bar.search()
    assert bar.searching
    assert bar.count.text() == "0…"
    assert view_of(bar).typesetter.marks.found[3] == [(0, 3), (8, 3)]  # it is in sight
    while bar.searching and bar.count.text() == "0…":
        QApplication.processEvents()
    assert bar.count.text() in ("1…", "2…")
    assert settled(qtbot, bar) == f"1 of {2 * (TURNS // 3)}"
    bar.step(-1)
    assert bar.count.text() == "200 of 200"
    assert view_of(bar).typesetter.marks.current == (TURNS, (8, 3))
    area = view_of(bar).visualRect(view_of(bar).turns().index(TURNS - 1, 0))
    assert view_of(bar).viewport().rect().contains(area)


def test_another_letter_begins_anew(qtbot: QtBot, bar: FindBar) -> None:
    bar.ask()
    bar.text.setText("two")
    bar.search()
    QApplication.processEvents()
    assert bar.searching
    bar.text.setText("one")
    bar.search()
    assert settled(qtbot, bar) == "1 of 200"
    assert len(view_of(bar).typesetter.marks.found) == 200


def test_turns_that_come_in_are_found_and_one_stays_at_the_same_place(
    qtbot: QtBot, bar: FindBar
) -> None:
    bar.ask()
    bar.text.setText("two")
    bar.search()
    settled(qtbot, bar)
    bar.step(2)
    current = view_of(bar).typesetter.marks.current
    for event in events_of(Line(2, 1.0, "at two"), 999):
        view_of(bar).turns().apply([event])
        bar.look_again()
        bar.search()
        assert bar.count.text() in ("3 of 200", "4 of 201")  # no flicker
    assert settled(qtbot, bar) == "4 of 201"
    assert view_of(bar).typesetter.marks.current == current


def test_a_bar_that_is_closed_marks_nothing_and_searches_no_more(
    qtbot: QtBot, bar: FindBar
) -> None:
    bar.ask()
    bar.text.setText("two")
    bar.search()
    bar.leave()
    assert not bar.searching
    marks = view_of(bar).typesetter.marks
    assert (dict(marks.found), marks.current) == ({}, None)
    bar.ask()
    assert settled(qtbot, bar) == "1 of 200"
