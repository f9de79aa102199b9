"""Asks with which model a meeting is to be transcribed, perhaps once more."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.store import MeetingSummary
from ui.settings.form import Choice
from ui.text import brief
from ui.theme import Theme, scaled

WIDTH_EMS = 24
MOST = 80
"""Letters of a title."""


class AgainDialog(QDialog):
    """``wanted`` carries the meeting and the model's name, None for that of the settings."""

    wanted = Signal(int, object)

    def __init__(
        self,
        theme: Theme,
        meeting: MeetingSummary,
        models: Sequence[str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        again = meeting.turns > 0
        title = self.tr("Transcribe again") if again else self.tr("Transcribe")
        self.setWindowTitle(title)
        self._meeting_id = meeting.id
        named = [(name, name) for name in models]
        self.model = Choice(theme, [(self.tr("The model of the settings"), None), *named])
        self.model.setAccessibleName(self.tr("Model"))
        self.start = QPushButton(title)
        self.start.setDefault(True)
        self.start.clicked.connect(self._start)
        self.cancel = QPushButton(self.tr("Cancel"))
        self.cancel.clicked.connect(self.reject)
        self._lay_out(meeting.title, again)

    def _start(self) -> None:
        self.wanted.emit(self._meeting_id, self.model.currentData())
        self.accept()

    def _lay_out(self, title: str, again: bool) -> None:
        name = QLabel(brief(title, MOST))
        name.setTextFormat(Qt.TextFormat.PlainText)
        name.setFont(scaled(self.font(), 1.15, QFont.Weight.DemiBold))
        name.setWordWrap(True)
        about = QLabel(
            self.tr(
                "The recording is heard once more. What you corrected stays as it is, and the "
                "new text can be undone."
            )
            if again
            else self.tr("The recording is heard, and who says what is written down.")
        )
        about.setWordWrap(True)
        label = QLabel(self.tr("&Model"))
        label.setBuddy(self.model)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.start)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        for widget in (name, about, label, self.model):
            column.addWidget(widget)
        column.addSpacing(8)
        column.addLayout(buttons)
        self.setMinimumWidth(WIDTH_EMS * self.fontMetrics().height())
