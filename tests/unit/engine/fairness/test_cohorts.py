"""Cohorts are found where they were planted, and gaps are what counting by hand gives."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from engine.errors import EngineError
from engine.evaluation.error_rates import WordErrors
from engine.evaluation.utterances import SpeakerErrors
from engine.fairness.cohorts import attribute_gap, cohort_gap, discover, ranked
from engine.fairness.tally import Tally, by_chance
from tests.unit.engine.fairness.populations import tally


def voices(labels: np.ndarray, seed: int = 0) -> np.ndarray:
    """Unit-length vectors around a direction for each label."""
    random = np.random.default_rng(seed)
    directions = np.linalg.qr(random.standard_normal((16, 16)))[0][: labels.max() + 1]
    near = directions[labels] + 0.1 * random.standard_normal((len(labels), 16))
    unit: np.ndarray = (near / np.linalg.norm(near, axis=1, keepdims=True)).astype(np.float32)
    return unit


PLANTED = np.repeat([0, 1, 2, 3], [40, 30, 20, 10])
RATES = np.array([0.1, 0.12, 0.11, 0.4])[PLANTED]


def test_planted_cohorts_are_recovered() -> None:
    vectors = voices(PLANTED)
    found = discover(vectors, 4, fewest=5)
    assert adjusted_rand_score(PLANTED, found.labels) == 1.0
    worst = ranked(found, tally(RATES))[0][1]
    assert worst.speakers == tuple(f"s{i}" for i in range(90, 100))
    others = voices(np.array([3, 0, 3]), seed=0)
    label = found.labels[99]
    assert [k == label for k in found.of(others)] == [True, False, True]


def test_the_gap_of_the_planted_cohort_is_real_and_its_share_right() -> None:
    counted = tally(RATES)
    gap = cohort_gap(discover(voices(PLANTED), 4, fewest=5), counted)
    assert gap.share == pytest.approx(0.1)
    bottom = counted.errors[90:].sum() / counted.words[90:].sum()
    rest = counted.errors[:90].sum() / counted.words[:90].sum()
    assert gap.gap.value == pytest.approx(bottom / rest - 1)
    assert gap.gap.low < gap.gap.value < gap.gap.high
    assert gap.certain


def test_cohorts_that_differ_in_nothing_are_not_said_to() -> None:
    certain = [
        cohort_gap(discover(voices(PLANTED), 4, fewest=5), tally(np.full(100, 0.2), seed)).certain
        for seed in range(12)
    ]
    assert sum(certain) <= 3


def test_there_are_no_cohorts_with_too_few_speakers() -> None:
    vectors = voices(np.repeat([0, 1, 2], [10, 10, 2]))
    assert discover(vectors, 3, fewest=2).count == 3
    fewer = discover(vectors, 3, fewest=5)
    assert fewer.count == 2
    assert np.bincount(fewer.labels).min() >= 5
    with pytest.raises(EngineError, match=r"4 speakers .* too few .* lower --fewest-speakers"):
        discover(vectors[:4], 3, fewest=5)


def test_an_attribute_is_divided_where_the_gap_is_largest() -> None:
    rates = {"a": 0.1, "b": 0.3, "c": 0.15, "d": 0.5}
    values = [v for v, n in zip("abcd", (20, 10, 30, 3), strict=True) for _ in range(n)]
    counted = tally(np.array([rates[v] for v in values]))
    found = attribute_gap("letter", values, counted, fewest=5)
    assert found.gap.value == pytest.approx(_best_by_hand(values, counted, 5))
    assert found.bottom.name == "b, d"  # d alone are too few
    assert attribute_gap("letter", values, counted, fewest=3).bottom.name == "d"


def _best_by_hand(values: list[str], counted: Tally, fewest: int) -> float:
    names = sorted(set(values))
    gaps = []
    for size in range(1, len(names)):
        for some in combinations(names, size):
            inside = np.array([v in some for v in values])
            if fewest <= inside.sum() <= len(values) - fewest:
                gaps.append(counted.gap(inside))
    return max(gaps)


def test_many_values_are_divided_by_their_rates() -> None:
    values = [f"place {i % 30:02}" for i in range(300)]
    rates = np.array([0.5 if value < "place 03" else 0.1 for value in values])
    assert attribute_gap("home", values, tally(rates), 5).bottom.speakers == tuple(
        f"s{i}" for i in range(300) if i % 30 < 3
    )


def test_an_attribute_that_divides_nobody_says_so() -> None:
    with pytest.raises(EngineError, match="column 'sex' does not divide 10 speakers"):
        attribute_gap("sex", ["F"] * 10, tally(np.full(10, 0.2)), 2)


def test_chance_alone_makes_larger_gaps_of_fewer_people() -> None:
    def worst_ten(counted: Tally) -> np.ndarray:
        bottom = np.zeros(len(counted), bool)
        bottom[np.argsort(counted.errors / counted.words)[-len(counted) // 10 :]] = True
        return bottom

    def first_ten(counted: Tally) -> np.ndarray:
        return np.arange(len(counted)) < len(counted) // 10

    counted = tally(np.full(100, 0.2))
    assert by_chance(counted, worst_ten) > by_chance(counted, first_ten) > 0.0


def test_a_tally_pools_errors() -> None:
    people = [
        SpeakerErrors("ann", WordErrors(1, 1, 0, 4)),
        SpeakerErrors("bob", WordErrors(0, 0, 1, 16)),
    ]
    counted = Tally.of(people)
    assert counted.wer() == pytest.approx(3 / 20)
    assert counted.gap(np.array([True, False])) == pytest.approx((2 / 4) / (1 / 16) - 1)
    assert np.isnan(counted.gap(np.array([True, True])))
