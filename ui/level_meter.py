"""A level meter with peak hold."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme import Theme

LOWEST_DBFS = -60.0
LOUD_DBFS = -9.0
CLIPPING_DBFS = -1.0
HOLD_MS = 1500
FALL_DB = 1.5
"""How far the bar falls in a tick when it gets quiet, so that the eye can follow."""
TICK_MS = 50


class LevelMeter(QWidget):
    """Shows peaks in dB relative to full scale, and for a while the highest of them."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.shown_dbfs = self.held_dbfs = LOWEST_DBFS
        self._heard_dbfs = LOWEST_DBFS
        self._held_ms = 0
        self._fall = QTimer(self, interval=TICK_MS)
        self._fall.timeout.connect(self._tick)
        self.setAccessibleName(self.tr("Input level"))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def show_level(self, peak_dbfs: float, rms_dbfs: float) -> None:
        """Show how loud it is now."""
        self._heard_dbfs = max(LOWEST_DBFS, min(0.0, peak_dbfs))
        self.shown_dbfs = max(self.shown_dbfs, self._heard_dbfs)
        if self._heard_dbfs >= self.held_dbfs:
            self.held_dbfs, self._held_ms = self._heard_dbfs, 0
        self._fall.start()
        self.setAccessibleDescription(
            self.tr("{level} decibels, average {average}").format(
                level=round(peak_dbfs), average=round(rms_dbfs)
            )
        )
        self.update()

    def reset(self) -> None:
        """Nothing is heard any more."""
        self._heard_dbfs = LOWEST_DBFS
        self._held_ms = HOLD_MS

    def sizeHint(self) -> QSize:
        """Wide enough to read, narrow enough for a small window."""
        return QSize(11 * self.fontMetrics().height(), round(0.7 * self.fontMetrics().height()))

    def minimumSizeHint(self) -> QSize:
        """Still a bar."""
        return QSize(4 * self.fontMetrics().height(), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the groove, the bar and the held peak."""
        colours = self._theme.colours
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        groove = QRectF(self.rect())
        radius = groove.height() / 2
        painter.setBrush(QColor(colours.line))
        painter.drawRoundedRect(groove, radius, radius)
        if self.shown_dbfs > LOWEST_DBFS:
            bar = QRectF(groove)
            bar.setWidth(max(2 * radius, self._x(self.shown_dbfs)))
            painter.setBrush(QColor(self._colour(self.shown_dbfs)))
            painter.drawRoundedRect(bar, radius, radius)
        if self.held_dbfs > LOWEST_DBFS:
            x = max(0.0, self._x(self.held_dbfs) - 3.0)
            painter.setBrush(QColor(self._colour(self.held_dbfs, colours.text)))
            painter.drawRoundedRect(QRectF(x, 0.0, 3.0, groove.height()), 1.5, 1.5)
        painter.end()

    def _x(self, dbfs: float) -> float:
        return self.width() * (dbfs - LOWEST_DBFS) / -LOWEST_DBFS

    def _colour(self, dbfs: float, normal: str | None = None) -> str:
        colours = self._theme.colours
        if dbfs >= CLIPPING_DBFS:
            return colours.danger
        return colours.warning if dbfs >= LOUD_DBFS else normal or colours.accent_text

    def _tick(self) -> None:
        self.shown_dbfs = max(self._heard_dbfs, self.shown_dbfs - FALL_DB)
        self._held_ms += TICK_MS
        if self._held_ms > HOLD_MS:
            self.held_dbfs = max(self.shown_dbfs, self.held_dbfs - FALL_DB)
        if self.shown_dbfs <= LOWEST_DBFS and self.held_dbfs <= LOWEST_DBFS:
            self._fall.stop()
        self.update()
