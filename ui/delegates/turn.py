"""Draws one turn: bracket of an overlap, speaker bar with marks, name, times, words, caret."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import (
    QAbstractItemModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    Signal,
)
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolTip,
    QWidget,
)

from ui.delegates.painting import paint_row
from ui.delegates.typesetting import Typesetter
from ui.models import TurnListModel
from ui.rows import TurnRow
from ui.text import correction_hint, recognition_hint, speaker_label, translate

Index = QModelIndex | QPersistentModelIndex
LEAST_EDITOR_EMS = 14


class TurnDelegate(QStyledItemDelegate):
    """Paints rows and edits names. ``renamed`` says which speaker got which name."""

    renamed = Signal(int, str)

    def __init__(self, typesetter: Typesetter, parent: QAbstractItemView) -> None:
        super().__init__(parent)
        self.typesetter = typesetter

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one row."""
        area, state = option.rect, option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if state & QStyle.StateFlag.State_Selected:
            self._paint_selection(painter, area, bool(state & QStyle.StateFlag.State_HasFocus))
        paint_row(painter, area, _model(index).row(index.row()), self.typesetter)
        painter.restore()

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        """A field for the speaker's name, on top of the name."""
        editor = QLineEdit(parent)
        editor.setObjectName("inlineEdit")
        editor.setFont(self.typesetter.name_font)
        editor.setAccessibleName(translate("TurnDelegate", "Name of the speaker"))
        return editor

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """Offer the present name, once: words that arrive meanwhile must not undo the typing."""
        field, row = cast(QLineEdit, editor), _model(index).turn_row(index)
        if row is not None and not field.property("filled"):
            field.setText(speaker_label(row.speaker, row.name))
            field.selectAll()
            field.setProperty("filled", True)

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        """Tell of the new name; the model changes when the library has it."""
        row = _model(index).turn_row(index)
        name = cast(QLineEdit, editor).text().strip()
        if row is not None and name != speaker_label(row.speaker, row.name):
            self.renamed.emit(row.speaker, name)

    def updateEditorGeometry(  # noqa: N802 - Qt's name
        self, editor: QWidget, option: QStyleOptionViewItem, index: Index
    ) -> None:
        """Keep the field on the name."""
        name = self.typesetter.place(_model(index).row(index.row()), option.rect).name
        width = max(name.width(), LEAST_EDITOR_EMS * self.typesetter.em)
        editor.setGeometry(name.adjusted(-9, -3, width - name.width(), 3))

    def helpEvent(
        self,
        event: QHelpEvent,
        view: QAbstractItemView,
        option: QStyleOptionViewItem,
        index: Index,
    ) -> bool:
        """Say of a name that the program gave that it did, and what to do about it.

        The sign of a correction is explained, too.
        """
        row = _model(index).turn_row(index) if index.isValid() else None
        if row is not None and row.corrected and self._is_sign(event.pos(), option.rect, row):
            QToolTip.showText(event.globalPos(), correction_hint(), view)
            return True
        if row is None or not row.recognised or not self.is_name(event.pos(), option.rect, index):
            return super().helpEvent(event, view, option, index)
        QToolTip.showText(event.globalPos(), recognition_hint(row.recognised), view)
        return True

    def is_name(self, point: QPoint, area: QRect, index: Index) -> bool:
        """Whether a point of the view lies on the badge or the name in a row with this area."""
        row = _model(index).turn_row(index)
        if row is None:
            return False
        boxes = self.typesetter.place(row, area)
        return boxes.badge.united(boxes.name).contains(point)

    def _is_sign(self, point: QPoint, area: QRect, row: TurnRow) -> bool:
        return self.typesetter.place(row, area).sign.adjusted(-4, -4, 4, 4).contains(point)

    def _paint_selection(self, painter: QPainter, area: QRect, focused: bool) -> None:
        colours = self.typesetter.colours
        painter.setBrush(QColor(colours.selection))
        painter.setPen(QPen(QColor(colours.accent_text if focused else colours.selection), 1.5))
        painter.drawRoundedRect(area.adjusted(4, 1, -4, -1), 8, 8)


def _model(index: Index) -> TurnListModel:
    return cast(TurnListModel, index.model())
