"""A list view of rows of different heights that places only what is new.

Qt's own list places all of its rows anew whenever one comes or grows. Here the view has their
heights (:class:`~ui.turns.heights.Heights`), and whoever asks where a row lies is told from them.
"""

from __future__ import annotations

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPoint, QRect, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from ui.models import Index
from ui.turns.heights import Heights

Hint = QAbstractItemView.ScrollHint


class RowPlaces(QListView):
    """Rows over the whole width; :meth:`guess` says how high they are until they are measured.

    It is a ``QListView`` to screen readers, selections and editors; nothing of that one's layout
    is used. What asks it for the place of an item (``visualIndex``, ``rectForIndex``) is of no use.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.heights = Heights()
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAutoScroll(False)

    def guess(self, rows: range) -> list[int]:
        """About how high rows are, in pixels: they are new and not measured yet."""
        raise NotImplementedError

    def rows_in_sight(self) -> range:
        """The rows of which something is to be seen."""
        return self.rows_between(0, self.viewport().height() - 1)

    def place(self) -> None:
        """Heights may have changed: put the rows below where they lie now."""
        if (moved := self.heights.settle()) is not None:
            self.updateGeometries()
            self.keep_place()
            below = self.viewport().rect()
            if moved < len(self.heights):
                below.setTop(max(0, self.heights.top(moved) - self.verticalOffset()))
            self.viewport().update(below)

    def keep_place(self) -> None:
        """Scroll to where the list is to stand now that rows moved."""

    def visualRect(self, index: Index) -> QRect:  # noqa: N802 - Qt's name
        """Where a row lies in the viewport; nowhere if it is not there."""
        row = index.row()
        if not 0 <= row < len(self.heights):
            return QRect()
        top = self.heights.top(row) - self.verticalOffset()
        return QRect(0, top, self.viewport().width(), self.heights.height(row))

    def indexAt(self, point: QPoint) -> QModelIndex:  # noqa: N802
        """The row under a point of the viewport."""
        if not 0 <= point.x() < self.viewport().width():
            return QModelIndex()
        row = self.heights.row_at(point.y() + self.verticalOffset())
        return self.model().index(row, 0) if row >= 0 else QModelIndex()

    def scrollTo(self, index: Index, hint: Hint = Hint.EnsureVisible) -> None:  # noqa: N802
        """Bring a row into sight."""
        area, high = self.visualRect(index), self.viewport().height()
        if area.isNull():
            return
        above, below = area.top(), area.top() + area.height() - high
        moves = {
            Hint.EnsureVisible: min(above, max(below, 0)) if above > 0 else above,
            Hint.PositionAtTop: above,
            Hint.PositionAtBottom: below,
            Hint.PositionAtCenter: (above + below) // 2,
        }
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + moves[hint])

    def setModel(self, model: QAbstractItemModel | None) -> None:  # noqa: N802
        """Show another model."""
        if (former := self.model()) is not None:
            former.rowsRemoved.disconnect(self._drop)
        super().setModel(model)
        if model is not None:
            model.rowsRemoved.connect(self._drop)

    def reset(self) -> None:
        """All rows are others."""
        rows = self.model().rowCount() if self.model() else 0
        self.heights.refill(self.guess(range(rows)))
        QAbstractItemView.reset(self)

    def rowsInserted(self, parent: Index, first: int, last: int) -> None:  # noqa: N802
        """Rows came in: they have guessed heights. :meth:`place` is called when all have come."""
        self.heights.insert(first, self.guess(range(first, last + 1)))
        QAbstractItemView.rowsInserted(self, parent, first, last)

    def rowsAboutToBeRemoved(self, parent: Index, first: int, last: int) -> None:  # noqa: N802
        """Rows go: what is current becomes another one."""
        QAbstractItemView.rowsAboutToBeRemoved(self, parent, first, last)

    def doItemsLayout(self) -> None:  # noqa: N802
        """Nothing to lay out: Qt asks for it after a change of style or font."""
        QAbstractItemView.doItemsLayout(self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """There is more or less room."""
        QAbstractItemView.resizeEvent(self, event)

    def updateGeometries(self) -> None:  # noqa: N802
        """The scroll bar is as long as all rows are high."""
        bar, high = self.verticalScrollBar(), self.viewport().height()
        bar.setPageStep(high)
        bar.setRange(0, max(0, self.heights.whole - high))
        QAbstractItemView.updateGeometries(self)

    def scrollContentsBy(self, dx: int, dy: int) -> None:  # noqa: N802
        """Move what is drawn already; Qt's own list would look at rows that it never placed."""
        self.viewport().scroll(dx, dy)

    def verticalOffset(self) -> int:  # noqa: N802
        """How much of the rows is above the viewport."""
        return self.verticalScrollBar().value()

    def horizontalOffset(self) -> int:  # noqa: N802
        """Rows are as wide as the viewport."""
        return 0

    def isIndexHidden(self, index: Index) -> bool:  # noqa: N802
        """No row is."""
        return False

    def _drop(self, _parent: QModelIndex, first: int, last: int) -> None:
        self.heights.remove(first, last)
        self.place()

    def rows_between(self, top: int, bottom: int) -> range:
        """The rows that touch these lines of the viewport, and all between."""
        offset, whole = self.verticalOffset(), self.heights.whole
        first, last = max(top + offset, 0), min(bottom + offset, whole - 1)
        if first > last:
            return range(0)
        return range(self.heights.row_at(first), self.heights.row_at(last) + 1)
