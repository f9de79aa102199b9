"""A bar that says what was deleted and takes it back; it stays until it is dismissed."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from app.store import MeetingSummary
from ui.banner import announce
from ui.text import brief

MOST = 80
"""Letters of a title."""


class UndoBar(QFrame):
    """``undone`` carries the meeting to bring back; ``shown`` whether there is one."""

    undone = Signal(int)
    shown = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("undoBar")
        self._meeting_id: int | None = None
        self.text = QLabel()
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setWordWrap(True)
        self.undo = QPushButton(self.tr("Undo"))
        self.undo.setAccessibleName(self.tr("Bring the meeting back"))
        self.undo.clicked.connect(self.take_back)
        self.dismiss = QPushButton(self.tr("Dismiss"))
        self.dismiss.setAccessibleName(self.tr("Dismiss this message"))
        self.dismiss.clicked.connect(self.forget)
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 10, 16, 10)
        row.setSpacing(10)
        row.addWidget(self.text, 1)
        row.addWidget(self.undo)
        row.addWidget(self.dismiss)
        self.hide()

    def offer(self, meeting: MeetingSummary) -> None:
        """Say that a meeting was deleted, in the place of an earlier one."""
        self._meeting_id = meeting.id
        said = self.tr("“{title}” is in the bin.")
        self.text.setText(said.format(title=brief(meeting.title, MOST)))
        self.show()
        self.shown.emit(True)
        announce(self, self.text.text())

    def take_back(self) -> None:
        """Bring the meeting back."""
        if (meeting_id := self._meeting_id) is not None:
            self.forget()
            self.undone.emit(meeting_id)

    def forget(self) -> None:
        """It was taken back otherwise, or nobody wants to: show nothing."""
        self._meeting_id = None
        self.hide()
        self.shown.emit(False)
