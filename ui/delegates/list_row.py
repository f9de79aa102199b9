"""What the rows of all lists have in common: how a chosen one looks, and how a line is written."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from ui.theme import Theme

Index = QModelIndex | QPersistentModelIndex


class ListRowDelegate(QStyledItemDelegate):
    """Draws a row in the colours of the theme."""

    margin = 8
    """Pixels between the edge of the list and what marks a row."""

    def __init__(self, theme: Theme, parent: QAbstractItemView) -> None:
        super().__init__(parent)
        self._theme = theme

    def _paint_state(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        """Behind the row: whether it is chosen, has the keyboard, or the pointer is on it."""
        colours, state = self._theme.colours, option.state
        selected = bool(state & QStyle.StateFlag.State_Selected)
        if not selected and not state & QStyle.StateFlag.State_MouseOver:
            return
        fill = QColor(colours.selection if selected else colours.line)
        focused = selected and bool(state & QStyle.StateFlag.State_HasFocus)
        painter.setBrush(fill)
        painter.setPen(QPen(QColor(colours.accent_text) if focused else fill, 1.5))
        painter.drawRoundedRect(option.rect.adjusted(self.margin, 2, -self.margin, -2), 8, 8)


def name_field(parent: QWidget, described: str) -> QLineEdit:
    """A field to type a name into, in its place in the row."""
    field = QLineEdit(parent)
    field.setObjectName("inlineEdit")
    field.setAccessibleName(described)
    return field


def write_line(painter: QPainter, box: QRect, text: str) -> None:
    """Draw a line, cut short where there is no room."""
    shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, box.width())
    painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, shown)
