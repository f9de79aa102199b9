"""Which moments belong to any of a number of stretches."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Audible:
    """Stretches that do not touch: start, end, start, end ... in seconds, ascending."""

    edges: NDArray[np.float64]

    @classmethod
    def of(cls, stretches: Iterable[tuple[float, float]]) -> Self:
        """The union of (start, end) pairs in seconds."""
        merged: list[list[float]] = []
        for start_s, end_s in sorted(stretches):
            if merged and start_s <= merged[-1][1]:
                merged[-1][1] = max(merged[-1][1], end_s)
            else:
                merged.append([start_s, end_s])
        return cls(np.array(merged, np.float64).ravel())

    def at(self, moments_s: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Whether each of (n,) moments lies in a stretch; its end does not."""
        return np.asarray(np.searchsorted(self.edges, moments_s, side="right") % 2 == 1)
