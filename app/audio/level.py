"""Loudness for a level meter."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

UPDATES_PER_S = 20
FLOOR_DBFS = -96.0  # one step of int16, about
_FULL_SCALE = 32_768.0

LevelListener = Callable[[float, float], None]
"""Takes the peak and the root mean square in dB relative to full scale."""


class LevelMeter:
    """Tells a listener about twenty times per second of audio how loud it is."""

    def __init__(self, rate: int, listener: LevelListener) -> None:
        """Measure audio of ``rate`` frames per second."""
        self._span = max(1, rate // UPDATES_PER_S)
        self._listener = listener
        self._peak = self._energy = 0.0
        self._values = self._frames = 0

    def push(self, frames: NDArray[np.int16]) -> None:
        """Measure (n, channels) frames; a block longer than one update is one update."""
        if not frames.size:
            return
        values = frames.astype(np.float64)
        self._peak = max(self._peak, float(np.abs(values).max()))
        self._energy += float(np.square(values).sum())
        self._values += values.size
        self._frames += len(frames)
        if self._frames >= self._span:
            self._listener(_dbfs(self._peak), _dbfs(math.sqrt(self._energy / self._values)))
            self._reset()

    def _reset(self) -> None:
        self._peak = self._energy = 0.0
        self._values = self._frames = 0


def _dbfs(amplitude: float) -> float:
    return max(FLOOR_DBFS, 20 * math.log10(max(amplitude, 1e-9) / _FULL_SCALE))
