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
        self._rows: list[tuple[int, int, int]] = []
        self._table: Moments | None = None
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
        return self._columns()[:, 0]

    @property
    def ends(self) -> Moments:
        """When each row ends."""
        return self._columns()[:, 1]

    @property
    def speakers(self) -> Moments:
        """Who speaks in each row; 0 for a gap."""
        return self._columns()[:, 2]

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

    def _columns(self) -> Moments:
        if self._table is None:
            self._table = np.array(self._rows, np.int64).reshape(-1, 3)
        return self._table

    def _insert(self, _: QModelIndex, first: int, last: int) -> None:
        if last - first < FEW and len(self._rows) + last - first + 1 == self._count():
            self._rows[first:first] = self._read(first, last)
            self._tell()

    def _remove(self, _: QModelIndex, first: int, last: int) -> None:
        del self._rows[first : last + 1]
        self._tell()

    def _refresh(self, first: int, last: int) -> None:
        if last - first >= FEW or len(self._rows) != self._count():
            self._refill()
            return
        rows = self._read(first, last)
        if rows != self._rows[first : last + 1]:
            self._rows[first : last + 1] = rows
            self._tell()

    def _refill(self) -> None:
        self.names.clear()
        self._rows = self._read(0, self._count() - 1)
        self._tell()

    def _tell(self) -> None:
        self._table = None
        self.changed.emit()

    def _count(self) -> int:
        return self._model.rowCount() if self._model else 0

    def _read(self, first: int, last: int) -> list[tuple[int, int, int]]:
        assert self._model is not None
        rows = map(self._model.row, range(first, last + 1))
        return [self._facts(row) for row in rows]

    def _facts(self, row: TurnRow | GapRow) -> tuple[int, int, int]:
        if isinstance(row, GapRow):
            return row.gap.start, row.gap.start + row.gap.length, 0
        self.names[row.speaker] = speaker_label(row.speaker, row.name)
        return row.start, row.until, row.speaker
