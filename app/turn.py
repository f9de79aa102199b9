"""What one person said between two marks, and what of it a person has settled."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntFlag
from typing import TypedDict

from engine.events import Word

OWN_NUMBERS = 1 << 29
"""Turns that no engine numbers (a person made them, or the number is taken) begin here."""


class Corrected(IntFlag):
    """What of a turn a person said: the engine may not overrule that."""

    NOTHING = 0
    SPEAKER = 1
    WORDS = 2
    START = 4
    END = 8
    MADE = 16  # the whole turn: no engine says it


@dataclass(slots=True)
class Turn:
    """One person's words between two marks. ``end`` is None while the turn is open."""

    number: int
    channel: int
    start: int
    end: int | None
    speaker: int
    words: tuple[Word, ...] = ()
    provisional: bool = False  # the end may still be taken back
    corrected: Corrected = Corrected.NOTHING

    @property
    def until(self) -> int:
        """Where the turn ends, or how far its words go while it is open."""
        if self.end is not None:
            return self.end
        return max((word.end for word in self.words), default=self.start)

    @property
    def firm(self) -> bool:
        """Whether a person said more of it than who speaks."""
        return self.corrected not in (Corrected.NOTHING, Corrected.SPEAKER)

    @property
    def settled(self) -> bool:
        """Whether its end is known for good."""
        return self.end is not None and not self.provisional

    @property
    def text(self) -> str:
        """The words as people read them, with single spaces."""
        return " ".join(word.shown for word in self.words)


class Segment(TypedDict):
    """One segment of SegLST, as MeetEval reads it; times in seconds."""

    session_id: str
    speaker: str
    words: str
    start_time: float
    end_time: float


def segment(
    session_id: str, speaker: str, words: Iterable[str], start_s: float, end_s: float
) -> Segment:
    """One segment of SegLST from words and times in seconds."""
    return Segment(
        session_id=session_id,
        speaker=speaker,
        words=" ".join(words),
        start_time=start_s,
        end_time=end_s,
    )
