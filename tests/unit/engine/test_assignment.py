"""Both channel assignments: by example, and by what must hold for any meeting."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.training.assignment import (
    Assignment,
    AssignmentRule,
    TargetTurn,
    assign,
    assign_first_free,
    assign_floor,
    assign_overlap_based,
)


def turn(start: int, end: int) -> TargetTurn:
    return TargetTurn(start, end, (start, end))


turn_lists = st.lists(
    st.builds(
        lambda start, length: turn(start, start + length), st.integers(0, 60), st.integers(1, 20)
    ),
    max_size=15,
    unique=True,
)
rules = st.sampled_from(AssignmentRule)


def divided(start: int, end: int) -> TargetTurn:
    """A turn of words of up to three frames, with a frame of silence between them."""
    words = tuple((at, min(end, at + 3)) for at in range(start, end, 4))
    return TargetTurn(start, words[-1][1], (start, end), words)


spoken_turns = st.lists(
    st.builds(
        lambda start, length: divided(start, start + length), st.integers(0, 60), st.integers(1, 20)
    ),
    max_size=15,
    unique=True,
)


def spoken_at(turns: list[TargetTurn], moment: int) -> int:
    return sum(t.start <= moment < t.end for t in turns)


def test_talk_without_overlap_stays_on_one_channel() -> None:
    turns = [turn(0, 5), turn(5, 9), turn(12, 20)]
    for assignment in (assign_overlap_based(turns), assign_first_free(turns)):
        assert assignment == Assignment((tuple(turns), ()), ())


def test_after_an_overlap_the_rules_differ() -> None:
    first, second, third = turn(0, 5), turn(3, 9), turn(10, 12)
    turns = [third, first, second]  # the order given does not matter
    assert assign_overlap_based(turns).channels == ((first,), (second, third))
    assert assign_first_free(turns).channels == ((first, third), (second,))


def test_a_turn_that_overlaps_the_one_before_takes_the_free_channel() -> None:
    first, second, third = turn(0, 5), turn(3, 9), turn(7, 12)
    assert assign_overlap_based([first, second, third]).channels == ((first, third), (second,))


def test_the_third_simultaneous_turn_is_returned_apart() -> None:
    first, second, third, later = turn(0, 10), turn(1, 9), turn(2, 3), turn(10, 11)
    for rule in AssignmentRule:
        assert assign([first, second, third, later], rule).unassigned == (third,)
    assert assign([first, second, third], channels=3).unassigned == ()


@given(turn_lists, rules, st.integers(1, 3))
def test_every_turn_is_somewhere_once_and_no_channel_overlaps(
    turns: list[TargetTurn], rule: AssignmentRule, channels: int
) -> None:
    result = assign(turns, rule, channels)
    assert sorted(sum(result.channels, result.unassigned)) == sorted(turns)
    for said in result.channels:
        assert all(a.end <= b.start for a, b in pairwise(said))


@given(turn_lists, rules)
def test_a_turn_is_left_out_only_when_all_channels_speak(
    turns: list[TargetTurn], rule: AssignmentRule
) -> None:
    result = assign(turns, rule)
    for left_out in result.unassigned:
        assert all(spoken_at(list(said), left_out.start) == 1 for said in result.channels)


@given(turn_lists, rules)
def test_two_at_a_time_all_find_a_channel(turns: list[TargetTurn], rule: AssignmentRule) -> None:
    at_most_two: list[TargetTurn] = []
    for candidate in sorted(turns):
        if spoken_at(at_most_two, candidate.start) < 2:
            at_most_two.append(candidate)
    assert assign(at_most_two, rule).unassigned == ()


@given(turn_lists)
def test_overlap_based_moves_only_when_the_turn_before_is_still_spoken(
    turns: list[TargetTurn],
) -> None:
    result = assign_overlap_based(turns)
    channel_of = sorted((t, c) for c, said in enumerate(result.channels) for t in said)
    for (before, left), (after, right) in pairwise(channel_of):
        if before.end <= after.start:
            assert left == right


@given(turn_lists)
def test_first_free_leaves_no_lower_channel_idle(turns: list[TargetTurn]) -> None:
    low, high = assign_first_free(turns).channels
    assert all(spoken_at(list(low), t.start) == 1 for t in high)


def test_with_floor_who_goes_on_alone_moves_down_at_the_next_word() -> None:
    first, second = divided(0, 11), divided(6, 22)  # words of the second: 6, 10, 14, 18
    third = divided(20, 26)
    low, high = assign_floor([first, second, third]).channels
    assert [(t.start, t.end, t.moved_in, t.moved_out) for t in low] == [
        (0, 11, False, False),
        (14, 21, True, False),
        (24, 26, True, False),
    ]
    assert [(t.start, t.end, t.moved_in, t.moved_out) for t in high] == [
        (6, 13, False, True),
        (20, 23, False, True),
    ]
    assert [t.tokens for t in low] == [first.tokens, second.tokens, third.tokens]


def test_with_floor_a_turn_stays_while_the_channel_below_is_taken() -> None:
    first, inside = divided(0, 40), divided(4, 12)
    assert assign_floor([first, inside]).channels == ((first,), (inside,))


@given(spoken_turns, st.integers(1, 3))
def test_with_floor_each_word_is_somewhere_once_and_moves_only_down(
    turns: list[TargetTurn], channels: int
) -> None:
    result = assign_floor(turns, channels)
    for said in result.channels:
        assert all(a.end <= b.start for a, b in pairwise(said))
    for turn in set(turns) - set(result.unassigned):
        parts = sorted(
            (part, c)
            for c, said in enumerate(result.channels)
            for part in said
            if part.tokens == turn.tokens
        )
        assert sum((part.words for part, _ in parts), ()) == turn.words
        assert (parts[0][0].start, parts[-1][0].end) == (turn.start, turn.end)
        assert all(a > b for (_, a), (_, b) in pairwise(parts))
        assert [p.moved_in for p, _ in parts] == [False] + [True] * (len(parts) - 1)
        assert [p.moved_out for p, _ in parts] == [True] * (len(parts) - 1) + [False]


@given(spoken_turns)
def test_with_floor_no_word_begins_above_a_channel_that_is_free(turns: list[TargetTurn]) -> None:
    low, high = assign_floor(turns).channels
    for part in high:
        assert all(spoken_at(list(low), start) == 1 for start, _ in part.words)


def test_rules_are_chosen_by_name() -> None:
    turns = [turn(0, 5), turn(3, 9), turn(10, 12)]
    assert assign(turns, AssignmentRule("first-free")) == assign_first_free(turns)
    assert assign(turns, AssignmentRule("floor")) == assign_floor(turns)
    assert assign(turns, AssignmentRule("overlap-based")) == assign_overlap_based(turns)
    with pytest.raises(ValueError, match="is not a valid"):
        AssignmentRule("best")
