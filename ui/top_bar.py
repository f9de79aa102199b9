"""The bar at the top: record, time, level, microphone, and how the engine is doing."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from engine.events import EngineStatus
from engine.timeline import to_seconds
from ui import icons
from ui.device_box import DeviceBox
from ui.level_meter import LevelMeter
from ui.live import Live, Phase
from ui.text import stopwatch, translate
from ui.theme import Theme, scaled, tabular

WORTH_TELLING_S = 1.0
"""A smaller lag than this is nobody's concern."""


class TopBar(QFrame):
    """Shows the state of the recording; the window connects ``record`` and ``device``."""

    def __init__(self, theme: Theme, device: str | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("topBar")
        self._theme = theme
        self._phase = Phase.IDLE
        self.record = QPushButton()
        self.elapsed = QLabel()
        self.meter = LevelMeter(theme)
        self.device = DeviceBox(theme, device)
        self.status = QLabel()
        self._lay_out()
        self.show_elapsed(0.0)
        self.show_phase(Phase.IDLE)
        theme.changed.connect(self._restyle)

    def show_phase(self, phase: Phase) -> None:
        """Say what the button does now."""
        self._phase = phase
        texts = {
            Phase.IDLE: self.tr("Record"),
            Phase.STARTING: self.tr("Starting…"),
            Phase.RECORDING: self.tr("Stop"),
            Phase.STOPPING: self.tr("Stopping…"),
        }
        self.record.setText(texts[phase])
        # Never disabled: that would throw the keyboard focus elsewhere in the middle of things.
        if self.record.property("phase") != phase.name:
            self.record.setProperty("phase", phase.name)
            self.record.style().polish(self.record)
        self._restyle()

    def show_elapsed(self, seconds: float) -> None:
        """Show how long the recording is."""
        self.elapsed.setText(stopwatch(seconds))

    def show_status(self, text: str) -> None:
        """Show how the engine is doing, in a quiet line."""
        self.status.setText(text)

    def _restyle(self) -> None:
        colours = self._theme.colours
        looks = {
            Phase.IDLE: ("record", colours.on_accent),
            Phase.STARTING: ("record", colours.muted),
            Phase.RECORDING: ("stop", colours.on_stop),
            Phase.STOPPING: ("stop", colours.muted),
        }
        self.record.setIcon(icons.icon(*looks[self._phase]))

    def _lay_out(self) -> None:
        self.record.setObjectName("record")
        self.record.setFont(scaled(self.font(), 1.15, QFont.Weight.DemiBold))
        self.record.setIconSize(QSize(24, 24))
        self.record.setToolTip(self.tr("Start or stop recording (Ctrl+R)"))
        self.elapsed.setFont(tabular(scaled(self.font(), 1.9)))
        self.elapsed.setAccessibleName(self.tr("Recorded time"))
        self.elapsed.setMinimumWidth(self.elapsed.fontMetrics().horizontalAdvance("00:00"))
        self.status.setObjectName("engineStatus")
        self.status.setAccessibleName(self.tr("State of the speech engine"))
        self.status.setTextFormat(Qt.TextFormat.PlainText)
        self.status.setFont(scaled(self.font(), 0.95))
        column = QVBoxLayout()
        column.setSpacing(8)
        line = QHBoxLayout()
        line.setSpacing(14)
        line.addWidget(self.device, 3)
        line.addWidget(self.meter, 2)
        column.addLayout(line)
        column.addWidget(self.status)
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 14, 20, 12)
        row.setSpacing(20)
        row.addWidget(self.record)
        row.addWidget(self.elapsed)
        row.addLayout(column, 1)


def status_text(phase: Phase, live: Live | None, finishing: int) -> str:
    """How the engine is doing, in a few words."""
    if phase is Phase.STARTING:
        return translate("TopBar", "Opening the microphone…")
    if live is not None:
        return _live_text(live)
    if finishing:
        return translate("TopBar", "Finishing: the last words are being written…")
    return translate("TopBar", "Ready. Everything stays on this computer.")


def _live_text(live: Live) -> str:
    behind_s = to_seconds(live.behind)
    behind = translate("TopBar", "{seconds} s behind").format(seconds=round(behind_s))
    match live.status:
        case EngineStatus.LOADING:
            return translate("TopBar", "Recording. The speech engine is loading…")
        case EngineStatus.CATCHING_UP:
            return translate("TopBar", "Recording. The text is catching up, {behind}").format(
                behind=behind
            )
        case EngineStatus.RESTARTING:
            return translate("TopBar", "Recording. The speech engine is starting again…")
        case EngineStatus.FAILED:
            return translate("TopBar", "Recording, without text: the speech engine failed.")
        case _ if behind_s >= WORTH_TELLING_S:
            return translate("TopBar", "Recording. The text is {behind}").format(behind=behind)
    return translate("TopBar", "Recording. Listening…")
