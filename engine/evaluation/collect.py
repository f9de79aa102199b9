"""From the events of a session to the turns it ended up with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from engine.evaluation.segments import EmittedWord, HypothesisTurn, split_word
from engine.events import (
    Event,
    SpeakerRevised,
    TurnEnded,
    TurnResumed,
    TurnStarted,
    Word,
    WordsChanged,
)


@dataclass
class _Draft:
    """A turn while its events are read."""

    started: TurnStarted
    speaker: int
    words: list[tuple[Word, int]] = field(default_factory=list)  # with the time it came to stay
    end: int | None = None
    end_emitted: int | None = None
    resumed: int = 0


def collect_turns(events: Iterable[Event]) -> list[HypothesisTurn]:
    """The final state of every turn that has words, ordered by start.

    A turn is somebody's words: one that ends without any was opened in error and shows nothing. An
    end counts as said when the engine first said it and never took it back, provisional or not.
    Events of the live meeting around the session (lag, gaps, engine state) are passed over.
    """
    drafts: dict[int, _Draft] = {}
    for event in events:
        match event:
            case TurnStarted():
                drafts[event.turn] = _Draft(event, event.speaker)
            case WordsChanged():
                draft = drafts[event.turn]
                draft.words = _carried(draft.words, event)
            case TurnEnded():
                _end(drafts[event.turn], event)
            case TurnResumed():
                _resume(drafts[event.turn])
            case SpeakerRevised():
                drafts[event.turn].speaker = event.speaker
    turns = filter(lambda turn: turn.words, map(_finished, drafts.values()))
    return sorted(turns, key=lambda turn: (turn.start, turn.number))


def _carried(before: list[tuple[Word, int]], event: WordsChanged) -> list[tuple[Word, int]]:
    """The new words; one whose text already stood in its place keeps the time it came."""
    known = [(word.text, emitted) for word, emitted in before]
    return [
        (word, known[i][1] if i < len(known) and known[i][0] == word.text else event.emitted)
        for i, word in enumerate(event.words)
    ]


def _end(draft: _Draft, event: TurnEnded) -> None:
    draft.end = event.end
    if draft.end_emitted is None:
        draft.end_emitted = event.emitted


def _resume(draft: _Draft) -> None:
    draft.end = draft.end_emitted = None
    draft.resumed += 1


def _finished(draft: _Draft) -> HypothesisTurn:
    started = draft.started
    words = tuple(
        EmittedWord(*piece, emitted)
        for word, emitted in draft.words
        for piece in split_word(word.text, word.start, word.end)
    )
    last = words[-1].end if words else started.start
    return HypothesisTurn(
        number=started.turn,
        channel=started.channel,
        speaker=str(draft.speaker),
        start=started.start,
        end=last if draft.end is None else draft.end,
        words=words,
        start_emitted=started.emitted,
        end_emitted=draft.end_emitted,
        resumed=draft.resumed,
    )
