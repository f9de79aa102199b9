"""Draws the rows of a list, leads the keyboard through them, and tells screen readers of that."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QModelIndex, QRect, Qt
from PySide6.QtGui import QAccessible, QAccessibleEvent, QPainter, QPaintEvent, QRegion
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyleOptionViewItem

from ui.models import Index
from ui.turns.row_places import RowPlaces

Action = QAbstractItemView.CursorAction
HasFocus = QStyle.StateFlag.State_HasFocus
Selected = QStyle.StateFlag.State_Selected


class RowList(RowPlaces):
    """Rows that can be seen, selected and walked through."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the rows that are to be drawn."""
        option = QStyleOptionViewItem()
        self.initViewItemOption(option)
        look = option.state & ~HasFocus & ~Selected
        current = self.currentIndex().row() if self.hasFocus() else -1
        chosen, painter = self.selectionModel(), QPainter(self.viewport())
        for index in self._between(event.rect().top(), event.rect().bottom()):
            option.rect = self.visualRect(index)
            if not event.region().intersects(option.rect):
                continue
            option.state = look | HasFocus if index.row() == current else look
            if chosen.isSelected(index):
                option.state |= Selected
            self.itemDelegate().paint(painter, option, index)

    def moveCursor(  # noqa: N802
        self, action: Action, modifiers: Qt.KeyboardModifier
    ) -> QModelIndex:
        """Where a key leads to."""
        rows, current = len(self.heights), self.currentIndex().row()
        if not rows:
            return QModelIndex()
        leads = {
            Action.MoveUp: current - 1,
            Action.MovePrevious: current - 1,
            Action.MoveDown: current + 1,
            Action.MoveNext: current + 1,
            Action.MoveHome: 0,
            Action.MoveEnd: rows - 1,
        }
        if action in (Action.MovePageUp, Action.MovePageDown):
            to = self._page_from(current, -1 if action is Action.MovePageUp else 1)
        else:
            to = leads.get(action, current)
        return self.model().index(min(max(to, 0), rows - 1), 0)

    def setSelection(  # noqa: N802
        self, area: QRect, command: QItemSelectionModel.SelectionFlag
    ) -> None:
        """Select the rows that an area of the viewport touches."""
        area, chosen = area.normalized(), QItemSelection()
        if rows := self.rows_between(area.top(), area.bottom()):
            chosen.select(self.model().index(rows[0], 0), self.model().index(rows[-1], 0))
        self.selectionModel().select(chosen, command)

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:  # noqa: N802
        """What has to be drawn anew when these rows are selected or are no longer."""
        return QRegion(self.viewport().rect())

    def currentChanged(self, current: Index, previous: Index) -> None:  # noqa: N802
        """Tell screen readers where the keyboard is."""
        QAbstractItemView.currentChanged(self, current, previous)
        if current.isValid() and self.hasFocus():
            self._tell(QAccessible.Event.Focus, current)

    def selectionChanged(  # noqa: N802
        self, selected: QItemSelection, deselected: QItemSelection
    ) -> None:
        """Tell screen readers of the first row that was selected, and that is no longer."""
        pairs = (
            (QAccessible.Event.SelectionAdd, selected),
            (QAccessible.Event.SelectionRemove, deselected),
        )
        for event, rows in pairs:
            if not rows.isEmpty():
                self._tell(event, rows.first().topLeft())
        QAbstractItemView.selectionChanged(self, selected, deselected)

    def _tell(self, event: QAccessible.Event, index: Index) -> None:
        if QAccessible.isActive():
            told = QAccessibleEvent(self, event)
            told.setChild(index.row())
            QAccessible.updateAccessibility(told)

    def _between(self, top: int, bottom: int) -> Iterator[QModelIndex]:
        """The rows that touch these lines of the viewport and all between."""
        return (self.model().index(row, 0) for row in self.rows_between(top, bottom))

    def _page_from(self, row: int, direction: int) -> int:
        """The row a page further, or the next one where that is higher than the page."""
        if row < 0:
            return 0
        page = self.viewport().height() - self.heights.height(row)
        top = self.heights.top(row) + direction * page
        to = self.heights.row_at(min(max(top, 0), self.heights.whole - 1))
        return min(to, row - 1) if direction < 0 else max(to, row + 1)
