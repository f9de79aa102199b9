"""Regions: longitude and latitude cut where the word error rates differ most (arXiv 2207.07850).

The region whose best cut shows the largest difference is cut next, until no cut leaves enough
speakers and words on both sides or there are enough regions. Longitudes do not wrap around.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from engine.errors import EngineError
from engine.evaluation.intervals import Interval, bootstrap
from engine.fairness.places import Place
from engine.fairness.tally import Gap, Members, Tally, measure

Degrees = NDArray[np.float64]
"""Latitude and longitude of each speaker, (speakers, 2)."""


@dataclass(frozen=True)
class Box:
    """From south to north and from west to east; a place on the edge is south or west of it."""

    south: float = -90.0
    north: float = 90.0
    west: float = -180.0
    east: float = 180.0

    def holds(self, degrees: Degrees) -> Members:
        """Which places lie in it."""
        south, north = _from(self.south, -90.0), self.north
        west, east = _from(self.west, -180.0), self.east
        latitude, longitude = degrees[:, 0], degrees[:, 1]
        inside: Members = (south < latitude) & (latitude <= north)
        return inside & (west < longitude) & (longitude <= east)

    def halves(self, axis: int, at: float) -> tuple[Box, Box]:
        """South and north (axis 0), or west and east (axis 1) of a cut."""
        if axis == 0:
            return replace(self, north=at), replace(self, south=at)
        return replace(self, east=at), replace(self, west=at)


def _from(edge: float, end: float) -> float:
    """Nothing lies beyond the end of the world, and the end belongs to it."""
    return -np.inf if edge == end else edge


@dataclass(frozen=True)
class Limits:
    """How small regions may be, and how many there may be."""

    speakers: int = 5
    words: int = 100
    regions: int = 12


@dataclass(frozen=True)
class _Cut:
    difference: float
    axis: int
    at: float


@dataclass(frozen=True)
class _Leaf:
    box: Box
    members: NDArray[np.intp]
    cut: _Cut | None


def as_degrees(places: Sequence[Place]) -> Degrees:
    """Places as an array."""
    return np.array(places, dtype=float).reshape(-1, 2)


def grow(degrees: Degrees, tally: Tally, limits: Limits) -> list[Box]:
    """The regions of a world, worst first.

    Raises:
        EngineError: when there are too few speakers or words for two.
    """
    leaves = [_leaf(Box(), np.arange(len(tally)), degrees, tally, limits)]
    while len(leaves) < limits.regions:
        able = [leaf for leaf in leaves if leaf.cut]
        if not able:
            break
        chosen = max(able, key=lambda leaf: leaf.cut.difference if leaf.cut else 0.0)
        leaves.remove(chosen)
        leaves += _divided(chosen, degrees, tally, limits)
    if len(leaves) == 1:
        raise EngineError(
            f"{len(tally)} speakers with coordinates, {tally.words.sum():.0f} words, are too few "
            f"for two regions of {limits.speakers} speakers and {limits.words} words at different "
            "places: fill in the columns 'latitude' and 'longitude' (or 'region') for more of "
            "them, or give lower --fewest-speakers and --fewest-words."
        )
    rates = [-tally.wer(leaf.box.holds(degrees)) for leaf in leaves]
    return [leaves[i].box for i in np.argsort(rates, kind="stable")]


def _divided(leaf: _Leaf, degrees: Degrees, tally: Tally, limits: Limits) -> list[_Leaf]:
    assert leaf.cut is not None
    low = degrees[leaf.members, leaf.cut.axis] <= leaf.cut.at
    parts = zip(
        leaf.box.halves(leaf.cut.axis, leaf.cut.at),
        (leaf.members[low], leaf.members[~low]),
        strict=True,
    )
    return [_leaf(box, some, degrees, tally, limits) for box, some in parts]


def _leaf(
    box: Box, members: NDArray[np.intp], degrees: Degrees, tally: Tally, limits: Limits
) -> _Leaf:
    cuts = [cut for axis in (0, 1) if (cut := _best_cut(axis, members, degrees, tally, limits))]
    return _Leaf(box, members, max(cuts, key=lambda cut: cut.difference, default=None))


def _best_cut(
    axis: int, members: NDArray[np.intp], degrees: Degrees, tally: Tally, limits: Limits
) -> _Cut | None:
    """The cut across an axis with the largest difference of error rates; None if none may be."""
    order = members[np.argsort(degrees[members, axis], kind="stable")]
    at = degrees[order, axis]
    errors, words = np.cumsum(tally.errors[order]), np.cumsum(tally.words[order])
    last = np.arange(len(order) - 1)  # the last speaker on the low side
    if not len(last):
        return None
    low, high = words[last], words[-1] - words[last]
    allowed = (at[last] < at[last + 1]) & (low >= limits.words) & (high >= limits.words)
    allowed &= (last + 1 >= limits.speakers) & (len(order) - last - 1 >= limits.speakers)
    last = last[allowed & (low > 0) & (high > 0)]
    if not len(last):
        return None
    rates = errors[last] / words[last], (errors[-1] - errors[last]) / (words[-1] - words[last])
    difference = np.abs(rates[0] - rates[1])
    best = int(last[difference.argmax()])
    return _Cut(float(difference.max()), axis, float((at[best] + at[best + 1]) / 2))


@dataclass(frozen=True)
class Spread:
    """Error rates of regions, each region counted once, however many people live there.

    ``variance`` is of percentages: points squared.
    """

    mean: Interval
    maximum: Interval
    variance: Interval


def spread(regions: Sequence[Members], tally: Tally) -> Spread:
    """Mean, maximum and variance over regions, given who lives in each."""
    home = np.stack(regions).argmax(axis=0)
    count = len(regions)

    def rates(sample: NDArray[np.intp]) -> NDArray[np.float64]:
        errors = np.bincount(home[sample], tally.errors[sample], count)
        words = np.bincount(home[sample], tally.words[sample], count)
        there: NDArray[np.float64] = errors[words > 0] / words[words > 0]
        return there

    return Spread(
        bootstrap(len(tally), lambda sample: float(rates(sample).mean())),
        bootstrap(len(tally), lambda sample: float(rates(sample).max())),
        bootstrap(len(tally), lambda sample: float(np.var(100 * rates(sample)))),
    )


def region_gap(degrees: Degrees, tally: Tally, limits: Limits) -> Gap:
    """The worst region against everybody elsewhere; by chance the tree is grown anew."""

    def search(counted: Tally) -> Members:
        return grow(degrees, counted, limits)[0].holds(degrees)

    return measure("place (tree)", tally, search, lambda _: "region 1")
