"""A line of text that never widens the window."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from ui.text import hint

LEAST_WIDTH = 40


class ElidedLabel(QLabel):
    """Draws as much as there is room for; the tooltip has all of it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def minimumSizeHint(self) -> QSize:
        """Next to nothing, one line high."""
        return QSize(LEAST_WIDTH, super().minimumSizeHint().height())

    def shown(self) -> str:
        """What of the text is drawn."""
        room = max(self.contentsRect().width(), LEAST_WIDTH)
        return self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room)

    def setText(self, text: str) -> None:  # noqa: N802 - Qt's name
        """Show as much of a text as there is room for."""
        super().setText(text)
        self.setToolTip(hint(text))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw what fits, in the colour that the style sheet says."""
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        place = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(self.contentsRect(), place | Qt.TextFlag.TextSingleLine, self.shown())
        painter.end()
