"""The equal error rate of verification trials, with weights so that speakers can be redrawn."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from engine.evaluation.intervals import RESAMPLES, SEED, Interval
from engine.evaluation.trials import Trial

Floats = NDArray[np.float64]


class Roc:
    """Misses and false acceptances over all thresholds of some scores.

    Scores that are equal are one point of the curve, and between points it is a straight line: no
    order of the trials changes it.
    """

    def __init__(self, scores: Sequence[float] | Floats, same: Sequence[bool]) -> None:
        """Args: a score (the higher, the more alike) and the truth of each trial."""
        values, truth = np.asarray(scores, dtype=np.float64), np.asarray(same, dtype=bool)
        self._order = np.argsort(values, kind="stable")
        self._same = truth[self._order]
        self._ends = np.flatnonzero(np.diff(values[self._order], append=np.inf) > 0)

    def equal_error(self, weights: Floats | None = None) -> float:
        """Where both shares of errors are equal, 0 to 1; NaN if one kind of trial is missing.

        Args:
            weights: of each trial, in the order in which they were given; 1 if left out.
        """
        w = np.ones(len(self._order)) if weights is None else weights[self._order]
        missed = np.cumsum(np.where(self._same, w, 0.0))
        refused = np.cumsum(np.where(self._same, 0.0, w))
        if not len(w) or missed[-1] <= 0 or refused[-1] <= 0:
            return float("nan")
        miss = np.concatenate([[0.0], missed[self._ends] / missed[-1]])
        accept = np.concatenate([[1.0], 1.0 - refused[self._ends] / refused[-1]])
        return _crossing(miss, accept)


def _crossing(miss: Floats, accept: Floats) -> float:
    """Where a curve that rises and one that falls, both piecewise straight, meet."""
    after = int(np.argmax(miss >= accept))  # never the first point: 0 and 1
    lead, behind = miss[after] - accept[after], accept[after - 1] - miss[after - 1]
    share = behind / (lead + behind)
    return float(miss[after - 1] + share * (miss[after] - miss[after - 1]))


def equal_error_rate(scores: Sequence[float] | Floats, same: Sequence[bool]) -> float:
    """The equal error rate of trials, by interpolation of their ROC."""
    return Roc(scores, same).equal_error()


class Redrawn:
    """Weights of trials when the speakers are redrawn: the same draws for every system.

    A trial counts as often as its speakers were drawn together: with himself as often as he was,
    with another as often as the product.
    """

    def __init__(self, trials: Sequence[Trial], resamples: int = RESAMPLES, seed: int = SEED):
        """Args: the trials, in the order in which scores will be given."""
        pairs = [(trial.left.speaker, trial.right.speaker) for trial in trials]
        names = sorted({name for pair in pairs for name in pair})
        place = {name: i for i, name in enumerate(names)}
        self._left = np.array([place[left] for left, _ in pairs], dtype=np.intp)
        self._right = np.array([place[right] for _, right in pairs], dtype=np.intp)
        rng = np.random.default_rng(seed)
        drawn = rng.integers(len(names), size=(resamples, len(names)))
        self._counts = np.stack([np.bincount(row, minlength=len(names)) for row in drawn])

    def __len__(self) -> int:
        return len(self._counts)

    def weights(self, number: int, chosen: NDArray[np.intp]) -> Floats:
        """Of the chosen trials, in a resample."""
        counts = self._counts[number].astype(np.float64)
        left, right = self._left[chosen], self._right[chosen]
        weights: Floats = np.where(left == right, counts[left], counts[left] * counts[right])
        return weights


def interval(value: float, redrawn: Floats) -> Interval:
    """A figure with the middle 95 % of what it was when the speakers were redrawn."""
    known = redrawn[~np.isnan(redrawn)]
    low, high = np.percentile(known, [2.5, 97.5]) if known.size else (np.nan, np.nan)
    return Interval(value, float(low), float(high))
