"""Where a text stands in turns, whatever its case and accents. Knows no Qt."""

from __future__ import annotations

import time
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence

from ui.delegates.words import Characters, text_of
from ui.rows import Row, TurnRow

Match = tuple[int, Characters]
"""The number of a turn, and the characters of its text."""
Places = Sequence[Characters]


class Finder:
    """Finds one text after another, and remembers the turns that it read for the next one."""

    def __init__(self) -> None:
        self._wanted = ""
        self._read: dict[int, tuple[TurnRow, str, str]] = {}
        self._found: dict[int, tuple[TurnRow, Places]] = {}

    def look_for(self, text: str) -> None:
        """Find this from now on; nothing is found of an empty text."""
        wanted = " ".join(plain(text).split())
        if wanted != self._wanted:
            self._wanted = wanted
            self._found.clear()

    def places(self, row: TurnRow) -> Places:
        """Where the text stands in a turn."""
        known = self._found.get(row.number)
        if known is None or known[0] is not row:
            known = self._found[row.number] = row, self._places(row)
        return known[1]

    def _places(self, row: TurnRow) -> Places:
        if not self._wanted:
            return ()
        _, text, within = self._texts(row)
        return places(text, within, self._wanted) if self._wanted in within else ()

    def _texts(self, row: TurnRow) -> tuple[TurnRow, str, str]:
        """A turn with its text, as it is and plain."""
        known = self._read.get(row.number)
        if known is None or known[0] is not row:
            text = text_of(row)
            known = self._read[row.number] = row, text, plain(text)
        return known


class Search:
    """Goes through a meeting from its first turn to the last, as long at a time as one has.

    What was found so far can be counted and shown at any time.
    """

    def __init__(self, finder: Finder, rows: Iterable[Row], text: str) -> None:
        finder.look_for(text)
        self._finder = finder
        self._rest = iter(rows if text.strip() else ())
        self._places: dict[int, Places] = {}
        self._turns: list[int] = []  # those with matches, in their order
        self._before: list[int] = []  # how many matches come before each of them
        self.total = 0
        self.done = False

    @property
    def places(self) -> Mapping[int, Places]:
        """By turn, where it stands; grows while the search goes on."""
        return self._places

    def look_at(self, rows: Iterable[Row]) -> None:
        """Find what stands in these rows first: they are seen."""
        for row in rows:
            if isinstance(row, TurnRow) and (found := self._finder.places(row)):
                self._places[row.number] = found

    def go_on(self, seconds: float = float("inf")) -> None:
        """Read on for about so long; ``done`` says whether all is read."""
        until = time.perf_counter() + seconds
        for row in self._rest:
            if isinstance(row, TurnRow) and (found := self._finder.places(row)):
                self._keep(row.number, found)
            if time.perf_counter() >= until:
                return
        self.done = True

    def match(self, number: int) -> Match:
        """The match with this number, from 0."""
        at = bisect_right(self._before, number) - 1
        turn = self._turns[at]
        return turn, self._places[turn][number - self._before[at]]

    def number(self, match: Match | None) -> int | None:
        """The number of a match; None if it is not found (any more)."""
        if match is None or match[1] not in self._places.get(match[0], ()):
            return None
        turn, place = match
        return self._before[self._turns.index(turn)] + self._places[turn].index(place)

    def first_of(self, rows: Iterable[Row]) -> int:
        """The number of the first match that is in one of these rows; 0 if none is."""
        turns = (row.number for row in rows if isinstance(row, TurnRow))
        first = next((turn for turn in turns if turn in self._places), None)
        return 0 if first is None else self._before[self._turns.index(first)]

    def _keep(self, turn: int, found: Places) -> None:
        self._places[turn] = found
        self._turns.append(turn)
        self._before.append(self.total)
        self.total += len(found)


def plain(text: str) -> str:
    """Without case and accents."""
    if text.isascii():
        return text.lower()
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def places(text: str, within: str, wanted: str) -> list[Characters]:
    """Where a plain text stands in one that is not; ``within`` is that one made plain."""
    found, at, size = [], 0, len(wanted)
    origin: Sequence[int] = range(len(text))
    if not text.isascii():  # one letter may become several, or none
        origin = [place for place, letter in enumerate(text) for _ in plain(letter)]
    while (start := within.find(wanted, at)) >= 0:
        at = start + size
        last = origin[at] if at < len(origin) else len(text)
        found.append((origin[start], max(1, last - origin[start])))
    return found
