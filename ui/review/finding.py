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
        self._read: dict[int, tuple[TurnRow, str, str]] = {}

    def find(self, rows: Iterable[Row], wanted: str) -> list[Match]:
        """Every place, from the first turn to the last; none for an empty text."""
        wanted = " ".join(plain(wanted).split())
        if not wanted:
            return []
        texts = (self._texts(row) for row in rows if isinstance(row, TurnRow))
        return [
            (row.number, place)
            for row, text, within in texts
            if wanted in within
            for place in places(text, within, wanted)
        ]

    def _texts(self, row: TurnRow) -> tuple[TurnRow, str, str]:
        """A turn with its text, as it is and plain."""
        known = self._read.get(row.number)
        if known is None or known[0] is not row:
            text = text_of(row)
            known = self._read[row.number] = row, text, plain(text)
        return known


def plain(text: str) -> str:
    """Without case and accents."""
    if text.isascii():
        return text.lower()
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def places(text: str, within: str, wanted: str) -> list[Characters]:
    """Where a plain text stands in one that is not; ``within`` is that one made plain."""
    found, at = [], 0
    origin: Sequence[int] = range(len(text))
    if not text.isascii():  # one letter may become several, or none
        origin = [place for place, letter in enumerate(text) for _ in plain(letter)]
    while (start := within.find(wanted, at)) >= 0:
        at = start + len(wanted)
        last = origin[at] if at < len(origin) else len(text)
        found.append((origin[start], max(1, last - origin[start])))
    return found
