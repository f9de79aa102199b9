"""Readable words in the events of a meeting: revised while a turn is open, settled when it ends."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from engine.events import TurnEnded, TurnEvent, TurnResumed, TurnStarted, Word, WordsChanged
from engine.readable.readable import Heard, Readable


@dataclass
class _Turn:
    """A turn that is not settled; ``sure`` has heard its final words."""

    sure: Heard
    words: tuple[Word, ...] = ()
    shown: tuple[Word, ...] = ()
    over: bool = False


class ReadableTurns:
    """Puts the readable form into each word of one meeting's events.

    Final words are heard once. A turn's end, also a provisional one, comes after its words as they
    are read if nothing follows; if it resumes they are looked at again with the next words. Only
    turns that are not settled are kept.
    """

    def __init__(self, readable: Readable) -> None:
        self._readable = readable
        self._turns: dict[int, _Turn] = {}

    def follow(self, events: Iterable[TurnEvent]) -> list[TurnEvent]:
        """The events with readable words, and with those that only the end of a turn settles."""
        return [made for event in events for made in self._follow(event)]

    def _follow(self, event: TurnEvent) -> Iterator[TurnEvent]:
        match event:
            case TurnStarted():
                self._turns[event.turn] = _Turn(self._readable.begin())
            case WordsChanged():
                turn = self._turns[event.turn]
                turn.words = event.words
                yield from self._show(event.turn, event.emitted)
                return
            case TurnEnded():
                self._turns[event.turn].over = True
                yield from self._show(event.turn, event.emitted)
                if not event.provisional:
                    del self._turns[event.turn]
            case TurnResumed():
                self._turns[event.turn].over = False
        yield event

    def _show(self, number: int, emitted: int) -> Iterator[WordsChanged]:
        """The words of a turn as they are read now, if that is something new."""
        turn = self._turns[number]
        heard = self._hear(turn)
        texts = self._readable.texts(heard, turn.over)
        words = tuple(replace(w, readable=t) for w, t in zip(turn.words, texts, strict=True))
        if words != turn.shown:
            turn.shown = words
            yield WordsChanged(number, words, emitted)

    def _hear(self, turn: _Turn) -> Heard:
        """All words of a turn; the final ones are kept as heard."""
        texts = tuple(word.text for word in turn.words)
        final = sum(word.final for word in turn.words)
        if turn.sure.words != texts[: len(turn.sure.words)]:  # an engine that takes words back
            turn.sure = self._readable.begin()
        known = len(turn.sure.words)
        if final > known:
            turn.sure = self._readable.hear(turn.sure, texts[known:final])
            known = final
        return self._readable.hear(turn.sure, texts[known:]) if texts[known:] else turn.sure
