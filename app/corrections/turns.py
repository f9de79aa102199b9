"""Edits of where turns begin and end, and whether they are there at all."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from app.corrections.edits import EditKind, EditRefused, settled, turn_of, turns_of
from app.corrections.patch import Patch, patch_of
from app.transcript import Corrected, Transcript, Turn
from app.words import translate
from engine.events import Word
from engine.timeline import SAMPLE_RATE

SHORTEST = SAMPLE_RATE // 20
"""No turn is made shorter than this."""
MOVED = {"start": Corrected.START, "end": Corrected.END}


@dataclass(frozen=True, slots=True)
class SplitTurn:
    """Two turns of one; the second begins with the word ``at`` (from 0)."""

    turn: int
    at: int
    kind: ClassVar[EditKind] = EditKind.SPLIT

    def patch(self, transcript: Transcript) -> Patch:
        """What it changes: the turn ends with the word before, and there is one more."""
        turn = settled(turn_of(transcript, self.turn))
        if not 0 < self.at < len(turn.words):
            said = translate(
                "app", "A turn is split before a word that is not its first: choose one."
            )
            raise EditRefused(said)
        before, after = turn.words[: self.at], turn.words[self.at :]
        start = min(max(after[0].start, turn.start), turn.until)
        first = replace(
            turn,
            words=before,
            end=max(turn.start, min(before[-1].end, start)),
            corrected=turn.corrected | Corrected.WORDS | Corrected.END,
        )
        corrected = turn.corrected | Corrected.MADE | Corrected.WORDS
        number = transcript.next_number()
        second = replace(turn, number=number, start=start, words=after, corrected=corrected)
        return patch_of(transcript, [first, second])


@dataclass(frozen=True, slots=True)
class JoinNext:
    """One turn of this one and the next in the list; the first one says who speaks."""

    turn: int
    kind: ClassVar[EditKind] = EditKind.JOIN

    def patch(self, transcript: Transcript) -> Patch:
        """What it changes: the turn has the words of both, the next one goes."""
        order = transcript.ordered()
        turn = settled(turn_of(transcript, self.turn))
        place = order.index(turn)
        if place + 1 == len(order):
            said = translate("app", "This is the last turn: there is none to join it with.")
            raise EditRefused(said)
        other = settled(order[place + 1])
        words = sorted((*turn.words, *other.words), key=lambda word: (word.start, word.end))
        end = max(turn.until, other.until)
        corrected = turn.corrected | Corrected.WORDS | Corrected.END | Corrected.SPEAKER
        joined = replace(turn, words=tuple(words), end=end, corrected=corrected)
        return patch_of(transcript, [joined], [other])


@dataclass(frozen=True, slots=True)
class MoveBounds:
    """Another start or end of a turn, in samples. Its words are kept, pressed inside if need be.

    ``goes_on``: it is one of several little steps, which are taken back together.
    """

    turn: int
    start: int | None = None
    end: int | None = None
    goes_on: bool = False
    kind: ClassVar[EditKind] = EditKind.BOUNDS

    def patch(self, transcript: Transcript) -> Patch:
        """What it changes: the bounds, and the times of words that would lie outside."""
        turn = settled(turn_of(transcript, self.turn))
        assert turn.end is not None
        start, end = self._bounds(turn, max(transcript.duration, turn.end))
        corrected = turn.corrected
        for name, value in (("start", start), ("end", end)):
            corrected |= MOVED[name] if value != getattr(turn, name) else 0
        if corrected == turn.corrected and (start, end) == (turn.start, turn.end):
            return Patch()
        words = tuple(_pressed(word, start, end) for word in turn.words)
        if words != turn.words:
            corrected |= Corrected.WORDS
        return patch_of(
            transcript, [replace(turn, start=start, end=end, words=words, corrected=corrected)]
        )

    def _bounds(self, turn: Turn, duration: int) -> tuple[int, int]:
        """What is asked for, within the meeting, and never turned round."""
        assert turn.end is not None
        start = turn.start if self.start is None else max(0, self.start)
        end = turn.end if self.end is None else min(duration, self.end)
        if end - start >= min(SHORTEST, turn.end - turn.start):
            return start, end
        said = translate("app", "A turn cannot end before it begins: choose another time.")
        raise EditRefused(said)


@dataclass(frozen=True, slots=True)
class DeleteTurns:
    """Turns that nobody needs to read."""

    turns: tuple[int, ...]
    kind: ClassVar[EditKind] = EditKind.DELETE

    def patch(self, transcript: Transcript) -> Patch:
        """What it changes: the turns go."""
        return patch_of(transcript, removed=turns_of(transcript, self.turns))


def _pressed(word: Word, start: int, end: int) -> Word:
    begin = min(max(word.start, start), end)
    until = min(max(word.end, begin), end)
    return (
        word if (begin, until) == (word.start, word.end) else replace(word, start=begin, end=until)
    )
