"""When who speaks, row by row: what the timeline draws and the player follows."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QModelIndex, QObject, Signal

from ui.models import TurnListModel
from ui.rows import GapRow, TurnRow
from ui.text import speaker_label

FEW = 200
"""Rows that are read one by one; when there are more, all of them are read again."""

Moments = NDArray[np.int64]


class Outline(QObject):
    """Follows a model; times in samples at 16 kHz. ``changed`` tells that something is different.

    Gaps are rows too, of speaker 0.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model: TurnListModel | None = None
        self._table = np.zeros((0, 3), np.int64)  # grows by halves: rows come one by one
        self._size = 0
        self.names: dict[int, str] = {}

    def follow(self, model: TurnListModel) -> None:
        """Tell of this model from now on."""
        if self._model is not None:
            self._model.disconnect(self)
        self._model = model
        model.rowsInserted.connect(self._insert)
        model.rowsRemoved.connect(self._remove)
        model.refreshed.connect(self._refresh)
        model.refilled.connect(self._refill)
        self._refill()

    @property
    def starts(self) -> Moments:
        """When each row begins; ascending."""
        return self._table[: self._size, 0]

    @property
    def ends(self) -> Moments:
        """When each row ends."""
        return self._table[: self._size, 1]

    @property
    def speakers(self) -> Moments:
        """Who speaks in each row; 0 for a gap."""
        return self._table[: self._size, 2]

    @property
    def length(self) -> int:
        """Where the last row ends."""
        return int(self.ends.max(initial=0))

    def at(self, position: int) -> list[int]:
        """The rows of the turns that go on at a moment."""
        going_on = (self.starts <= position) & (position < self.ends) & (self.speakers > 0)
        return [int(row) for row in np.flatnonzero(going_on)]

    def before(self, position: int) -> int:
        """The last row that begins no later; -1 if none does."""
        return int(np.searchsorted(self.starts, position, side="right")) - 1

    def _insert(self, _: QModelIndex, first: int, last: int) -> None:
        count = last - first + 1
        if count <= FEW and self._size + count == self._count():
            self._make_room(first, count)
            self._table[first : last + 1] = self._read(first, last)
            self.changed.emit()

    def _make_room(self, first: int, count: int) -> None:
        if self._size + count > len(self._table):
            more = np.zeros((count + self._size // 2, 3), np.int64)
            self._table = np.concatenate([self._table[: self._size], more])
        self._table[first + count : self._size + count] = self._table[first : self._size].copy()
        self._size += count

    def _remove(self, _: QModelIndex, first: int, last: int) -> None:
        count = last - first + 1
        self._table[first : self._size - count] = self._table[last + 1 : self._size].copy()
        self._size -= count
        self.changed.emit()

    def _refresh(self, first: int, last: int) -> None:
        if last - first >= FEW or self._size != self._count():
            self._refill()
            return
        rows = self._read(first, last)
        if not np.array_equal(rows, self._table[first : last + 1]):
            self._table[first : last + 1] = rows
            self.changed.emit()

    def _refill(self) -> None:
        self.names.clear()
        self._size = self._count()
        self._table = self._read(0, self._size - 1)
        self.changed.emit()

    def _count(self) -> int:
        return self._model.rowCount() if self._model else 0

    def _read(self, first: int, last: int) -> Moments:
        assert self._model is not None
        rows = map(self._model.row, range(first, last + 1))
        return np.array([self._facts(row) for row in rows], np.int64).reshape(-1, 3)

    def _facts(self, row: TurnRow | GapRow) -> tuple[int, int, int]:
        if isinstance(row, GapRow):
            return row.gap.start, row.gap.start + row.gap.length, 0
        self.names[row.speaker] = speaker_label(row.speaker, row.name)
        return row.start, row.until, row.speaker
