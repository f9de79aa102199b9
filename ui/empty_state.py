"""What the middle of the window says while no meeting is open: what to do."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ui import icons
from ui.devices import Found
from ui.theme import Theme, scaled

PICTURE = 72
TEXT_EMS = 28
LEAST_WIDTH = 280
MARGIN = 16
LOW_EMS = 18
"""A lower window has no room for the picture."""


class EmptyState(QWidget):
    """A few words and the two ways to begin."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("emptyState")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._theme = theme
        self._silent = False
        self._found: Found | None = None
        self.picture = QLabel()
        self.title = QLabel()
        self.text = QLabel()
        self.record = QPushButton(self.tr("Record"))
        self.sample = QPushButton(self.tr("Play the sample meeting"))
        self._lay_out()
        self.show_devices(None)
        theme.changed.connect(self._restyle)
        self._restyle()

    def show_devices(self, found: Found | None) -> None:
        """Without a microphone, say so, and what works all the same."""
        if found == self._found and self.title.text():
            return
        self._found = found
        self._silent = found is not None and not found.devices
        self.record.setVisible(not self._silent)
        if self._silent:
            self._say(self.tr("No microphone was found"), self._silence(found))
        else:
            self._say(
                self.tr("Who says what, while they say it"),
                self.tr(
                    "Press Record and talk. Each turn appears as it is spoken, with its start and "
                    "its end, also when people talk over each other. Nothing leaves this computer."
                ),
            )
        self._restyle()

    def _say(self, title: str, text: str) -> None:
        self.title.setText(title)
        self.text.setText(text)
        self._fit()

    def _silence(self, found: Found | None) -> str:
        advice = self.tr(
            "Connect a microphone, or allow this program to use it: it will show up by itself. "
            "The sample meeting and your library work without one."
        )
        problem = found.problem if found else ""
        return f"{problem}\n\n{advice}" if problem else advice

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window the lines are shorter."""
        super().resizeEvent(event)
        self.picture.setVisible(event.size().height() >= LOW_EMS * self.fontMetrics().height())
        self._fit()

    def _fit(self) -> None:
        room = max(LEAST_WIDTH, self.width()) - 2 * MARGIN
        self.text.setFixedWidth(min(TEXT_EMS * self.fontMetrics().height(), room))
        self.text.setFixedHeight(self.text.heightForWidth(self.text.width()))
        self.title.setFixedWidth(room)

    def _restyle(self) -> None:
        self._fit()
        name = "microphone-off" if self._silent else "crosstalk"
        drawn = icons.icon(name, self._theme.colours.muted)
        self.picture.setPixmap(drawn.pixmap(QSize(PICTURE, PICTURE), self.devicePixelRatio()))
        self.record.setIcon(icons.icon("record", self._theme.colours.on_accent))
        self.sample.setIcon(icons.icon("play", self._theme.colours.accent_text))

    def _lay_out(self) -> None:
        self.title.setWordWrap(True)
        self.title.setFont(scaled(self.font(), 1.6, QFont.Weight.DemiBold))
        self.text.setObjectName("emptyText")
        self.text.setFont(scaled(self.font(), 1.1))
        self.text.setWordWrap(True)
        self.setMinimumWidth(LEAST_WIDTH)  # the lines adapt: they must not hold the window open
        self.record.setObjectName("primary")
        buttons = QHBoxLayout()
        buttons.setSpacing(12)
        buttons.addStretch(1)
        buttons.addWidget(self.record)
        buttons.addWidget(self.sample)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setSpacing(18)
        column.addStretch(2)
        for label in (self.picture, self.title, self.text):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(label, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addLayout(buttons)
        column.addStretch(3)
