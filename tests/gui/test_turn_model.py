from __future__ import annotations

import random

import pytest
from PySide6.QtCore import QModelIndex
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from app.transcript import Transcript
from engine.events import (
    EndReason,
    EngineState,
    EngineStatus,
    Event,
    Gap,
    GapReason,
    SpeakerRevised,
    TurnEnded,
    TurnResumed,
    TurnStarted,
    Word,
    WordsChanged,
)
from tests.gui.scripted import TALK, Line, events_of, events_of_talk, rename
from ui.models import TurnListModel
from ui.rows import GapRow, Row, TurnRow


def rows_of(model: TurnListModel) -> list[Row]:
    return [model.row(row) for row in range(model.rowCount())]


def turns_of(model: TurnListModel) -> list[TurnRow]:
    return [row for row in rows_of(model) if isinstance(row, TurnRow)]


class Watch:
    """Counts what a model tells its views."""

    def __init__(self, model: TurnListModel) -> None:
        self.changed: list[int] = []
        self.inserted: list[int] = []
        self.reset = 0
        model.dataChanged.connect(self._change)
        model.rowsInserted.connect(self._insert)
        model.refilled.connect(self._refill)

    def _change(self, first: QModelIndex, last: QModelIndex) -> None:
        assert first == last
        self.changed.append(first.row())

    def _insert(self, _parent: QModelIndex, first: int, last: int) -> None:
        self.inserted += range(first, last + 1)

    def _refill(self) -> None:
        self.reset += 1


@pytest.fixture
def model(qtbot: QtBot, qtmodeltester: ModelTester) -> TurnListModel:
    made = TurnListModel()
    qtmodeltester.check(made)  # type: ignore[no-untyped-call]
    return made


def test_a_turn_grows_in_place(model: TurnListModel) -> None:
    model.apply(events_of(TALK[0], 1))
    watch = Watch(model)
    later = Line(2, 60.0, "one two three")
    for event in events_of(later, 2):
        model.apply([event])
    assert watch.inserted == [1]
    assert set(watch.changed) == {1}
    assert watch.reset == 0
    assert [w.text for w in turns_of(model)[1].words] == ["one", "two", "three"]


def test_events_of_one_frame_change_each_row_once(model: TurnListModel) -> None:
    model.apply(events_of(TALK[0], 1)[:2])
    watch = Watch(model)
    model.apply(events_of(TALK[0], 1)[2:])
    assert watch.changed == [0]


def test_a_turn_that_began_earlier_is_put_before(model: TurnListModel) -> None:
    model.apply(events_of(Line(1, 5.0, "later"), 1))
    model.apply(events_of(Line(2, 4.0, "earlier", 1), 2))
    assert [row.number for row in turns_of(model)] == [2, 1]


def test_partial_words_become_final(model: TurnListModel) -> None:
    started, *changes = events_of(Line(1, 0.0, "well yes"), 1)
    model.apply([started, changes[0]])
    assert [word.final for word in turns_of(model)[0].words] == [False]
    model.apply(changes)
    assert [word.final for word in turns_of(model)[0].words] == [True, True]


def test_an_end_that_is_taken_back_opens_the_turn_again(model: TurnListModel) -> None:
    model.apply([TurnStarted(1, 0, 0, 1, 0), TurnEnded(1, 16_000, EndReason.TOKEN, True, 0)])
    assert turns_of(model)[0].provisional
    model.apply([TurnResumed(1, 20_000)])
    assert turns_of(model)[0].open


def test_an_overlap_that_shrinks_away_is_no_longer_shown(model: TurnListModel) -> None:
    model.apply(events_of_talk([Line(1, 0.0, "a b c d e f g h"), Line(2, 2.0, "yes I do", 1)]))
    assert all(row.overlaps for row in turns_of(model))
    model.apply(
        [
            WordsChanged(1, (Word("a", 0, 1000, 1.0),), 0),
            TurnEnded(1, 1000, EndReason.TOKEN, False, 0),
        ]
    )
    assert not any(row.overlaps or row.joined_below for row in turns_of(model))


def test_a_revised_speaker_changes_what_the_neighbour_says(model: TurnListModel) -> None:
    model.apply(events_of_talk([Line(1, 0.0, "a b c d e f g h"), Line(2, 2.0, "yes I do", 1)]))
    model.apply([SpeakerRevised(1, 3, 0.9, 0)])
    assert turns_of(model)[0].speaker == 3
    assert turns_of(model)[1].overlaps[0].speaker == 3


def test_the_people_are_counted_again_when_they_change(model: TurnListModel) -> None:
    model.apply(events_of_talk())
    assert model.speaking == 3
    last = max(model.transcript.turns)
    model.apply([SpeakerRevised(last, 4, 0.9, 0)])
    assert model.speaking == 4
    model.apply([EngineState(EngineStatus.RESTARTING)])
    assert model.speaking == 0
    model.apply(events_of(TALK[0], 1))
    assert model.speaking == 1


def test_a_new_name_reaches_every_turn(model: TurnListModel) -> None:
    model.apply(events_of_talk())
    watch = Watch(model)
    rename(model, 2, "Jonas")
    assert {row.name for row in turns_of(model) if row.speaker == 2} == {"Jonas"}
    others = [each.name for row in turns_of(model) for each in row.overlaps if each.speaker == 2]
    assert others
    assert set(others) == {"Jonas"}
    untouched = [
        index
        for index, row in enumerate(turns_of(model))
        if row.speaker != 2 and all(each.speaker != 2 for each in row.overlaps)
    ]
    assert untouched
    assert not set(watch.changed) & set(untouched)
    assert watch.reset == 0


def test_a_gap_is_a_row_that_cannot_be_edited(model: TurnListModel) -> None:
    model.apply(events_of(TALK[0], 1))
    model.apply([Gap(0, 1600, GapReason.DEVICE), Gap(900_000, 1600, GapReason.OVERRUN)])
    assert [type(row) for row in rows_of(model)] == [GapRow, TurnRow, GapRow]
    assert model.turn_row(model.index(0, 0)) is None
    assert not model.flags(model.index(0, 0)) & model.flags(model.index(1, 0)).ItemIsEditable


def test_a_restarted_engine_begins_with_an_empty_list(model: TurnListModel) -> None:
    model.apply(events_of_talk())
    watch = Watch(model)
    model.apply([EngineState(EngineStatus.RESTARTING), *events_of(TALK[0], 1)])
    assert watch.reset == 1
    assert [row.number for row in turns_of(model)] == [1]


def test_the_end_of_a_meeting_does_not_replace_the_rows(model: TurnListModel) -> None:
    model.apply([TurnStarted(1, 0, 0, 1, 0), TurnEnded(1, 16_000, EndReason.TOKEN, True, 0)])
    watch = Watch(model)
    model.apply([EngineState(EngineStatus.DONE)])
    assert not turns_of(model)[0].provisional
    assert watch.reset == 0
    assert watch.changed == [0]


@pytest.mark.parametrize("seed", range(20))
def test_rows_changed_in_place_equal_rows_built_anew(qtbot: QtBot, seed: int) -> None:
    events = random_meeting(random.Random(seed))
    model, whole = TurnListModel(), Transcript()
    at = 0
    chance = random.Random(seed)
    while at < len(events):
        size = chance.randint(1, 6)
        model.apply(events[at : at + size])
        at += size
    for event in events:
        whole.apply(event)
    assert rows_of(model) == rows_of(TurnListModel(whole))


def random_meeting(chance: random.Random) -> list[Event]:
    """Turns that start, grow, shrink, end, go on, change hands and overlap in every way."""
    events: list[Event] = []
    for turn in range(1, 25):
        start = turn * 8000 + chance.randint(-20_000, 20_000)
        events.append(TurnStarted(turn, turn % 2, max(0, start), chance.randint(1, 4), 0))
    for _ in range(200):
        turn = chance.randint(1, 24)
        began = next(e for e in events if isinstance(e, TurnStarted) and e.turn == turn).start
        end = began + chance.randint(0, 60_000)
        sure = chance.random() < 0.5
        choices: list[Event] = [
            WordsChanged(turn, (Word("w", began, end, 1.0, sure),), 0),
            TurnEnded(turn, end, EndReason.TOKEN, sure, 0),
            TurnResumed(turn, 0),
            SpeakerRevised(turn, chance.randint(1, 4), 1.0, 0),
            Gap(chance.randint(0, 200_000), chance.randint(1, 9000), GapReason.OVERRUN),
        ]
        events.append(chance.choice(choices))
    return events
