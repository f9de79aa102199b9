"""What a search found as a Qt model, and how one place is drawn."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QPainter,
    QStandardItem,
    QStandardItemModel,
    QTextCharFormat,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QStyleOptionViewItem

from app.store import Hit
from ui.delegates.list_row import Index, ListRowDelegate, write_line
from ui.meeting_list import when
from ui.text import clock, hint, speaker_label
from ui.theme import scaled

LINES = 3.9
HIT = Qt.ItemDataRole.UserRole + 1
BEFORE = 14
"""Characters shown before the first hit: the list is narrow."""


class HitListModel(QStandardItemModel):
    """The places that were found, in the order of the search."""

    def show_hits(self, hits: Iterable[Hit]) -> None:
        """Show these places instead."""
        self.clear()
        self.invisibleRootItem().appendRows([_item(hit) for hit in hits])

    def hit(self, index: Index) -> Hit:
        """The place of a row."""
        return cast(Hit, index.data(HIT))

    def hits(self) -> list[Hit]:
        """All places, from the top."""
        return [self.hit(self.index(row, 0)) for row in range(self.rowCount())]


class HitDelegate(ListRowDelegate):
    """Draws a place in three lines: title; what is said, the hit marked; who, when and where."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Three lines and some air."""
        return QSize(0, round(LINES * option.fontMetrics.height()))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one row."""
        hit = cast(Hit, index.data(HIT))
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_state(painter, option)
        upper, middle, lower = _lines(option)
        colours = self._theme.colours
        painter.setFont(scaled(option.font, 0.95, QFont.Weight.DemiBold))
        painter.setPen(QColor(colours.text))
        write_line(painter, upper, hit.title)
        self._paint_snippet(painter, middle, hit, option.font)
        painter.setFont(scaled(option.font, 0.9))
        painter.setPen(QColor(colours.muted))
        write_line(painter, lower, place(hit))
        painter.restore()

    def _paint_snippet(self, painter: QPainter, line: QRect, hit: Hit, font: QFont) -> None:
        text, hits = _cut(hit)
        metrics = QFontMetrics(scaled(font, 1.0, QFont.Weight.Bold))  # the widest it can become
        text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, line.width())
        layout = QTextLayout(text, font)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.NoWrap)
        layout.setTextOption(option)
        layout.setFormats([self._mark(start, end) for start, end in hits])
        layout.beginLayout()
        layout.createLine()
        layout.endLayout()
        painter.setPen(QColor(self._theme.colours.text))
        painter.setClipRect(line)
        layout.draw(painter, QPointF(line.topLeft()))
        painter.setClipping(False)

    def _mark(self, start: int, end: int) -> QTextLayout.FormatRange:
        """Heavier and underlined: the hit is told by more than its colour."""
        mark = QTextLayout.FormatRange()
        mark.start, mark.length = start, end - start
        drawn = QTextCharFormat()
        drawn.setFontWeight(QFont.Weight.Bold)
        drawn.setFontUnderline(True)
        drawn.setForeground(QColor(self._theme.colours.accent_text))
        mark.format = drawn
        return mark


def place(hit: Hit) -> str:
    """Who says it, where in the meeting, and when that was."""
    who = "" if hit.speaker is None else speaker_label(hit.speaker, hit.name)
    at = "" if hit.turn is None else clock(hit.start)
    return " · ".join(filter(None, (at, who, when(hit.started_at))))


def describe(hit: Hit) -> str:
    """A place in one sentence, for a screen reader."""
    return f"{hit.title}, {place(hit)}: {hit.snippet.text}"


def _item(hit: Hit) -> QStandardItem:
    item = QStandardItem(hit.title)
    item.setEditable(False)
    item.setData(hit, HIT)
    item.setData(describe(hit), Qt.ItemDataRole.AccessibleTextRole)
    item.setToolTip(hint(hit.snippet.text))
    return item


def _cut(hit: Hit) -> tuple[str, list[tuple[int, int]]]:
    """The snippet from shortly before the first hit; Qt counts in UTF-16."""
    text, hits = hit.snippet.text, hit.snippet.hits
    first = hits[0][0] if hits else 0
    start = text.rfind(" ", 0, first - BEFORE) + 1 if first > BEFORE else 0
    ahead = "…" if start else ""
    shown = ahead + text[start:]

    def units(position: int) -> int:
        return len(shown[: position - start + len(ahead)].encode("utf-16-le")) // 2

    return shown, [(units(begin), units(end)) for begin, end in hits]


def _lines(option: QStyleOptionViewItem) -> tuple[QRect, QRect, QRect]:
    height = QFontMetrics(option.font).height()
    inner = option.rect.adjusted(20, 0, -18, 0)
    top = inner.center().y() - round(1.5 * height) - 1
    upper = QRect(inner.left(), top, inner.width(), height)
    return upper, upper.translated(0, height + 1), upper.translated(0, 2 * height + 2)
