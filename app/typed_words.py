"""What a person typed of a turn that goes on: it stays, and what is said after it is heard."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from app.turn import Corrected, Turn
from engine.events import Word


@dataclass(slots=True)
class TypedWords:
    """For turns by their number: how many of their words were typed, and until when they reach."""

    _held: dict[int, tuple[int, int]] = field(default_factory=dict)

    def hold(self, number: int, count: int, until: int) -> None:
        """A person said the first ``count`` words of a turn: all that is heard before ``until``."""
        self._held[number] = count, until

    def under(self, turn: Turn, words: tuple[Word, ...]) -> tuple[Word, ...]:
        """The words of a turn after the engine has said that they are these."""
        if not turn.corrected & Corrected.WORDS:
            return words
        if turn.number not in self._held:
            return turn.words
        count, until = self._held[turn.number]
        later = tuple(word for word in words if word.start + word.end >= 2 * until)
        return turn.words[:count] + later

    def settle(self, turns: Iterable[Turn]) -> None:
        """Nothing more is said in those of the turns that have ended."""
        for turn in turns:
            if turn.settled:
                self._held.pop(turn.number, None)
