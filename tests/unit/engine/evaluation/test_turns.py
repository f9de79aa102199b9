from __future__ import annotations

import dataclasses
from collections import Counter
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.evaluation.segments import HypothesisTurn, ReferenceTurn
from engine.evaluation.turns import (
    AttributionCounts,
    best_mapping,
    can_match,
    count_attribution,
    count_turns,
    end_latencies,
    match_turns,
    start_latencies,
)

from .strategies import hypotheses, hypothesis, reference, references

weights = st.dictionaries(
    st.tuples(st.sampled_from("XYZ"), st.sampled_from("1234")), st.integers(0, 9), max_size=8
)


def off(asked: ReferenceTurn, said: HypothesisTurn) -> int:
    return abs(asked.start - said.start) + abs(asked.end - said.end)


def brute_matching(asked: list[ReferenceTurn], said: list[HypothesisTurn]) -> tuple[int, int]:
    """The most matches, and the least they can be off together, by trying everything."""
    best = (0, 0)
    slots: list[HypothesisTurn | None] = [*said, *[None] * len(asked)]
    for order in permutations(slots, len(asked)):
        tried = zip(asked, order, strict=True)
        pairs = [(a, b) for a, b in tried if b is not None and can_match(a, b)]
        best = max(best, (len(pairs), -sum(off(a, b) for a, b in pairs)))
    return best[0], -best[1]


@given(references, hypotheses)
def test_matching_is_the_largest_and_then_the_nearest(
    asked: list[ReferenceTurn], said: list[HypothesisTurn]
) -> None:
    matches = match_turns(asked[:3], said[:3])
    reached = (len(matches), sum(off(a, b) for a, b in matches))
    assert reached == brute_matching(asked[:3], said[:3])


@given(references, hypotheses)
def test_a_match_is_one_to_one(asked: list[ReferenceTurn], said: list[HypothesisTurn]) -> None:
    matches = match_turns(asked, said)
    assert len({id(a) for a, _ in matches}) == len({id(b) for _, b in matches}) == len(matches)
    assert all(can_match(a, b) for a, b in matches)


@given(weights)
def test_best_mapping_collects_the_most(table: dict[tuple[str, str], int]) -> None:
    brute = max(
        sum(table.get(pair, 0) for pair in zip("XYZ", order, strict=True))
        for order in permutations("1234", 3)
    )
    assert best_mapping(Counter(table)) == brute


@pytest.mark.parametrize(
    ("start", "end", "text", "expected"),
    [
        (1.0, 3.0, "a b", True),
        (1.5, 3.5, "a b", True),
        (1.51, 3.0, "a b", False),
        (1.0, 2.49, "a b", False),
        (1.0, 3.0, "", False),
    ],
)
def test_what_can_match(start: float, end: float, text: str, expected: bool) -> None:
    assert can_match(reference("X", 1, 3, "a b"), hypothesis("1", start, end, text)) is expected


def test_words_outside_the_reference_turn_do_not_match() -> None:
    asked, outside = reference("X", 1.0, 1.2, "a"), hypothesis("1", 1.2, 1.4, "a")
    assert not can_match(asked, outside)


def test_missed_false_and_premature_turns_are_counted_apart() -> None:
    asked = [reference("X", 0, 2, "a b"), reference("Y", 5, 7, "a b"), reference("X", 9, 9.5, "c")]
    early = hypothesis("1", 0, 1.8, "a b")
    resumed = dataclasses.replace(hypothesis("2", 5, 7, "a b"), resumed=2)
    said = [early, resumed, hypothesis("1", 20, 21, "a"), hypothesis("1", 30, 31, "")]
    counts = count_turns(asked, said, match_turns(asked, said))
    assert (counts.missed, counts.false, counts.premature) == (1, 2, 3)
    assert counts.f1 == pytest.approx(4 / 7)


def test_latency_is_audio_consumed_past_the_true_boundary() -> None:
    asked, said = [reference("X", 1, 3, "a")], [hypothesis("1", 1.1, 2.95, "a", late_s=0.3)]
    matches = match_turns(asked, said)
    assert start_latencies(matches) == pytest.approx([0.4])
    assert end_latencies(matches) == pytest.approx([0.25])


def test_a_premature_end_does_not_flatter_the_latency() -> None:
    matches = match_turns([reference("X", 1, 3, "a")], [hypothesis("1", 1, 2.8, "a")])
    assert len(matches) == 1
    assert end_latencies(matches) == ()


def test_attribution_asks_long_turns_only() -> None:
    asked = [
        reference("X", 0, 2, "a"),
        reference("Y", 4, 6, "a"),
        reference("X", 8, 10, "a"),
        reference("Y", 12, 13, "a"),
    ]
    said = [
        hypothesis("1", 0, 2, "a"),
        hypothesis("2", 4, 6, "a"),
        hypothesis("2", 8, 10, "a"),
        hypothesis("1", 12, 13, "a"),
    ]
    assert count_attribution(match_turns(asked, said)) == AttributionCounts(turns=3, wrong=1)
