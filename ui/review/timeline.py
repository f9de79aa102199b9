"""The timeline of a meeting: how loud, who speaks when, where one is; click, drag, zoom, scroll."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
from PySide6.QtCore import QPoint, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractSlider, QWidget

from app.peaks import Peaks
from engine.timeline import SAMPLE_RATE, to_seconds
from ui.review.outline import Outline
from ui.review.timeline_painting import (
    LANES_WITH_NAMES,
    Layout,
    TimelinePainter,
    draw_playhead,
    lay_out,
)
from ui.review.window_of_time import TimeWindow
from ui.text import stopwatch
from ui.theme import Theme, scaled, tabular

ZOOM = 1.5
STEP_S, LEAP_S = 1, 10
NAMES_EMS = 8
LATER_MS = 200
NARROW_EMS = 30
"""Narrower than this, lanes have numbers only."""


class Timeline(QAbstractSlider):
    """Shows an :class:`Outline`; to a screen reader it is a slider in seconds.

    ``sought`` carries the sample that the user went to, ``played`` one to play from.
    """

    sought = Signal(int)
    played = Signal(int)
    window_changed = Signal()

    def __init__(self, theme: Theme, outline: Outline, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # as time goes, in any language
        self._theme = theme
        self._outline = outline
        self._peaks: Peaks | None = None
        self._notes: tuple[int, ...] = ()
        self._whole = 0
        self._picture: QPixmap | None = None
        self._lanes: list[int] = []
        self._dragging = False
        self.shown = TimeWindow()
        self.position = 0
        self._live = False
        self._configure()
        self._later = QTimer(self, singleShot=True, interval=LATER_MS)
        self._later.timeout.connect(self._regroup)
        outline.changed.connect(self._wait)
        theme.changed.connect(self._restyle)
        self._restyle()

    def show_meeting(self, whole: int) -> None:
        """Another meeting, ``whole`` samples long as far as is known."""
        self.shown = TimeWindow()
        self._peaks, self._notes, self._whole = None, (), whole
        self._later.stop()
        self._regroup()
        self.show_position(0)

    def show_length(self, whole: int) -> None:
        """The meeting is that long now, or as long as its turns; it is drawn with what else is new.

        While something is recorded that comes with every word.
        """
        if whole != self._whole:
            self._whole = whole
            self._wait()

    def show_live(self, live: bool) -> None:
        """While the meeting is recorded nothing is heard: no playhead until one goes somewhere."""
        if live != self._live:
            self._live = live
            self.update()

    def show_peaks(self, peaks: Peaks) -> None:
        """How loud it is, as far as is known."""
        self._peaks = peaks
        self._redraw()

    def show_notes(self, samples: Iterable[int]) -> None:
        """Where there are bookmarks."""
        self._notes = tuple(samples)
        self._redraw()

    def show_position(self, sample: int, follow: bool = False) -> None:
        """Move the playhead; ``follow`` turns the page when it leaves what is shown."""
        former, self.position = self._x(self.position), sample
        if follow:
            self._look(self.shown.showing(sample))
        for x in (former, self._x(sample)):
            self.update(round(x) - 8, 0, 17, self.height())

    def zoom(self, factor: float, about: int | None = None) -> None:
        """Show more (``factor`` above 1) or less time around a moment, or the playhead."""
        if about is None:
            inside = self.shown.start <= self.position < self.shown.end
            about = self.position if inside else self.shown.start + self.shown.length // 2
        self._look(self.shown.zoomed(factor, about))

    def scroll(self, start: int) -> None:  # type: ignore[override]  # of a QWidget's pixels
        """Show the time from ``start`` on."""
        self._look(self.shown.moved(start))

    def sizeHint(self) -> QSize:
        """Room for the lanes with their names."""
        lanes = min(max(len(self._lanes), 1), LANES_WITH_NAMES)
        return QSize(400, round((4.2 + 1.15 * lanes) * self._em))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the playhead over a picture of the rest, which is made when something changed."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        layout = self._layout()
        if self._picture is None:
            self._picture = self._draw(layout)
        painter.drawPixmap(0, 0, self._picture)
        x, nowhere = self._x(self.position), self._live and not self.position
        if not nowhere and layout.time.left() - 1 <= x <= layout.time.right() + 1:
            draw_playhead(painter, layout.time, x, self._theme.colours.text)
        painter.fillRect(0, 0, self.width(), 1, self._theme.colours.line)
        if self.hasFocus():
            painter.setPen(self._theme.colours.accent_text)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(self.rect().adjusted(1, 1, -2, -2), 6, 6)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """There is more or less room."""
        super().resizeEvent(event)
        self._redraw()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go there; the sound follows when the button is let go."""
        if event.button() == Qt.MouseButton.LeftButton and self._in_time(
            event.position().toPoint()
        ):
            self._dragging = True
            self._seek(self._sample(event))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the playhead; otherwise tell the time under the pointer."""
        if self._dragging:
            self._seek(self._sample(event))
        elif self._in_time(event.position().toPoint()):
            self.setToolTip(stopwatch(to_seconds(self._sample(event))))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Play from here."""
        if self._dragging and event.button() == Qt.MouseButton.LeftButton:
            self._dragging = False
            self.played.emit(self._sample(event))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll; with Ctrl, zoom at the pointer."""
        turned = event.angleDelta()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            about = self._sample_at(round(event.position().x()))
            self.zoom(ZOOM ** (-turned.y() / 120), about)
        else:
            delta = turned.x() or turned.y()
            self.scroll(self.shown.start - round(delta / 120 * self.shown.length / 8))
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move the playhead, + and - zoom, Enter plays."""
        move = self._moves().get(Qt.Key(event.key()))
        act = self._acts().get(Qt.Key(event.key()))
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        leap = modifiers == Qt.KeyboardModifier.ShiftModifier
        if move is not None and (leap or not modifiers):
            step = LEAP_S / STEP_S if leap and abs(move) == STEP_S * SAMPLE_RATE else 1
            self._seek(min(max(self.position + round(move * step), 0), self.shown.whole))
        elif act is not None:
            act()
        else:
            event.ignore()

    def _moves(self) -> dict[Qt.Key, int]:
        second, key = STEP_S * SAMPLE_RATE, Qt.Key
        return {
            key.Key_Left: -second,
            key.Key_Right: second,
            key.Key_PageUp: -self.shown.length // 4,
            key.Key_PageDown: self.shown.length // 4,
            key.Key_Home: -self.shown.whole,
            key.Key_End: self.shown.whole,
        }

    def _acts(self) -> dict[Qt.Key, Callable[[], None]]:
        key = Qt.Key
        return {
            key.Key_Plus: lambda: self.zoom(1 / ZOOM),
            key.Key_Equal: lambda: self.zoom(1 / ZOOM),
            key.Key_Minus: lambda: self.zoom(ZOOM),
            key.Key_0: lambda: self._look(TimeWindow().grown(self.shown.whole)),
            key.Key_Return: lambda: self.played.emit(self.position),
            key.Key_Enter: lambda: self.played.emit(self.position),
        }

    def _configure(self) -> None:
        self.setOrientation(Qt.Orientation.Horizontal)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName(self.tr("Timeline of the meeting, in seconds"))
        self.setAccessibleDescription(
            self.tr("Arrows move by one second, with Shift by ten; plus and minus zoom.")
        )

    def _restyle(self) -> None:
        self._font = tabular(scaled(self.font(), 0.88))
        self._em = self.fontMetrics().height()
        self._redraw()

    def _wait(self) -> None:
        """While people talk there is news all the time, and none of it is urgent."""
        if not self._later.isActive():
            self._later.start()

    def _regroup(self) -> None:
        """Other turns: perhaps of other speakers, perhaps longer."""
        speakers = self._outline.speakers
        self._lanes = [int(each) for each in np.unique(speakers[speakers > 0])]
        window = self.shown.grown(max(self._whole, self._outline.length))
        self.setRange(0, round(to_seconds(window.whole)))
        self._look(window)
        self.updateGeometry()
        self._redraw()

    def _redraw(self) -> None:
        """Something but the playhead is different."""
        self._picture = None
        self.update()

    def _look(self, window: TimeWindow) -> None:
        if window != self.shown:
            self.shown = window
            self._picture = None
            self.window_changed.emit()
            self.update()

    def _seek(self, sample: int) -> None:
        self.show_position(sample, follow=True)
        self.setValue(round(to_seconds(sample)))
        self.sought.emit(sample)

    def _draw(self, layout: Layout) -> QPixmap:
        picture = QPixmap(self.size() * self.devicePixelRatioF())
        picture.setDevicePixelRatio(self.devicePixelRatioF())
        picture.fill(self._theme.colours.window)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        drawing = TimelinePainter(painter, layout, self.shown, self._theme.colours, self._font)
        drawing.draw(self._outline, self._peaks, self._notes)
        painter.end()
        return picture

    def _layout(self) -> Layout:
        narrow = self.width() < NARROW_EMS * self._em
        names = round((2.4 if narrow else NAMES_EMS) * self._em)
        return lay_out(self.rect(), self._lanes, self._em, names)

    def _in_time(self, point: QPoint) -> bool:
        return self._layout().time.adjusted(-6, -4, 6, 4).contains(point)

    def _x(self, sample: int) -> float:
        time: QRect = self._layout().time
        return time.left() + self.shown.x(sample, time.width())

    def _sample(self, event: QMouseEvent) -> int:
        return self._sample_at(round(event.position().x()))

    def _sample_at(self, x: int) -> int:
        time = self._layout().time
        return self.shown.sample(x - time.left(), time.width())
