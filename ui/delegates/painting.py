"""Draws one row of the turn list: overlap bracket, speaker bar with marks, name, times, words."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QLinearGradient, QPainter, QPainterPath, QPen

from ui import icons
from ui.delegates.typesetting import Boxes, Typesetter
from ui.rows import GapRow, Row, TurnRow
from ui.text import badge, clock, gap_label, overlap_label, runs_left, speaker_label, translate

LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
CENTRE = Qt.AlignmentFlag.AlignCenter
TICK = 7
"""Pixels of the marks at the ends of a speaker bar."""


def paint_row(painter: QPainter, area: QRect, row: Row, setter: Typesetter) -> None:
    """Draw a row into its area."""
    painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # "from – to", in any language
    boxes = setter.place(row, area)
    _paint_bracket(painter, boxes.gutter, row, QColor(setter.colours.outline))
    if isinstance(row, GapRow):
        _paint_gap(painter, area, row, setter)
        return
    colour = setter.colours.speaker(row.speaker)
    _paint_bar(painter, boxes.bar, row, colour)
    _paint_badge(painter, boxes.badge, row, colour, setter)
    _paint_header(painter, boxes, row, colour, setter)
    words = setter.words(row, boxes.words.width())
    marks = setter.marks.of(row, setter.colours)
    words.draw(painter, QPointF(boxes.words.topLeft()), marks)
    if row.open:
        _paint_caret(painter, boxes, row, colour, setter)


def _paint_bracket(painter: QPainter, gutter: QRect, row: Row, colour: QColor) -> None:
    """One bracket runs along all rows that hang together by overlaps."""
    if not (row.joined_above or row.joined_below):
        return
    x, right = gutter.center().x() + 0.5, float(gutter.right())
    inset = gutter.width() / 2
    path = QPainterPath()
    if row.joined_above:
        path.moveTo(x, gutter.top())
    else:
        path.moveTo(right, gutter.top() + inset)
        path.quadTo(x, gutter.top() + inset, x, gutter.top() + 2 * inset)
    if row.joined_below:
        path.lineTo(x, gutter.bottom() + 1)
    else:
        path.lineTo(x, gutter.bottom() - 2 * inset)
        path.quadTo(x, gutter.bottom() - inset, right, gutter.bottom() - inset)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(colour, 1.6, c=Qt.PenCapStyle.FlatCap))
    painter.drawPath(path)


def _paint_bar(painter: QPainter, bar: QRect, row: TurnRow, colour: QColor) -> None:
    """A bracket from the start mark to the end mark; an open turn fades out instead."""
    painter.setPen(Qt.PenStyle.NoPen)
    fill = QLinearGradient(QPointF(bar.topLeft()), QPointF(bar.bottomLeft()))
    fill.setColorAt(0.0, colour)
    last = QColor(colour)
    last.setAlpha(40 if row.open else 255)
    fill.setColorAt(1.0, last)
    painter.setBrush(fill)
    painter.drawRoundedRect(bar, 2, 2)
    painter.setBrush(colour)
    painter.drawRoundedRect(QRect(bar.left(), bar.top(), TICK, 3), 1.5, 1.5)
    if row.end is not None and not row.provisional:
        painter.drawRoundedRect(QRect(bar.left(), bar.bottom() - 2, TICK, 3), 1.5, 1.5)


def _paint_badge(
    painter: QPainter, box: QRect, row: TurnRow, colour: QColor, setter: Typesetter
) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawEllipse(box)
    _write(painter, box, badge(row.speaker), setter.badge_font, setter.colours.surface, CENTRE)


def _paint_header(
    painter: QPainter, boxes: Boxes, row: TurnRow, colour: QColor, setter: Typesetter
) -> None:
    name = speaker_label(row.speaker, row.name)
    _write(painter, boxes.name, name, setter.name_font_of(row), colour, LEFT)
    _write(painter, boxes.times, times(row), setter.times_font, setter.colours.muted, RIGHT)
    if row.corrected:
        icons.icon("pencil", setter.colours.muted).paint(painter, boxes.sign)
    label = overlap_label(row)
    if not label or boxes.label.width() < 5 * setter.em:
        return
    shown = QFontMetrics(setter.label_font).elidedText(
        label, Qt.TextElideMode.ElideRight, boxes.label.width() - setter.em
    )
    width = QFontMetrics(setter.label_font).horizontalAdvance(shown) + setter.em
    chip = QRect(boxes.label.left(), boxes.label.top(), width, boxes.label.height())
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(setter.colours.raised))
    painter.drawRoundedRect(chip, chip.height() / 2, chip.height() / 2)
    _write(painter, chip, shown, setter.label_font, setter.colours.muted, CENTRE)


def times(row: TurnRow) -> str:
    """Start and end mark; an end that may be taken back is followed by dots."""
    if row.end is None:
        return translate("TurnDelegate", "{start} – now").format(start=clock(row.start))
    return f"{clock(row.start)} – {clock(row.end)}" + ("…" if row.provisional else "")


def _paint_caret(
    painter: QPainter, boxes: Boxes, row: TurnRow, colour: QColor, setter: Typesetter
) -> None:
    """Where the next word will appear."""
    layout = setter.words(row, boxes.words.width())
    line = layout.lineAt(layout.lineCount() - 1)
    written, space = line.naturalTextRect(), 5 if row.words else 0
    after = written.left() - space - 3 if runs_left(layout.text()) else written.right() + space
    x = boxes.words.left() + after
    height = 0.72 * line.height()
    top = boxes.words.top() + line.y() + (line.height() - height) / 2
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawRoundedRect(QRectF(x, top, 3.0, height), 1.5, 1.5)


def _paint_gap(painter: QPainter, area: QRect, row: GapRow, setter: Typesetter) -> None:
    """A dashed line through the place where audio is missing."""
    text = f"{clock(row.gap.start)}   {gap_label(row)}"
    width = QFontMetrics(setter.label_font).horizontalAdvance(text) + 2 * setter.em
    left = area.left() + round(3.6 * setter.em)
    chip = QRect(left, area.center().y() - setter.header // 2, width, setter.header)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(setter.colours.warning_wash))
    painter.drawRoundedRect(chip, chip.height() / 2, chip.height() / 2)
    _write(painter, chip, text, setter.label_font, setter.colours.warning, CENTRE)


def _write(
    painter: QPainter,
    box: QRect,
    text: str,
    font: QFont,
    colour: QColor | str,
    align: Qt.AlignmentFlag,
) -> None:
    painter.setFont(font)
    painter.setPen(QColor(colour))
    shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, box.width())
    painter.drawText(box, align, shown)
