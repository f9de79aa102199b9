"""95 % confidence intervals by bootstrap over independent units: sessions, or speakers."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.evaluation.counts import ratio

RESAMPLES = 1000
SEED = 7

Statistic = Callable[[NDArray[np.intp]], float]
"""A figure of a sample, given which units are in it (one may be in it several times)."""

Shares = Sequence[tuple[float, float]]
"""Part and whole of each unit, such as errors and words."""


@dataclass(frozen=True)
class Interval:
    """A figure with its 95 % interval; NaN where there was nothing to measure."""

    value: float
    low: float
    high: float

    def to_dict(self) -> dict[str, float | None]:
        """As JSON can hold it: what could not be measured is None."""
        values = {"value": self.value, "low": self.low, "high": self.high}
        return {name: None if math.isnan(value) else value for name, value in values.items()}


def bootstrap(
    units: int, statistic: Statistic, *, resamples: int = RESAMPLES, seed: int = SEED
) -> Interval:
    """The statistic of all ``units``, and the middle 95 % of what it is when they are redrawn."""
    if units == 0:
        return Interval(float("nan"), float("nan"), float("nan"))
    drawn = np.random.default_rng(seed).integers(units, size=(resamples, units))
    redrawn = np.array([statistic(sample) for sample in drawn])
    known = redrawn[~np.isnan(redrawn)]
    low, high = np.percentile(known, [2.5, 97.5]) if known.size else (np.nan, np.nan)
    return Interval(statistic(np.arange(units)), float(low), float(high))


def pooled_ratio(shares: Shares) -> Statistic:
    """All parts by all wholes, such as a word error rate over sessions."""
    parts = np.array([part for part, _ in shares], dtype=float)
    wholes = np.array([whole for _, whole in shares], dtype=float)
    return lambda sample: ratio(float(parts[sample].sum()), float(wholes[sample].sum()))


def ratio_interval(shares: Shares, *, resamples: int = RESAMPLES, seed: int = SEED) -> Interval:
    """Pooled ratio of the units' parts and wholes, with its interval."""
    return bootstrap(len(shares), pooled_ratio(shares), resamples=resamples, seed=seed)


def paired_difference(
    ours: Statistic,
    theirs: Statistic,
    units: int,
    *,
    relative: bool = False,
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> Interval:
    """``ours - theirs`` on the same units, redrawn together; relative: as a share of ``theirs``."""

    def difference(sample: NDArray[np.intp]) -> float:
        base = theirs(sample)
        return ratio(ours(sample) - base, base if relative else 1.0)

    return bootstrap(units, difference, resamples=resamples, seed=seed)
