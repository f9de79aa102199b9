"""What the Help menu shows: every command with its keys."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

HEIGHT_EMS = 30


class ShortcutsDialog(QDialog):
    """All commands with their keys; scrolls, for there are more than a screen has room for."""

    def __init__(self, lines: Iterable[tuple[str, str]], parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Keyboard shortcuts"))
        self.table = QLabel(_table(lines))
        self.table.setTextFormat(Qt.TextFormat.RichText)
        self.area = QScrollArea()
        self.area.setObjectName("boxed")
        self.area.setAccessibleName(self.windowTitle())
        self.area.setWidget(self.table)
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.change = QLabel(self.tr("They can be changed in the settings."))
        self.change.setObjectName("muted")
        self.close_ = QPushButton(self.tr("&Close"))
        self.close_.setDefault(True)
        self.close_.clicked.connect(self.accept)
        self._lay_out()

    def _lay_out(self) -> None:
        below = QHBoxLayout()
        below.addWidget(self.change, 1)
        below.addWidget(self.close_)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        column.addWidget(self.area, 1)
        column.addLayout(below)
        margins = (
            2 * (16 + self.area.frameWidth()) + self.area.verticalScrollBar().sizeHint().width()
        )
        width = self.table.sizeHint().width() + margins
        self.resize(QSize(width, HEIGHT_EMS * self.fontMetrics().height()))


def _table(lines: Iterable[tuple[str, str]]) -> str:
    rows = "".join(
        f"<tr><td>{escape(what)}</td><td width=40></td><td><b>{escape(keys)}</b></td></tr>"
        for what, keys in lines
    )
    return f"<table cellpadding=4>{rows}</table>"
