"""Faster or slower with the pitch kept: WSOLA (Verhelst and Roelands 1993).

The sound is cut into overlapping frames. Each comes from where the speed says, or rather from where
near it the sound goes on most like the frame before would have: so no period of a voice is broken.
At speed 1 that is the very place, and the output is the input.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]
Read = Callable[[int, int], Samples]
"""Gives frames from a position (not negative) on, silence where there are none."""

HOP_S = 0.02
SEARCH_S = 0.0125
"""How far from its place a frame may come: the period of a voice of 40 Hz, half each way."""
SLOWEST, FASTEST = 0.5, 2.0


class Stretcher:
    """Plays what ``read`` gives, from ``position`` on, in blocks of :attr:`hop` frames.

    Attributes:
        hop: frames of each block.
    """

    def __init__(self, read: Read, rate: int, position: int = 0) -> None:
        self._read = read
        self.hop = round(HOP_S * rate)
        self._reach = round(SEARCH_S * rate)
        window = np.hanning(2 * self.hop + 1)[:-1].astype(np.float32)
        self._rise, self._fall = window[: self.hop], window[self.hop :]
        self.seek(position)

    def seek(self, position: int) -> None:
        """Go on from another frame."""
        self._place = float(position)
        self._natural = position  # where the frame before goes on

    @property
    def position(self) -> int:
        """The frame of the input that the next block begins with."""
        return round(self._place)

    def next(self, speed: float) -> Samples:
        """The next block at a speed between :data:`SLOWEST` and :data:`FASTEST`: (hop,)."""
        fading = self._read(self._natural, self.hop)
        start = self._natural if speed == 1.0 else self._likest(fading)
        block = self._fall * fading + self._rise * self._read(start, self.hop)
        self._natural = start + self.hop
        self._place = float(self._natural) if speed == 1.0 else self._place + speed * self.hop
        return np.asarray(block, np.float32)

    def _likest(self, wanted: Samples) -> int:
        """The start of the frame near its place that is most like ``wanted``."""
        first = max(0, self.position - self._reach)
        near = self._read(first, self.hop + 2 * self._reach)
        energy = np.cumsum(np.square(near, dtype=np.float64))
        energy = energy[self.hop - 1 :] - np.concatenate(([0.0], energy[: -self.hop]))
        likeness = np.correlate(near, wanted, "valid") / np.sqrt(energy + 1e-6)
        return first + int(likeness.argmax()) if likeness.any() else self.position
