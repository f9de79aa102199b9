from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.evaluation.intervals import (
    Interval,
    paired_difference,
    pooled_ratio,
    ratio_interval,
)

shares = st.lists(st.tuples(st.integers(0, 20), st.integers(1, 20)), min_size=1, max_size=10)


@given(shares)
def test_the_interval_holds_ratios_that_the_units_have(units: list[tuple[int, int]]) -> None:
    interval = ratio_interval(units, resamples=50)
    ratios = [part / whole for part, whole in units]
    assert interval.value == pytest.approx(sum(p for p, _ in units) / sum(w for _, w in units))
    assert min(ratios) - 1e-9 <= interval.low <= interval.high <= max(ratios) + 1e-9


@given(shares)
def test_the_same_seed_gives_the_same_interval(units: list[tuple[int, int]]) -> None:
    assert ratio_interval(units, resamples=20) == ratio_interval(units, resamples=20)


def test_the_interval_covers_as_often_as_it_says() -> None:
    generator = np.random.default_rng(1)
    covered = 0
    for seed in range(200):
        sample = generator.normal(0.0, 1.0, 60)
        interval = ratio_interval([(x, 1.0) for x in sample], resamples=300, seed=seed)
        covered += interval.low <= 0.0 <= interval.high
    assert 0.89 <= covered / 200 <= 0.99


def test_pairing_takes_the_difficulty_of_the_units_out() -> None:
    theirs = [(i, 20) for i in range(1, 19)]
    ours = [(i - 1, 20) for i in range(1, 19)]
    gain = paired_difference(pooled_ratio(ours), pooled_ratio(theirs), 18)
    assert (gain.value, gain.low, gain.high) == pytest.approx((-0.05, -0.05, -0.05))


def test_a_relative_difference_is_a_share_of_theirs() -> None:
    gain = paired_difference(pooled_ratio([(6, 10)]), pooled_ratio([(8, 10)]), 1, relative=True)
    assert gain.value == pytest.approx(-0.25)


@pytest.mark.parametrize("units", [[], [(0, 0), (0, 0)]])
def test_nothing_to_measure_is_no_number(units: list[tuple[int, int]]) -> None:
    interval = ratio_interval(units)
    assert isinstance(interval, Interval)
    assert all(map(math.isnan, (interval.value, interval.low, interval.high)))
