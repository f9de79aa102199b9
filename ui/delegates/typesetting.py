"""Sizes and text layouts of the turn list, derived from one font and kept while they hold."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from itertools import groupby, product
from math import ceil

from PySide6.QtCore import QPointF, QRect
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QTextCharFormat,
    QTextLayout,
    QTextOption,
)

from ui.palette import Colours
from ui.rows import Row, TurnRow
from ui.text import speaker_label
from ui.theme import scaled, tabular

KEPT_LAYOUTS = 400
"""More than any screen shows at once."""
FIRST_INDENT = 3.6
CHANNEL_INDENT = 2.0
LEAST_EMS = 8
MOST_EMS = 50
"""Longer lines are hard to read."""


@dataclass(frozen=True, slots=True)
class Boxes:
    """Where the parts of one turn's row lie, in pixels of the view."""

    gutter: QRect  # the bracket of an overlap
    bar: QRect
    badge: QRect
    name: QRect
    label: QRect
    times: QRect
    words: QRect


class Typesetter:
    """Measures rows and sets their words, for one font and one set of colours."""

    def __init__(self, font: QFont, colours: Colours) -> None:
        self.layouts_made = 0  # for tests: the costly thing
        self.restyle(font, colours)

    def restyle(self, font: QFont, colours: Colours) -> None:
        """Use another font or other colours; everything is set anew."""
        self.colours = colours
        self.words_font = scaled(font, 1.12)
        self.name_font = scaled(font, 1.0, QFont.Weight.DemiBold)
        self.times_font = tabular(scaled(font, 0.95))
        self.label_font = scaled(font, 0.9)
        self.badge_font = scaled(font, 0.85, QFont.Weight.DemiBold)
        self.em = QFontMetrics(font).height()
        self.header = max(round(1.45 * self.em), QFontMetrics(self.name_font).height())
        self.padding = round(0.6 * self.em)
        self._times_width = QFontMetrics(self.times_font).horizontalAdvance("00:00.0 – 00:00.0…")
        self._looks = {pair: self._look(*pair) for pair in product((True, False), repeat=2)}
        self._layouts: OrderedDict[int, tuple[TurnRow, int, QTextLayout]] = OrderedDict()

    def height(self, row: Row, width: int) -> int:
        """Pixels that a row needs in a view of this width."""
        if not isinstance(row, TurnRow):
            return self.header + 2 * self.padding
        words = self.words(row, self._column(row, width)[1]).boundingRect().height()
        return round(words) + self.header + round(0.2 * self.em) + 2 * self.padding

    def guess(self, row: Row, width: int) -> int:
        """About the height of a row, without setting its words."""
        characters = sum(len(w.shown) + 1 for w in row.words) if isinstance(row, TurnRow) else 0
        lines = ceil(characters * 0.5 * self.em / self._column(row, width)[1])
        return self.header + 2 * self.padding + round(1.4 * self.em * max(1, lines))

    def words(self, row: TurnRow, width: int) -> QTextLayout:
        """The words of a turn, broken into lines of this width in pixels."""
        kept = self._layouts.get(row.number)
        if kept and kept[0] is row and kept[1] == width:
            self._layouts.move_to_end(row.number)
            return kept[2]
        layout = self._set(row, width)
        self._layouts[row.number] = (row, width, layout)
        self._layouts.move_to_end(row.number)
        if len(self._layouts) > KEPT_LAYOUTS:
            self._layouts.popitem(last=False)
        return layout

    def place(self, row: Row, area: QRect) -> Boxes:
        """Where the parts of a row lie in its area; a gap has only the gutter."""
        left, width = self._column(row, area.width())
        left += area.left()
        top = area.top() + self.padding
        name_left = left + self.header + self.em // 2
        times_left = left + width - self._times_width
        room = max(0, times_left - name_left - self.em)
        name_width = min(room, self._name_width(row))
        label_left = name_left + name_width + self.em
        words_top = top + self.header + round(0.2 * self.em)
        return Boxes(
            gutter=QRect(area.left() + self.em, area.top(), self.em, area.height()),
            bar=QRect(left - round(1.1 * self.em), top, 4, area.height() - 2 * self.padding),
            badge=QRect(left, top, self.header, self.header),
            name=QRect(name_left, top, name_width, self.header),
            label=QRect(label_left, top, max(0, times_left - label_left), self.header),
            times=QRect(times_left, top, self._times_width, self.header),
            words=QRect(left, words_top, width, area.bottom() - words_top),
        )

    def _name_width(self, row: Row) -> int:
        if not isinstance(row, TurnRow):
            return 0
        name = speaker_label(row.speaker, row.name)
        return QFontMetrics(self.name_font).horizontalAdvance(name) + 4

    def _column(self, row: Row, width: int) -> tuple[int, int]:
        """Left edge and width of a row's text; a second voice at a time is further right."""
        channel = row.channel if isinstance(row, TurnRow) else 0
        left = round((FIRST_INDENT + CHANNEL_INDENT * channel) * self.em)
        right = min(width - 2 * self.em, round((FIRST_INDENT + MOST_EMS) * self.em))
        return left, max(LEAST_EMS * self.em, right - left)

    def _set(self, row: TurnRow, width: int) -> QTextLayout:
        self.layouts_made += 1
        layout = QTextLayout(" ".join(word.shown for word in row.words), self.words_font)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        layout.setFormats(self._formats(row))
        layout.beginLayout()
        y = 0.0
        while (line := layout.createLine()).isValid():
            line.setLineWidth(width)
            line.setPosition(QPointF(0.0, y))
            y += 1.18 * line.height()
        layout.endLayout()
        return layout

    def _formats(self, row: TurnRow) -> list[QTextLayout.FormatRange]:
        """Neighbouring words that look the same share a range."""
        formats = []
        start = 0
        for look, words in groupby(row.words, lambda word: (word.final, row.shared(word))):
            length = sum(len(word.shown) + 1 for word in words)
            formats.append(_format_range(start, length - 1, self._looks[look]))
            start += length
        return formats

    def _look(self, final: bool, shared: bool) -> QTextCharFormat:
        """Words that may still change are lighter and slanted; those spoken over are underlined."""
        look = QTextCharFormat()
        look.setForeground(QColor(self.colours.text if final else self.colours.muted))
        look.setFontItalic(not final)
        if shared:
            look.setUnderlineStyle(QTextCharFormat.UnderlineStyle.DotLine)
            look.setUnderlineColor(QColor(self.colours.muted))
        return look


def _format_range(start: int, length: int, look: QTextCharFormat) -> QTextLayout.FormatRange:
    each = QTextLayout.FormatRange()
    each.start, each.length, each.format = start, length, look
    return each
