"""Sizes and text layouts of the turn list, derived from one font and kept while they hold."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from itertools import groupby, product
from math import ceil

from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QTextCharFormat,
    QTextLayout,
    QTextOption,
)

from engine.events import Word
from ui.delegates.words import Marks, mark, text_of, word_at, word_box
from ui.palette import Colours
from ui.rows import Row, TurnRow
from ui.text import runs_left, speaker_label
from ui.theme import scaled, tabular

KEPT_LAYOUTS = 400
"""More than any screen shows at once."""
FIRST_INDENT = 3.6
CHANNEL_INDENT = 2.0
LEAST_EMS = 8
MOST_EMS = 50
"""Longer lines are hard to read."""
WEAK_BELOW = 0.5
"""A word of less confidence is as likely wrong as right (docs/reviewing.md)."""


@dataclass(frozen=True, slots=True)
class Boxes:
    """Where the parts of one turn's row lie, in pixels of the view."""

    gutter: QRect  # the bracket of an overlap
    bar: QRect
    badge: QRect
    name: QRect
    label: QRect
    times: QRect
    sign: QRect  # that a person corrected the turn
    words: QRect


class Typesetter:
    """Measures rows and sets their words, for one font and one set of colours."""

    def __init__(self, font: QFont, colours: Colours) -> None:
        self.layouts_made = 0  # for tests: the costly thing
        self.marks = Marks()
        self.edited: tuple[int, int] | None = None  # a turn, and the pixels that its words need
        self.restyle(font, colours)

    def restyle(self, font: QFont, colours: Colours) -> None:
        """Use another font or other colours; everything is set anew."""
        self.colours = colours
        self.words_font = scaled(font, 1.12)
        self.name_font = scaled(font, 1.0, QFont.Weight.DemiBold)
        self.guess_font = QFont(self.name_font)
        self.guess_font.setItalic(True)
        self.times_font = tabular(scaled(font, 0.95))
        self.label_font = scaled(font, 0.9)
        self.badge_font = scaled(font, 0.85, QFont.Weight.DemiBold)
        self.em = QFontMetrics(font).height()
        self.header = max(round(1.45 * self.em), QFontMetrics(self.name_font).height())
        self.padding = round(0.6 * self.em)
        self._times_width = QFontMetrics(self.times_font).horizontalAdvance("00:00.0 – 00:00.0…")
        self._looks = {pair: self._look(*pair) for pair in product((True, False), repeat=3)}
        self._layouts: OrderedDict[int, tuple[TurnRow, int, QTextLayout]] = OrderedDict()

    def height(self, row: Row, width: int, keep: bool = True) -> int:
        """Pixels that a row needs in a view of this width; ``keep``: it will be drawn soon."""
        if not isinstance(row, TurnRow):
            return self.header + 2 * self.padding
        words = round(self.words(row, self._column(row, width)[1], keep).boundingRect().height())
        if self.edited is not None and self.edited[0] == row.number:
            words = max(words, self.edited[1])
        return words + self.header + round(0.2 * self.em) + 2 * self.padding

    def guess(self, row: Row, width: int) -> int:
        """About the height of a row, without setting its words."""
        characters = sum(len(w.shown) + 1 for w in row.words) if isinstance(row, TurnRow) else 0
        lines = ceil(characters * 0.5 * self.em / self._column(row, width)[1])
        return self.header + 2 * self.padding + round(1.4 * self.em * max(1, lines))

    def words(self, row: TurnRow, width: int, keep: bool = True) -> QTextLayout:
        """The words of a turn, broken into lines of this width in pixels."""
        kept = self._layouts.get(row.number)
        if kept and kept[0] is row and kept[1] == width:
            self._layouts.move_to_end(row.number)
            return kept[2]
        layout = self._set(row, width)
        if not keep:
            return layout
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
            sign=self._sign(left + width, top),
            words=QRect(left, words_top, width, area.bottom() - words_top),
        )

    def word_at(self, row: Row, area: QRect, point: QPoint) -> int | None:
        """The word of a row in ``area`` that lies under a point of the view; None if none does."""
        if not isinstance(row, TurnRow):
            return None
        box = self.place(row, area).words
        return word_at(self.words(row, box.width()), row, QPointF(point - box.topLeft()))

    def word_box(self, row: TurnRow, area: QRect, word: int) -> QRect:
        """Where a word of a row in ``area`` lies, in pixels of the view."""
        box = self.place(row, area).words
        return word_box(self.words(row, box.width()), row, word).translated(box.topLeft())

    def name_font_of(self, row: Row) -> QFont:
        """Upright, but for a name that the program gave: italics mark what may be wrong."""
        guessed = isinstance(row, TurnRow) and row.recognised is not None
        return self.guess_font if guessed else self.name_font

    def _sign(self, left: int, top: int) -> QRect:
        size = round(0.95 * self.em)
        return QRect(left + round(0.4 * self.em), top + (self.header - size) // 2, size, size)

    def _name_width(self, row: Row) -> int:
        if not isinstance(row, TurnRow):
            return 0
        name = speaker_label(row.speaker, row.name)
        return QFontMetrics(self.name_font_of(row)).horizontalAdvance(name) + 4

    def _column(self, row: Row, width: int) -> tuple[int, int]:
        """Left edge and width of a row's text; a second voice at a time is further right."""
        channel = row.channel if isinstance(row, TurnRow) else 0
        left = round((FIRST_INDENT + CHANNEL_INDENT * channel) * self.em)
        right = min(width - 2 * self.em, round((FIRST_INDENT + MOST_EMS) * self.em))
        return left, max(LEAST_EMS * self.em, right - left)

    def _set(self, row: TurnRow, width: int) -> QTextLayout:
        self.layouts_made += 1
        layout = QTextLayout(text_of(row), self.words_font)
        option = QTextOption()
        if runs_left(layout.text()):
            option.setAlignment(Qt.AlignmentFlag.AlignRight)
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
        for look, words in groupby(row.words, lambda word: _look_of(row, word)):
            length = sum(len(word.shown) + 1 for word in words)
            formats.append(mark((start, length - 1), self._looks[look]))
            start += length
        return formats

    def _look(self, final: bool, shared: bool, weak: bool) -> QTextCharFormat:
        """Lighter: slanted may still change, underlined by dashes is doubtful.

        Words that were spoken over are underlined by dots.
        """
        look = QTextCharFormat()
        look.setForeground(QColor(self.colours.muted if weak or not final else self.colours.text))
        look.setFontItalic(not final)
        style = QTextCharFormat.UnderlineStyle
        if shared or weak:
            look.setUnderlineStyle(style.DashUnderline if weak else style.DotLine)
            look.setUnderlineColor(QColor(self.colours.muted))
        return look


def _look_of(row: TurnRow, word: Word) -> tuple[bool, bool, bool]:
    return word.final, row.shared(word), word.final and word.confidence < WEAK_BELOW
