"""Takes the heights of rows: at once where somebody looks, of all others when there is time."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer

from ui.turns.following_list import FollowingList

CHUNK = 80
"""Rows measured in one go while nothing is shown of them."""
NEAR = CHUNK // 2


class Measuring:
    """Measures the rows of one list. ``measure`` takes a row, and whether it is drawn soon."""

    def __init__(self, view: FollowingList, measure: Callable[[int, bool], int]) -> None:
        self._view = view
        self._measure = measure
        self._stamp = 0
        self._chunks = QTimer(view, interval=0)
        self._chunks.timeout.connect(self._measure_chunk)

    @property
    def busy(self) -> bool:
        """Whether some heights out of sight are still guesses."""
        return self._chunks.isActive()

    def anew(self) -> None:
        """Every height is in doubt: lines break elsewhere, or all rows are new."""
        self._stamp += 1
        self.later()

    def later(self) -> None:
        """What is seen is measured at once, the rest when there is time."""
        self.now(self._view.near(NEAR))
        if self._view.isVisible():
            self._chunks.start()

    def now(self, rows: range) -> None:
        """Measure these rows, unless they are measured, and put them where they lie."""
        heights = self._view.heights
        for row in heights.stale(self._stamp, rows):
            heights.put(row, self._measure(row, True), self._stamp)
        self._view.place()

    def around(self, row: int) -> None:
        """Measure what is seen when a row is in the middle."""
        last = min(len(self._view.heights), row + NEAR // 2)
        self.now(range(max(0, row - NEAR // 2), last))

    def stop(self) -> None:
        """Nobody looks: nothing to measure."""
        self._chunks.stop()

    def _measure_chunk(self) -> None:
        """Rows that are seen are placed at once, all others when all are measured.

        Otherwise the scroll bar would creep all the time.
        """
        heights, near = self._view.heights, self._view.near(NEAR)
        if heights.stale(self._stamp, near):
            self.now(near)
            return
        stale = heights.stale(self._stamp)
        for row in stale[:CHUNK]:
            heights.learn(row, self._measure(row, False), self._stamp)
        if not stale:
            heights.use()
            self._view.place()
            self._chunks.stop()
