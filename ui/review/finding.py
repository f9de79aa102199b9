"""Where a text stands in turns, whatever its case and accents. Knows no Qt."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

from ui.delegates.words import Characters, text_of
from ui.rows import Row, TurnRow

Match = tuple[int, Characters]
"""The number of a turn, and the characters of its text."""


class Finder:
    """Remembers the turns it read, so that the next letter is found at once."""

    def __init__(self) -> None:
        self._read: dict[int, tuple[TurnRow, str]] = {}

    def find(self, rows: Iterable[Row], wanted: str) -> list[Match]:
        """Every place, from the first turn to the last; none for an empty text."""
        wanted = " ".join(plain(wanted).split())
        turns = (row for row in rows if isinstance(row, TurnRow))
        return [
            (row.number, place)
            for row in turns
            if wanted and wanted in self._plain(row)
            for place in places(text_of(row), wanted)
        ]

    def _plain(self, row: TurnRow) -> str:
        known = self._read.get(row.number)
        if known is None or known[0] is not row:
            known = self._read[row.number] = row, plain(text_of(row))
        return known[1]


def plain(text: str) -> str:
    """Without case and accents."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def places(text: str, wanted: str) -> list[Characters]:
    """Where a plain text stands in one that is not."""
    found, at = [], 0
    within = plain(text)
    origin: Sequence[int] = range(len(text))
    if not text.isascii():  # one letter may become several, or none
        origin = [place for place, letter in enumerate(text) for _ in plain(letter)]
    while (start := within.find(wanted, at)) >= 0:
        at = start + len(wanted)
        last = origin[at] if at < len(origin) else len(text)
        found.append((origin[start], max(1, last - origin[start])))
    return found
