"""Draws the timeline: ruler, waveform, a lane for each speaker, overlaps, gaps, bookmarks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetrics, QPainter, QPolygonF

from app.peaks import Peaks
from engine.timeline import SAMPLE_RATE, to_seconds
from ui.palette import Colours
from ui.review.lanes import Cover, cover, runs
from ui.review.outline import Outline
from ui.review.window_of_time import TimeWindow
from ui.text import badge, stopwatch

LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
CENTRE = Qt.AlignmentFlag.AlignCenter
STEPS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200)
LANES_WITH_NAMES = 6
QUIET = 40
"""A meeting that is all as quiet as this is drawn as quiet."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the parts lie, in pixels. Names are at the left of ``time``."""

    time: QRect  # everything with a moment
    ruler: QRect
    wave: QRect
    lane_height: int
    lanes: tuple[int, ...]  # the speakers, from the top

    def lane(self, number: int) -> QRect:
        """The lane of a speaker, by place."""
        top = self.wave.bottom() + 4 + number * self.lane_height
        return QRect(self.time.left(), top, self.time.width(), self.lane_height)


def lay_out(size: QRect, speakers: Iterable[int], em: int, names: int) -> Layout:
    """The parts in a widget of this size; ``names`` is the width of the column at the left."""
    lanes = tuple(speakers)
    time = size.adjusted(names, 2, -em // 2, -2)
    ruler = QRect(time.left(), time.top(), time.width(), em + 2)
    lane_height = max(3, min(em + 2, time.height() // 2 // max(1, len(lanes))))
    wave_height = time.height() - ruler.height() - 4 - lane_height * len(lanes)
    wave = QRect(time.left(), ruler.bottom() + 1, time.width(), max(8, wave_height))
    return Layout(time, ruler, wave, lane_height, lanes)


class TimelinePainter:
    """Draws what does not move while a meeting is played."""

    def __init__(
        self, painter: QPainter, layout: Layout, window: TimeWindow, colours: Colours, font: QFont
    ) -> None:
        self._painter = painter
        self._layout = layout
        self._window = window
        self._colours = colours
        painter.setFont(font)
        self._metrics = QFontMetrics(font)

    def draw(self, outline: Outline, peaks: Peaks | None, notes: Iterable[int]) -> None:
        """Everything but the playhead."""
        layout, width = self._layout, self._layout.time.width()
        rows = [np.flatnonzero(outline.speakers == each) for each in layout.lanes]
        rows.append(np.flatnonzero(outline.speakers == 0))
        covered = cover(outline.starts, outline.ends, rows, self._window, width)
        self._overlaps(covered[:-1])
        self._ruler()
        self._wave(peaks)
        for number, speaker in enumerate(layout.lanes):
            self._lane(number, speaker, outline.names.get(speaker, ""), covered[number])
        self._gaps(covered[-1])
        for sample in notes:
            self._note(self._window.x(sample, width))

    def _overlaps(self, covered: Cover) -> None:
        """A band behind moments at which more than one speaks, with a line above the lanes."""
        top = self._layout.wave.bottom() + 1
        height = self._layout.time.bottom() - top
        for left, width in runs(covered.sum(axis=0) > 1):
            area = QRect(self._layout.time.left() + left, top, width, height)
            self._painter.fillRect(area, QColor(self._colours.raised))
            self._painter.fillRect(area.left(), top, width, 2, QColor(self._colours.outline))

    def _ruler(self) -> None:
        ruler, window = self._layout.ruler, self._window
        step = SAMPLE_RATE * self._step()
        muted = QColor(self._colours.muted)
        self._painter.setPen(muted)
        for sample in range(-(-window.start // step) * step, window.end + 1, step):
            x = ruler.left() + window.x(sample, ruler.width())
            self._painter.drawLine(QLineF(x, ruler.bottom() - 4, x, ruler.bottom()))
            text = stopwatch(to_seconds(sample))
            box = QRectF(x + 4, ruler.top(), self._metrics.horizontalAdvance(text) + 2, 0)
            box.setHeight(ruler.height() - 2)
            if box.right() <= ruler.right():
                self._painter.drawText(box, LEFT, text)

    def _step(self) -> int:
        """Seconds between two marks, so that their times have room."""
        room = self._metrics.horizontalAdvance("0:00:00") + 24
        least = to_seconds(self._window.length) * room / max(1, self._layout.ruler.width())
        return next((each for each in STEPS_S if each >= least), 4 * STEPS_S[-1])

    def _wave(self, peaks: Peaks | None) -> None:
        wave, colour = self._layout.wave, QColor(self._colours.outline)
        middle = wave.center().y() + 0.5
        self._painter.fillRect(QRectF(wave.left(), middle - 0.5, wave.width(), 1), colour)
        if peaks is None:
            return
        loud = peaks.between(self._window.start, self._window.end, wave.width())
        loudest = max(QUIET, int(peaks.levels[-1].max(initial=0)))
        heights = loud / loudest * (wave.height() / 2 - 1)
        rects = [
            QRectF(wave.left() + x, middle - height, 1, 2 * height)
            for x, height in enumerate(heights.tolist())
            if height >= 0.5
        ]
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.setBrush(colour)
        self._painter.drawRects(rects)

    def _lane(self, number: int, speaker: int, name: str, covered: Cover) -> None:
        area, colour = self._layout.lane(number), self._colours.speaker(speaker)
        inset = 2 if area.height() > 7 else 0
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.setBrush(colour)
        height = max(2, area.height() - 2 * inset)
        self._painter.drawRects(
            [QRect(area.left() + x, area.top() + inset, w, height) for x, w in runs(covered)]
        )
        if area.height() >= self._metrics.height() - 2:
            self._name(area, speaker, name, colour)

    def _name(self, area: QRect, speaker: int, name: str, colour: QColor) -> None:
        """The number and the name at the left of a lane."""
        side = area.height() - 2
        mark = QRect(self._metrics.height() // 2, area.top() + 1, side, side)
        room = area.left() - mark.right() - 10
        if room < side:  # only the number has room
            mark.moveLeft(max(1, area.left() - side - 4))
        self._painter.drawEllipse(mark)
        self._painter.setPen(QColor(self._colours.surface))
        self._painter.drawText(mark, CENTRE, badge(speaker))
        if room >= side:
            self._painter.setPen(colour)
            shown = self._metrics.elidedText(name, Qt.TextElideMode.ElideRight, room)
            box = QRect(mark.right() + 6, area.top(), room, area.height())
            self._painter.drawText(box, LEFT, shown)

    def _gaps(self, covered: Cover) -> None:
        """Hatched, over everything: nothing was heard there."""
        time = self._layout.time
        brush = QBrush(QColor(self._colours.warning), Qt.BrushStyle.BDiagPattern)
        for left, width in runs(covered):
            area = QRect(time.left() + left, self._layout.wave.top(), max(width, 3), 0)
            area.setBottom(time.bottom())
            self._painter.fillRect(area, QColor(self._colours.warning_wash))
            self._painter.fillRect(area, brush)

    def _note(self, x: float) -> None:
        """A flag on a pole."""
        time = self._layout.time
        if not 0 <= x <= time.width():
            return
        left, top = time.left() + x, float(time.top())
        self._painter.setPen(QColor(self._colours.accent_text))
        self._painter.drawLine(QLineF(left, top, left, time.bottom()))
        self._painter.setBrush(QColor(self._colours.accent_text))
        flag = [QPointF(left, top), QPointF(left + 9, top + 4), QPointF(left, top + 8)]
        self._painter.drawPolygon(QPolygonF(flag))


def draw_playhead(painter: QPainter, area: QRect, x: float, colour: str) -> None:
    """The line at the moment that is heard, with a head that can be gripped."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colour))
    painter.drawRect(QRectF(x - 1, area.top(), 2, area.height()))
    head = [(x - 6, area.top()), (x + 6, area.top()), (x, area.top() + 8)]
    painter.drawPolygon(QPolygonF([QPointF(*each) for each in head]))
