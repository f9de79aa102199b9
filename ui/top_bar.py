"""The bar at the top: record, time, level, microphone, and how the engine is doing."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QFont, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from engine.events import EngineStatus
from engine.timeline import to_seconds
from ui import icons
from ui.device_box import DeviceBox
from ui.elided_label import ElidedLabel
from ui.level_meter import LevelMeter
from ui.live import Live, Phase
from ui.text import stopwatch, translate
from ui.theme import Theme, scaled, tabular

PAUSABLE = (Phase.RECORDING, Phase.PAUSED)
NARROW_EMS = 38
WORTH_TELLING_S = 1.0
"""A smaller lag than this is nobody's concern."""


class TopBar(QFrame):
    """Shows the state of the recording; the window connects ``record`` and ``device``.

    ``pause`` and ``system`` are for who looks after the recording.
    """

    def __init__(self, theme: Theme, device: str | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("topBar")
        self._theme = theme
        self._phase = Phase.IDLE
        self._narrow = False
        self._pause_text = ""
        self.record = QPushButton()
        self.pause = QPushButton()
        self.elapsed = QLabel()
        self.system = QToolButton()
        self.meter = LevelMeter(theme)
        self.device = DeviceBox(theme, device)
        self.status = ElidedLabel()
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
            Phase.PAUSED: self.tr("Stop"),
            Phase.STOPPING: self.tr("Stopping…"),
        }
        self.record.setText(texts[phase])
        self._show_pause(phase)
        self._make_room()
        if phase is Phase.PAUSED:
            self.meter.reset()  # nothing is heard, so nothing may seem to be
        # Never disabled: that would throw the keyboard focus elsewhere in the middle of things.
        look = (Phase.RECORDING if phase is Phase.PAUSED else phase).name
        if self.record.property("phase") != look:
            self.record.setProperty("phase", look)
            self.record.style().polish(self.record)
        self._restyle()

    @property
    def pause_text(self) -> str:
        """What the pause button does now, also where there is no room to write it."""
        return self._pause_text

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window the pause button has its icon only."""
        super().resizeEvent(event)
        narrow = event.size().width() < NARROW_EMS * self.fontMetrics().height()
        if narrow != self._narrow:
            self._narrow = narrow
            self.pause.setText("" if narrow else self._pause_text)
            self._row.setSpacing(10 if narrow else 20)
            self._make_room()

    def show_elapsed(self, seconds: float) -> None:
        """Show how long the recording is."""
        self.elapsed.setText(stopwatch(seconds))

    def show_status(self, text: str) -> None:
        """Show how the engine is doing, in a quiet line."""
        self.status.setText(text)

    def _make_room(self) -> None:
        """Narrow, the bar shows what counts now: which microphone, or how loud."""
        idle = self._phase is Phase.IDLE
        self.device.setVisible(not self._narrow or idle)
        self.meter.setVisible(not self._narrow or not idle)

    def _show_pause(self, phase: Phase) -> None:
        paused = phase is Phase.PAUSED
        self._pause_text = self.tr("Resume") if paused else self.tr("Pause")
        self.pause.setText("" if self._narrow else self._pause_text)
        self.pause.setAccessibleName(self._pause_text)
        if phase not in PAUSABLE:
            if self.pause.hasFocus():
                self.record.setFocus()
            self.pause.hide()
        self.elapsed.setEnabled(not paused)
        self.system.setEnabled(phase is Phase.IDLE)  # a recording keeps what it began with
        self.system.setVisible(phase is Phase.IDLE or self.system.isChecked())

    def _restyle(self) -> None:
        colours = self._theme.colours
        looks = {
            Phase.IDLE: ("record", colours.on_accent),
            Phase.STARTING: ("record", colours.muted),
            Phase.RECORDING: ("stop", colours.on_stop),
            Phase.PAUSED: ("stop", colours.on_stop),
            Phase.STOPPING: ("stop", colours.muted),
        }
        self.record.setIcon(icons.icon(*looks[self._phase]))
        paused = self._phase is Phase.PAUSED
        self.pause.setIcon(icons.icon("record" if paused else "pause", colours.text))
        on = self.system.isChecked()
        self.system.setIcon(
            icons.icon(
                "computer-sound" if on else "computer-sound-off",
                colours.accent if on else colours.muted,
            )
        )

    def _lay_out(self) -> None:
        self.record.setObjectName("record")
        self.record.setFont(scaled(self.font(), 1.15, QFont.Weight.DemiBold))
        self.record.setIconSize(QSize(24, 24))
        self.record.setToolTip(self.tr("Start or stop recording"))
        self.pause.setIconSize(QSize(24, 24))
        self.pause.setToolTip(self.tr("Record nothing for a while, or go on"))
        self.system.setCheckable(True)
        self.system.setIconSize(QSize(22, 22))
        self.system.setAccessibleName(self.tr("Record the sound of this computer too"))
        self.system.setToolTip(
            self.tr("Record what this computer plays too, for example the others of a call")
        )
        self.system.toggled.connect(self._restyle)
        self.elapsed.setFont(tabular(scaled(self.font(), 1.9)))
        self.elapsed.setAccessibleName(self.tr("Recorded time"))
        self.elapsed.setMinimumWidth(self.elapsed.fontMetrics().horizontalAdvance("00:00"))
        self.status.setObjectName("engineStatus")
        self.status.setAccessibleName(self.tr("State of the speech engine"))
        self.status.setFont(scaled(self.font(), 0.95))
        column = QVBoxLayout()
        column.setSpacing(8)
        line = QHBoxLayout()
        line.setSpacing(14)
        line.addWidget(self.device, 3)
        line.addWidget(self.system)
        line.addWidget(self.meter, 2)
        column.addLayout(line)
        column.addWidget(self.status)
        row = self._row = QHBoxLayout(self)
        row.setContentsMargins(20, 14, 20, 12)
        row.setSpacing(20)
        row.addWidget(self.record)
        row.addWidget(self.pause)
        row.addWidget(self.elapsed)
        row.addLayout(column, 1)


def status_text(phase: Phase, live: Live | None, finishing: int, pre_roll_s: float = 0.0) -> str:
    """How the engine is doing, in a few words; ``pre_roll_s``: what is kept of before."""
    if phase is Phase.STARTING:
        return translate("TopBar", "Opening the microphone…")
    if phase is Phase.PAUSED:
        return translate("TopBar", "Paused. Not recording.")
    if live is not None:
        return _live_text(live)
    if finishing:
        return translate("TopBar", "Finishing: the last words are being written…")
    if pre_roll_s:
        return translate("TopBar", "Listening: the last {n} s are kept in memory.").format(
            n=round(pre_roll_s)
        )
    return translate("TopBar", "Ready. Everything stays on this computer.")


def _live_text(live: Live) -> str:
    behind_s = to_seconds(live.behind)
    behind = translate("TopBar", "{seconds} s behind").format(seconds=round(behind_s))
    match live.status:
        case EngineStatus.LOADING:
            return translate("TopBar", "Recording. The speech engine is loading…")
        case EngineStatus.OFF:
            return translate("TopBar", "Recording. The text can be made later.")
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
    if live.effort is not None and live.status is EngineStatus.RUNNING:
        return translate("TopBar", "Recording. Listening with {n} % of the computation…").format(
            n=round(100 * live.effort)
        )
    return translate("TopBar", "Recording. Listening…")
