"""Equal error rates against a sweep over all thresholds, and redrawn speakers."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.evaluation.equal_error import Redrawn, Roc, equal_error_rate
from engine.evaluation.trials import Trial
from tests.unit.engine.voices.people import said


def swept(scores: list[float], same: list[bool]) -> float:
    """By counting the errors at every threshold; straight between two of them."""
    values, truth = np.array(scores), np.array(same)
    thresholds = [-np.inf, *(np.nextafter(v, np.inf) for v in sorted(set(scores)))]
    errors = [
        (float((values[truth] < t).mean()), float((values[~truth] >= t).mean())) for t in thresholds
    ]
    for (miss0, accept0), (miss1, accept1) in pairwise(errors):
        if miss0 <= accept0 and miss1 >= accept1:
            share = (accept0 - miss0) / ((accept0 - miss0) + (miss1 - accept1))
            return miss0 + share * (miss1 - miss0)
    raise AssertionError("curves from (0, 1) to (1, 0) cross")


trials = st.lists(st.tuples(st.integers(0, 12), st.booleans()), min_size=2, max_size=40).filter(
    lambda drawn: len({same for _, same in drawn}) == 2
)


@settings(max_examples=300)
@given(trials)
def test_it_is_what_a_sweep_over_all_thresholds_finds(drawn: list[tuple[int, bool]]) -> None:
    scores, same = [s / 12 for s, _ in drawn], [truth for _, truth in drawn]
    assert equal_error_rate(scores, same) == pytest.approx(swept(scores, same), abs=1e-12)


@given(trials, st.randoms(use_true_random=False))
def test_weights_are_trials_that_come_several_times(drawn, random) -> None:  # type: ignore[no-untyped-def]
    counts = [random.randint(0, 3) for _ in drawn]
    often = [trial for trial, count in zip(drawn, counts, strict=True) for _ in range(count)]
    weighted = Roc([s for s, _ in drawn], [t for _, t in drawn]).equal_error(
        np.array(counts, float)
    )
    if len({same for _, same in often}) < 2:
        assert np.isnan(weighted)
    else:
        expected = equal_error_rate([s for s, _ in often], [t for _, t in often])
        assert weighted == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(
    ("scores", "same", "rate"),
    [
        ([1, 2, 3, 4], [False, False, True, True], 0.0),
        ([1, 2, 3, 4], [True, True, False, False], 1.0),
        ([1, 2, 3, 4], [False, True, False, True], 0.5),
        ([1, 1], [False, True], 0.5),  # nothing tells them apart
        ([1, 2, 3, 4, 5, 6, 7, 8], [0, 0, 0, 1, 0, 1, 1, 1], 0.25),
    ],
)
def test_known_cases(scores: list[float], same: list[bool], rate: float) -> None:
    assert equal_error_rate(scores, same) == pytest.approx(rate)


def test_without_both_kinds_of_trials_there_is_no_rate() -> None:
    assert np.isnan(equal_error_rate([1.0, 2.0], [True, True]))
    assert np.isnan(equal_error_rate([], []))


def test_redrawn_speakers_take_all_of_their_trials_along() -> None:
    a, b, c = said("a", 2), said("b", 2), said("c", 1)
    made = [Trial(a[0], a[1]), Trial(b[0], b[1]), Trial(a[0], b[0]), Trial(b[1], c[0])]
    redrawn = Redrawn(made, resamples=50)
    everything = np.arange(4)
    seen = set()
    for number in range(len(redrawn)):
        of_a, of_b, a_and_b, b_and_c = redrawn.weights(number, everything)
        assert a_and_b == of_a * of_b
        assert b_and_c == of_b * (3 - of_a - of_b)
        seen.add((of_a, of_b))
    assert len(seen) > 3
    again = Redrawn(made, resamples=50)
    np.testing.assert_array_equal(again.weights(7, everything), redrawn.weights(7, everything))
