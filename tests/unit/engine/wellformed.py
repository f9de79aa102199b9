"""What holds for every list of events that a session emits from its start to its finish."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from engine.events import (
    SpeakerRecognised,
    SpeakerRevised,
    TurnEnded,
    TurnEvent,
    TurnResumed,
    TurnStarted,
    Word,
    WordsChanged,
)


@dataclass
class _Seen:
    started: TurnStarted
    speaker: int
    words: tuple[Word, ...] = ()
    ends: list[TurnEnded] = field(default_factory=list)
    open: bool = True

    @property
    def settled(self) -> bool:
        return bool(self.ends) and not self.ends[-1].provisional


def assert_well_formed(events: Sequence[TurnEvent]) -> None:
    """Each turn starts once, goes on, and is settled once; nothing final is taken back."""
    turns: dict[int, _Seen] = {}
    emitted = 0
    for event in events:
        assert event.emitted >= emitted, "the clock runs backwards"
        emitted = event.emitted
        if isinstance(event, TurnStarted):
            _start(turns, event)
            continue
        if isinstance(event, SpeakerRecognised):
            assert 0.0 <= event.confidence <= 1.0
            continue
        turn = turns[event.turn]
        assert not turn.settled, "a settled turn changes"
        match event:
            case WordsChanged():
                _say(turn, event)
            case TurnEnded():
                _end(turn, event)
            case TurnResumed():
                assert not turn.open, "an open turn resumes"
                turn.open = True
            case SpeakerRevised():
                assert event.speaker != turn.speaker, "the same speaker again"
                assert 0.0 <= event.confidence <= 1.0
                turn.speaker = event.speaker
    assert all(turn.settled for turn in turns.values()), "a turn without an end"


def _start(turns: dict[int, _Seen], event: TurnStarted) -> None:
    assert event.turn == len(turns) + 1
    assert 0 <= event.start <= event.emitted
    before = [t for t in turns.values() if t.started.channel == event.channel]
    assert all(t.started.start < event.start for t in before), "not in the order of their starts"
    if event.channel == 0:  # from which no turn moves away
        assert all(t.settled for t in before), "two turns at once on a channel"
        assert all(t.ends[-1].end <= event.start for t in before), "turns of a channel overlap"
    turns[event.turn] = _Seen(event, event.speaker)


def _say(turn: _Seen, event: WordsChanged) -> None:
    kept = [w for w in turn.words if w.final]
    assert list(event.words[: len(kept)]) == kept, "a final word changes"
    finals = [w.final for w in event.words]
    assert finals == sorted(finals, reverse=True), "final words come first"
    assert event.words != turn.words, "nothing changed"
    clock = turn.started.start
    for word in event.words:
        assert clock <= word.start <= word.end
        assert 0.0 <= word.confidence <= 1.0
        clock = word.end
    turn.words = event.words


def _end(turn: _Seen, event: TurnEnded) -> None:
    assert turn.open or not event.provisional, "a closed turn closes again"
    assert event.end > turn.started.start
    if not event.provisional:
        assert all(w.final for w in turn.words), "an unsure word in a settled turn"
    turn.open = False
    turn.ends.append(event)
