"""A part of a meeting has what belongs to it, and no more."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.exports import ExportDocument, ExportTurn, Selection, SelectionError, SoundPart, select
from app.exports.document import ExportWord
from tests.unit.app.export_documents import AWKWARD, STARTED_AT, meetings

RECORDING = Path("talk.wav")

moments = st.integers(0, 700_000).map(lambda ms: ms / 1_000)


def texts(document: ExportDocument) -> list[str]:
    return [word.text for turn in document.turns for word in turn.words]


@given(meetings)
def test_everything_is_the_default(document: ExportDocument) -> None:
    assert select(document, Selection()) == document


@given(meetings, moments)
def test_two_parts_side_by_side_have_every_word_once(
    document: ExportDocument, cut_s: float
) -> None:
    assume(cut_s > 0)
    before = select(document, Selection(end_s=cut_s))
    after = select(document, Selection(start_s=cut_s))
    assert sorted(texts(before) + texts(after)) == sorted(texts(document))
    items: list[ExportTurn | ExportWord] = []
    for turn in before.turns:
        items += [turn, *turn.words]
    assert all(each.start_s <= each.end_s <= cut_s for each in items)
    assert all(turn.words and turn.start_s >= cut_s for turn in after.turns)


@given(meetings, moments, st.booleans())
def test_counting_from_zero_moves_everything_alike(
    document: ExportDocument, start_s: float, bounded: bool
) -> None:
    part = Selection(start_s, start_s + 60 if bounded else None)
    document = replace(document, started_at=STARTED_AT, sound=())
    here, moved = select(document, part), select(document, replace(part, from_zero=True))
    assert [turn.start_s for turn in moved.turns] == pytest.approx(
        [turn.start_s - start_s for turn in here.turns]
    )
    assert texts(moved) == texts(here)
    assert all(turn.start_s >= 0 for turn in moved.turns)
    assert moved.started_at == STARTED_AT + timedelta(seconds=start_s)
    assert moved.start_s == 0
    assert (moved.end_s is None) == (not bounded)


def test_a_turn_is_cut_at_the_edges() -> None:
    part = select(AWKWARD, Selection(0.6, 1.2))
    (ada,) = part.turns  # the middle of Jörg's first word comes later
    assert (ada.start_s, ada.end_s, ada.text) == (0.6, 1.2, "we")
    assert [(word.start_s, word.end_s) for word in ada.words] == [(0.6, 1.0)]


def test_a_word_whose_middle_is_the_cut_belongs_to_the_later_part() -> None:
    assert texts(select(AWKWARD, Selection(end_s=0.25))) == []  # the first word: 0 to 0.5 s
    assert texts(select(AWKWARD, Selection(start_s=0.25)))[0] == "yes"


def test_people_are_chosen_by_name_in_any_case() -> None:
    part = select(AWKWARD, Selection(speakers=("ada lovelace", "李 雷")))
    assert part.speakers == ["Ada Lovelace", "李 雷"]
    assert part.audible == ((0.0, 1.5), (1.25, 1.75), (5.0, 7.5))


def test_the_sound_moves_along() -> None:
    document = replace(AWKWARD, sound=(SoundPart(RECORDING, 0.0),))
    part = select(document, Selection(1.0, 6.0, ("Ada Lovelace",), from_zero=True))
    assert part.sound == (SoundPart(RECORDING, -1.0),)
    assert part.audible == ((-1.0, 0.5), (0.25, 0.75))
    assert (part.start_s, part.end_s) == (0.0, 5.0)


@pytest.mark.parametrize(
    ("selection", "advice"),
    [
        (Selection(5.0, 5.0), "give a later end"),
        (Selection(5.0, 2.0), "give a later end"),
        (Selection(-1.0), "begins at 0"),
        (Selection(speakers=("Ada",)), "Nobody is called 'Ada' here. There is: Ada Lovelace, Jörg"),
    ],
)
def test_what_is_no_part_is_explained(selection: Selection, advice: str) -> None:
    with pytest.raises(SelectionError, match=advice):
        select(AWKWARD, selection)


def test_nobody_can_be_chosen_where_nobody_speaks() -> None:
    with pytest.raises(SelectionError, match="There is: nobody"):
        select(replace(AWKWARD, turns=[]), Selection(speakers=("Ada",)))
