"""What the middle of the window says on the very first start."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from ui import icons
from ui.device_box import DeviceBox
from ui.level_meter import LevelMeter
from ui.theme import Theme, scaled

PICTURE = 56
WIDTH_EMS = 38
NARROW_EMS = 36


class WelcomePage(QScrollArea):
    """What Crosstalk does, where things stay, whether the microphone hears; and ways to begin."""

    def __init__(self, theme: Theme, device: str | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._narrow = False
        self._buttons = QGridLayout()
        self.picture = QLabel()
        self.title = QLabel(self.tr("Welcome to Crosstalk"))
        self.what = QLabel(
            self.tr(
                "It records a meeting and shows who says what while people talk, also when they "
                "talk over each other. Afterwards you read, correct, search and export it."
            )
        )
        self.where = QLabel(
            self.tr(
                "Everything stays on this computer: the sound, the words and the voices. Nothing "
                "is sent anywhere."
            )
        )
        self.device = DeviceBox(theme, device)
        self.try_ = QPushButton(self.tr("&Try it"))
        self.meter = LevelMeter(theme)
        self.heard = QLabel()
        self.engine = QLabel(self.tr("Looking…"))
        self.record = QPushButton(self.tr("Record"))
        self.sample = QPushButton(self.tr("Play the sample meeting"))
        self.import_ = QPushButton(self.tr("Import files…"))
        self.skip = QPushButton(self.tr("Not now"))
        self._configure()
        self._lay_out()
        theme.changed.connect(self._restyle)
        self._restyle()

    def show_listening(self, listening: bool) -> None:
        """Whether the microphone is open just to see its level."""
        self.try_.setText(self.tr("S&top") if listening else self.tr("&Try it"))
        self.heard.setText(
            self.tr("Say something: the bar moves with your voice. Nothing is kept.")
            if listening
            else self.tr("Whether it hears you: press “Try it” and speak.")
        )
        if not listening:
            self.meter.reset()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window the buttons stand two by two."""
        super().resizeEvent(event)
        narrow = event.size().width() < NARROW_EMS * self.fontMetrics().height()
        if narrow != self._narrow:
            self._narrow = narrow
            self._place_buttons()

    def showEvent(self, event: QShowEvent) -> None:
        """Only now the sizes of the buttons are known."""
        super().showEvent(event)
        self._fit()

    def _fit(self) -> None:
        wide = WIDTH_EMS * self.fontMetrics().height()
        self._inner.setMaximumWidth(max(wide, self._inner.minimumSizeHint().width()))

    def _restyle(self) -> None:
        colours = self._theme.colours
        drawn = icons.icon("crosstalk", colours.muted)
        self.picture.setPixmap(drawn.pixmap(QSize(PICTURE, PICTURE), self.devicePixelRatio()))
        self.record.setIcon(icons.icon("record", colours.on_accent))
        self.sample.setIcon(icons.icon("play", colours.accent_text))
        self._fit()

    def _configure(self) -> None:
        self.setObjectName("emptyState")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.title.setFont(scaled(self.font(), 1.6, QFont.Weight.DemiBold))
        for label in (self.what, self.where):
            label.setFont(scaled(self.font(), 1.1))
        for label in (self.what, self.where, self.heard, self.engine):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
        for label in (self.what, self.heard, self.engine):
            label.setObjectName("emptyText")
        self.device.setMinimumContentsLength(4)  # its name is cut short in a narrow window
        self.record.setObjectName("primary")
        self.skip.setObjectName("quiet")
        self.try_.setAccessibleName(self.tr("Try the microphone"))
        self.show_listening(False)

    def _lay_out(self) -> None:
        self._inner = QWidget()
        column = QVBoxLayout(self._inner)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(14)
        column.addStretch(2)
        column.addWidget(self.picture)
        for label in (self.title, self.what, self.where):
            column.addWidget(label)
        column.addSpacing(6)
        column.addLayout(self._checks())
        column.addSpacing(10)
        self._buttons.setSpacing(10)
        self._place_buttons()
        column.addLayout(self._buttons)
        column.addStretch(3)
        around = QWidget()
        around.setObjectName("emptyState")
        row = QHBoxLayout(around)
        row.setContentsMargins(0, 0, 0, 0)
        row.addStretch(1)
        row.addWidget(self._inner, 100)
        row.addStretch(1)
        self.setWidget(around)

    def _place_buttons(self) -> None:
        across = 2 if self._narrow else 4
        for place, button in enumerate((self.record, self.sample, self.import_, self.skip)):
            self._buttons.addWidget(button, *divmod(place, across))
        self._buttons.setColumnStretch(across, 1)
        self._buttons.setColumnStretch(6 - across, 0)

    def _checks(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setColumnStretch(1, 1)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        bold = scaled(self.font(), 1.0, QFont.Weight.DemiBold)
        for row, text in ((0, self.tr("Microphone")), (3, self.tr("Speech engine"))):
            label = QLabel(text)
            label.setFont(bold)
            grid.addWidget(label, row, 0)
        grid.addWidget(self.device, 0, 1)
        grid.addWidget(self.try_, 0, 2)
        grid.addWidget(self.meter, 1, 1)
        grid.addWidget(self.heard, 2, 1, 1, 2)
        grid.addWidget(self.engine, 3, 1, 1, 2)
        grid.setRowMinimumHeight(3, 2 * self.fontMetrics().height())
        return grid
