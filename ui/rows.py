"""What each row of the turn list says: turns with their overlaps, and gaps. Knows no Qt.

Two turns overlap when the later one begins at least :data:`LEAST_OVERLAP` before the earlier one
ends. Turns that hang together by overlaps are neighbours in the list, so one bracket joins them.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.transcript import Recognised, Speaker, Turn
from engine.events import Gap, Word
from engine.timeline import SAMPLE_RATE

LEAST_OVERLAP = SAMPLE_RATE // 10
"""Shorter than this is the inaccuracy of a mark, not two people at once."""


@dataclass(frozen=True, slots=True)
class Overlap:
    """Somebody else who speaks during a turn."""

    speaker: int
    name: str | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class TurnRow:
    """One turn as it is shown; ``end`` is None while it is open."""

    number: int
    channel: int
    start: int
    end: int | None
    provisional: bool
    speaker: int
    name: str | None  # None: nobody gave a name yet
    words: tuple[Word, ...]
    overlaps: tuple[Overlap, ...] = ()
    joined_above: bool = False
    joined_below: bool = False
    recognised: Recognised | None = None  # the name is that of a saved voice
    corrected: bool = False  # a person changed something of it

    @property
    def open(self) -> bool:
        """Whether somebody is speaking this turn right now."""
        return self.end is None

    @property
    def until(self) -> int:
        """Where the turn ends, or how far its words go while it is open."""
        if self.end is not None:
            return self.end
        return max((word.end for word in self.words), default=self.start)

    def shared(self, word: Word) -> bool:
        """Whether most of the word was spoken while somebody else spoke too."""
        middle = (word.start + word.end) // 2
        return any(each.start <= middle < each.end for each in self.overlaps)


@dataclass(frozen=True, slots=True)
class GapRow:
    """Audio that is missing, in the place where it is missing."""

    gap: Gap
    joined_above: bool = False
    joined_below: bool = False


Row = TurnRow | GapRow
Entry = Turn | Gap
Speakers = Mapping[int, Speaker]


def key(entry: Entry) -> tuple[int, int, int]:
    """By what rows are ordered: start, gaps first, order of appearance."""
    if isinstance(entry, Gap):
        return entry.start, 0, entry.length
    return entry.start, 1, entry.number


def extent(entry: Entry) -> int:
    """How long an entry is, as far as is known."""
    return entry.length if isinstance(entry, Gap) else entry.until - entry.start


def position(entries: Sequence[Entry], entry: Entry) -> int:
    """Where an entry stands, or would have to be put."""
    return bisect_left(entries, key(entry), key=key)


def touched(entries: Sequence[Entry], start: int, end: int, longest: int) -> range:
    """The rows whose overlaps may depend on what is said between two moments.

    ``longest`` bounds the extent of every entry: nothing that began earlier can reach ``start``.
    """
    first = bisect_left(entries, start - longest, key=lambda entry: entry.start)
    last = bisect_left(entries, end + 1, key=lambda entry: entry.start)
    return range(first, last)


def build_rows(
    entries: Sequence[Entry], rows: range, speakers: Speakers, longest: int
) -> list[Row]:
    """The rows of a range of the entries, which are ordered by :func:`key`."""
    if not rows:
        return []
    reach = _reach(entries, rows.start, longest)
    built: list[Row] = []
    for row in rows:
        entry = entries[row]
        above = _overlap(reach, entry.start)
        reach = max(reach, _until(entry))
        below = row + 1 < len(entries) and _overlap(reach, entries[row + 1].start)
        built.append(
            GapRow(entry, above, below)
            if isinstance(entry, Gap)
            else _turn_row(
                entry, _overlaps(entries, row, speakers, longest), speakers, above, below
            )
        )
    return built


def _turn_row(
    turn: Turn,
    overlaps: tuple[Overlap, ...],
    speakers: Speakers,
    above: bool,
    below: bool,
) -> TurnRow:
    return TurnRow(
        turn.number,
        turn.channel,
        turn.start,
        turn.end,
        turn.provisional,
        turn.speaker,
        _given_name(speakers, turn.speaker),
        turn.words,
        overlaps,
        above,
        below,
        speakers[turn.speaker].recognised if turn.speaker in speakers else None,
        bool(turn.corrected),
    )


def _given_name(speakers: Speakers, number: int) -> str | None:
    speaker = speakers.get(number)
    return speaker.name if speaker and (speaker.named or speaker.recognised) else None


def _overlaps(
    entries: Sequence[Entry], row: int, speakers: Speakers, longest: int
) -> tuple[Overlap, ...]:
    turn = entries[row]
    return tuple(
        Overlap(
            other.speaker,
            _given_name(speakers, other.speaker),
            max(turn.start, other.start),
            min(_until(turn), other.until),
        )
        for index in touched(entries, turn.start, _until(turn), longest)
        if isinstance(other := entries[index], Turn) and index != row and _meet(turn, other)
    )


def _meet(one: Entry, other: Entry) -> bool:
    first, second = (one, other) if key(one) < key(other) else (other, one)
    return _overlap(_until(first), second.start)


def _overlap(until: int, start: int) -> bool:
    return until - start >= LEAST_OVERLAP


def _until(entry: Entry) -> int:
    """A gap overlaps nothing: it has no voice."""
    return entry.start if isinstance(entry, Gap) else entry.until


def _reach(entries: Sequence[Entry], row: int, longest: int) -> int:
    """How far the entries before a row go."""
    first = bisect_left(
        entries, entries[row].start - longest, hi=row, key=lambda entry: entry.start
    )
    return max((_until(entry) for entry in entries[first:row]), default=0)
