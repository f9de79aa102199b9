"""The words of a turn as they are laid out: which lies where, and how they are marked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from PySide6.QtCore import QPointF, QRect
from PySide6.QtGui import QColor, QTextCharFormat, QTextLayout, QTextLine

from ui.palette import Colours
from ui.rows import TurnRow

Characters = tuple[int, int]
"""First character of the text of a turn, and how many."""


@dataclass(slots=True)
class Marks:
    """What is marked in the turns, besides what they say; by the number of the turn."""

    playing: Mapping[int, int] = field(default_factory=dict)  # the word that is heard
    found: Mapping[int, Sequence[Characters]] = field(default_factory=dict)
    current: tuple[int, Characters] | None = None  # the find that one stands at

    def of(self, row: TurnRow, colours: Colours) -> list[QTextLayout.FormatRange]:
        """The marks of a turn, as they are drawn over its words."""
        marks = [
            mark(place, _found(colours, self.current == (row.number, place)))
            for place in self.found.get(row.number, ())
        ]
        word = self.playing.get(row.number)
        if word is not None and word < len(row.words):
            marks.append(mark(places(row)[word], _inverse(colours.on_accent, colours.accent)))
        return marks


def text_of(row: TurnRow) -> str:
    """The words of a turn as they are drawn."""
    return " ".join(word.shown for word in row.words)


def places(row: TurnRow) -> list[Characters]:
    """Where each word stands in the text of its turn."""
    found, start = [], 0
    for word in row.words:
        found.append((start, len(word.shown)))
        start += len(word.shown) + 1
    return found


def word_at(layout: QTextLayout, row: TurnRow, point: QPointF) -> int | None:
    """The word under a point of the layout; None beside the words."""
    for number in range(layout.lineCount()):
        line = layout.lineAt(number)
        if line.naturalTextRect().contains(point):
            at = line.xToCursor(point.x(), QTextLine.CursorPosition.CursorOnCharacter)
            ends = (first + size for first, size in places(row))
            return next((word for word, end in enumerate(ends) if at < end), None)
    return None


def word_box(layout: QTextLayout, row: TurnRow, word: int) -> QRect:
    """Where a word lies in the layout; of one that is broken, the part on its first line."""
    first, size = places(row)[word]
    line = layout.lineForTextPosition(first)
    end = min(first + size, line.textStart() + line.textLength())
    left, right = sorted((_x(line, first), _x(line, end)))
    return QRect(round(left), round(line.y()), round(right - left), round(line.height()))


def mark(place: Characters, look: QTextCharFormat) -> QTextLayout.FormatRange:
    """Characters that look so."""
    each = QTextLayout.FormatRange()
    each.start, each.length = place
    each.format = look
    return each


def _found(colours: Colours, current: bool) -> QTextCharFormat:
    if current:
        return _inverse(colours.surface, colours.text)
    look = _inverse(colours.text, colours.warning_wash)
    look.setUnderlineStyle(QTextCharFormat.UnderlineStyle.SingleUnderline)
    look.setUnderlineColor(QColor(colours.warning))
    return look


def _inverse(ink: str, paper: str) -> QTextCharFormat:
    look = QTextCharFormat()
    look.setForeground(QColor(ink))
    look.setBackground(QColor(paper))
    return look


def _x(line: QTextLine, character: int) -> float:
    return float(cast(tuple[float, int], line.cursorToX(character))[0])
