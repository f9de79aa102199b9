"""Which pixels of each lane of a timeline are spoken in. Vectors: 20,000 turns in no time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ui.review.outline import Moments
from ui.review.window_of_time import TimeWindow

Cover = NDArray[np.bool_]
Runs = list[tuple[int, int]]


def cover(
    starts: Moments, ends: Moments, lanes: Sequence[Moments], window: TimeWindow, width: int
) -> Cover:
    """(lanes, width): where somebody speaks. ``lanes`` has the rows of each lane."""
    covered = np.zeros((len(lanes), width), bool)
    for lane, rows in enumerate(lanes):
        begins, stops = starts[rows], ends[rows]
        seen = (stops > window.start) & (begins < window.end)
        left, right = _pixels(begins[seen], stops[seen], window, width)
        edges = np.zeros(width + 1, np.int64)
        np.add.at(edges, left, 1)
        np.add.at(edges, right, -1)
        covered[lane] = np.cumsum(edges[:-1]) > 0
    return covered


def runs(covered: Cover) -> Runs:
    """(left, width) in pixels of each stretch that is true: (width,) -> list."""
    edges = np.flatnonzero(np.diff(covered.astype(np.int8), prepend=0, append=0))
    return [(int(a), int(b - a)) for a, b in edges.reshape(-1, 2)]


def _pixels(
    begins: Moments, stops: Moments, window: TimeWindow, width: int
) -> tuple[Moments, Moments]:
    """First and last pixel; one is left free between two turns where there is room for it."""
    scale = width / window.length
    left = np.clip(np.floor((begins - window.start) * scale).astype(np.int64), 0, width - 1)
    right = np.ceil((stops - window.start) * scale).astype(np.int64)
    right = np.where(right - left > 4, right - 1, right)
    return left, np.clip(right, left + 1, width)
