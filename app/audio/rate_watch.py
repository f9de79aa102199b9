"""Notices that a device delivers at another rate than the one it was opened with."""

from __future__ import annotations

import time
from collections.abc import Callable

WINDOW_S = 10.0
WINDOWS = 3
TOLERANCE = 0.06
"""44.1 and 48 kHz are 8 % apart."""


class RateWatch:
    """Counts frames by the clock of the computer.

    A device may stall and catch up, or deliver in steps of seconds: only what is off in the same
    direction in three windows one after the other is another rate.
    """

    def __init__(self, rate: int, now: Callable[[], float] = time.monotonic) -> None:
        """Expect ``rate`` frames per second."""
        self._rate = rate
        self._now = now
        self._began: float | None = None
        self._frames = 0
        self._off = 0  # windows one after the other, negative for too slow

    def count(self, frames: int) -> None:
        """So many frames have just come."""
        if self._began is None:  # the first ones took an unknown time
            self._began = self._now()
            return
        self._frames += frames
        elapsed_s = self._now() - self._began
        if elapsed_s >= WINDOW_S:
            self._judge(self._frames / (elapsed_s * self._rate) - 1.0)
            self._began, self._frames = self._now(), 0

    @property
    def wrong(self) -> bool:
        """Whether it is another rate."""
        return abs(self._off) >= WINDOWS

    def _judge(self, off: float) -> None:
        if abs(off) <= TOLERANCE:
            self._off = 0
        elif off > 0:
            self._off = max(self._off, 0) + 1
        else:
            self._off = min(self._off, 0) - 1
