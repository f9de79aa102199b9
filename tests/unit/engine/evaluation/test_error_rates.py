from __future__ import annotations

from collections import defaultdict
from functools import cache
from itertools import permutations, product, zip_longest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.evaluation.error_rates import (
    WordErrors,
    cp_errors,
    orc_errors,
    plain_errors,
    tcp_errors,
    text_of,
    word_errors,
)
from engine.evaluation.segments import HypothesisTurn, ReferenceTurn

from .strategies import VOCABULARY, hypotheses, hypothesis, reference, references

texts = st.lists(st.sampled_from(VOCABULARY), max_size=6).map(" ".join)


@cache
def distance(left: tuple[str, ...], right: tuple[str, ...]) -> int:
    """Edit distance straight from its definition."""
    if not left or not right:
        return len(left) + len(right)
    return min(
        distance(left[1:], right) + 1,
        distance(left, right[1:]) + 1,
        distance(left[1:], right[1:]) + (left[0] != right[0]),
    )


def words_by(turns: list[ReferenceTurn] | list[HypothesisTurn], key: str) -> list[tuple[str, ...]]:
    groups: defaultdict[object, list[str]] = defaultdict(list)
    for turn in turns:
        groups[getattr(turn, key)].extend(word.text for word in turn.words)
    return [tuple(words) for words in groups.values()]


def brute_orc(asked: list[ReferenceTurn], said: list[HypothesisTurn]) -> int:
    channels = words_by(said, "channel") or [()]
    costs = []
    for choice in product(range(len(channels)), repeat=len(asked)):
        dealt: list[tuple[str, ...]] = [()] * len(channels)
        for turn, channel in zip(asked, choice, strict=True):
            dealt[channel] += tuple(word.text for word in turn.words)
        costs.append(sum(distance(a, b) for a, b in zip(dealt, channels, strict=True)))
    return min(costs)


def brute_cp(asked: list[ReferenceTurn], said: list[HypothesisTurn]) -> int:
    left, right = words_by(asked, "speaker"), words_by(said, "speaker")
    longer, shorter = (left, right) if len(left) >= len(right) else (right, left)
    return min(
        sum(distance(a, b) for a, b in zip_longest(order, shorter, fillvalue=()))
        for order in permutations(longer)
    )


@given(texts, texts)
def test_plain_errors_are_the_edit_distance(left: str, right: str) -> None:
    counted = plain_errors(left, right)
    assert counted.errors == distance(tuple(left.split()), tuple(right.split()))
    assert counted.length == len(left.split())
    assert counted.length - counted.deletions + counted.insertions == len(right.split())


@given(references, hypotheses)
def test_orc_is_the_best_dealing_of_turns(
    asked: list[ReferenceTurn], said: list[HypothesisTurn]
) -> None:
    counted, assignment = orc_errors(asked, said)
    assert counted.errors == brute_orc(asked, said)
    assert len(assignment) == len(asked)


@given(references, hypotheses)
def test_cp_is_the_best_permutation_of_speakers(
    asked: list[ReferenceTurn], said: list[HypothesisTurn]
) -> None:
    assert cp_errors(asked, said).errors == brute_cp(asked, said)


@given(references, hypotheses)
def test_a_wide_collar_constrains_nothing(
    asked: list[ReferenceTurn], said: list[HypothesisTurn]
) -> None:
    assert tcp_errors(asked, said, collar_s=100).errors == cp_errors(asked, said).errors


@given(references, hypotheses)
def test_constraints_only_add_errors(
    asked: list[ReferenceTurn], said: list[HypothesisTurn]
) -> None:
    assert tcp_errors(asked, said, collar_s=0.1).errors >= cp_errors(asked, said).errors


@given(references, hypotheses)
def test_every_rate_counts_the_same_reference_words(
    asked: list[ReferenceTurn], said: list[HypothesisTurn]
) -> None:
    counts = [word_errors(asked, said), orc_errors(asked, said)[0]]
    counts += [cp_errors(asked, said), tcp_errors(asked, said)]
    assert {count.length for count in counts} == {len(text_of(asked).split())}


def test_words_far_away_in_time_do_not_match() -> None:
    asked, said = [reference("X", 0, 1, "a b")], [hypothesis("1", 20, 21, "a b")]
    assert cp_errors(asked, said).rate == 0.0
    assert tcp_errors(asked, said).rate == 2.0


def test_overlapping_turns_on_two_channels_cost_nothing_in_orc() -> None:
    asked = [reference("X", 0, 2, "a b"), reference("Y", 1, 3, "c c")]
    said = [hypothesis("1", 1, 3, "c c", channel=0), hypothesis("1", 0, 2, "a b", channel=1)]
    counted, assignment = orc_errors(asked, said)
    assert (counted.errors, assignment) == (0, (1, 0))


def test_errors_add_up() -> None:
    left, right = WordErrors(1, 2, 3, 10), WordErrors(0, 1, 0, 5)
    assert sum([left, right], start=WordErrors()) == WordErrors(1, 3, 3, 15)
    assert (left + right).rate == pytest.approx(7 / 15)


@pytest.mark.parametrize("counts", [(-1, 0, 0, 5), (3, 3, 0, 5)])
def test_impossible_counts_are_refused(counts: tuple[int, int, int, int]) -> None:
    with pytest.raises(ValueError, match=r"negative|more words"):
        WordErrors(*counts)
