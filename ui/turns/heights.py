"""Where the rows of a list lie, one below the other, in pixels. Knows no Qt."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate, islice

UNMEASURED = 0
"""The stamp of a height that is a guess; measured ones carry 1, 2, 3, ..."""


class Heights:
    """Heights and their sums. A sum is made again only below the first row that changed.

    While people talk that is at the end of the list, so a new row costs the same in every meeting.
    Heights may also be learnt and be used later, all at once.
    """

    def __init__(self) -> None:
        self._heights: list[int] = []
        self._learnt: list[int] = []  # the same, unless something is known that is not used yet
        self._stamps: list[int] = []
        self._edges = [0]  # the top of row 0, 1, ..., as far down as nothing has changed
        self._moved: int | None = None

    def __len__(self) -> int:
        return len(self._heights)

    @property
    def whole(self) -> int:
        """The height of all rows together."""
        return self._summed()[-1]

    def top(self, row: int) -> int:
        """Where a row begins."""
        return (self._edges if row < len(self._edges) else self._summed())[row]

    def height(self, row: int) -> int:
        """How high a row is."""
        return self._heights[row]

    def row_at(self, y: int) -> int:
        """The row at a height; -1 above the first and below the last one."""
        edges = self._summed()
        return bisect_right(edges, y) - 1 if 0 <= y < edges[-1] else -1

    def refill(self, guesses: Sequence[int]) -> None:
        """All rows are others."""
        self._heights, self._learnt = list(guesses), list(guesses)
        self._stamps = [UNMEASURED] * len(guesses)
        self._move(0)

    def insert(self, row: int, guesses: Sequence[int]) -> None:
        """Rows came in, before ``row``."""
        self._heights[row:row] = self._learnt[row:row] = guesses
        self._stamps[row:row] = [UNMEASURED] * len(guesses)
        self._move(row)

    def remove(self, first: int, last: int) -> None:
        """These rows and all between them are gone."""
        for each in (self._heights, self._learnt, self._stamps):
            del each[first : last + 1]
        self._move(first)

    def doubt(self, row: int) -> None:
        """A row says something else: its height is a guess."""
        self._stamps[row] = UNMEASURED

    def learn(self, row: int, height: int, stamp: int) -> None:
        """A height was measured; it counts from the next :meth:`use` on."""
        self._learnt[row] = height
        self._stamps[row] = stamp

    def put(self, row: int, height: int, stamp: int) -> None:
        """A height was measured, and counts."""
        self.learn(row, height, stamp)
        if self._heights[row] != height:
            self._heights[row] = height
            self._move(row)

    def use(self) -> None:
        """What was learnt counts from now on."""
        if self._heights != self._learnt:
            self._heights = list(self._learnt)
            self._move(0)

    def stale(self, stamp: int, rows: range | None = None) -> list[int]:
        """Those of the rows that were not measured under this stamp, since they last changed."""
        if rows is None:
            return [row for row, measured in enumerate(self._stamps) if measured != stamp]
        return [row for row in rows if self._stamps[row] != stamp]

    def settle(self) -> int | None:
        """The first row that lies elsewhere or is higher or lower than when this was last asked."""
        moved, self._moved = self._moved, None
        return moved

    def _move(self, row: int) -> None:
        """A row is of another height, so all below it lie elsewhere."""
        del self._edges[row + 1 :]
        self._moved = row if self._moved is None else min(row, self._moved)

    def _summed(self) -> list[int]:
        edges = self._edges
        if len(edges) <= len(self._heights):
            fresh = self._heights[len(edges) - 1 :]
            edges += islice(accumulate(fresh, initial=edges[-1]), 1, None)
        return edges
