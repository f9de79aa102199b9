"""The document of a meeting: who said what, from where to where.

A :class:`Transcript` is rebuilt by applying events in order and knows nothing of where they come
from: a running engine, a recorded list, or a library. Times are samples at 16 kHz
(:mod:`engine.timeline`).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from app.change import Change, ChangeKind
from app.document import Document
from app.replay import Replay
from app.speaker import Recognised, Speaker, default_name
from app.turn import OWN_NUMBERS, Corrected, Segment, Turn, segment
from app.turn_voice import turn_voice
from app.typed_words import TypedWords
from engine.events import (
    EngineState,
    EngineStatus,
    Event,
    Gap,
    SpeakerRecognised,
    SpeakerRevised,
    TurnEnded,
    TurnResumed,
    TurnStarted,
    VoiceHeard,
    WordsChanged,
)

__all__ = [
    "OWN_NUMBERS",
    "Change",
    "ChangeKind",
    "Corrected",
    "Recognised",
    "Segment",
    "Speaker",
    "Transcript",
    "Turn",
    "default_name",
    "segment",
]


@dataclass(slots=True)
class Transcript(Document):
    """A document that follows the events; see :class:`app.document.Document`."""

    _replay: Replay = field(default_factory=Replay, init=False, repr=False)
    _typed: TypedWords = field(default_factory=TypedWords, init=False, repr=False, compare=False)

    @property
    def replaying(self) -> bool:
        """Whether a restarted engine has yet to reach the point where the one before it was."""
        return self._replay.behind

    def apply(self, event: Event) -> Change | None:
        """Apply one event; None if the document stays as it was.

        An event about a turn that is not in the document (a late one of an abandoned engine) is
        ignored.
        """
        match event:
            case TurnStarted():
                change: Change | None = self._start(event)
            case WordsChanged() | TurnEnded() | TurnResumed() | SpeakerRevised():
                change = self._update(event)
            case SpeakerRecognised():
                return self._recognise(event)
            case VoiceHeard():
                number = self.number_of(event.turn)
                self.heard[number] = turn_voice(event, number)
                return None
            case Gap():
                change = self._add_gap(event)
            case EngineState():
                return self._follow_engine(event.status)
            case _:
                return None
        heard = event.start + event.length if isinstance(event, Gap) else event.emitted
        self.duration = max(self.duration, heard)
        return change

    def number_of(self, turn: int) -> int:
        """The number here of a turn that the engine calls ``turn``."""
        return self._replay.numbers.get(turn, turn)

    def next_number(self) -> int:
        """A number for a turn that the engine does not number."""
        return self._replay.next_number(self.turns.keys(), self.removed.keys())

    def hold_words(self, number: int, count: int, until: int) -> None:
        """A person said the first ``count`` words of a turn: all that is heard before ``until``."""
        self._typed.hold(number, count, until)

    def clear(self) -> None:
        """Forget everything, the user's corrections too."""
        self.turns.clear()
        self.speakers.clear()
        self.gaps.clear()
        self.duration = 0
        self.removed.clear()
        self.voices.clear()
        self.heard.clear()
        self._replay, self._typed = Replay(), TypedWords()

    def _start(self, event: TurnStarted) -> Change | None:
        speaker = self._person(event.speaker)
        turn = Turn(event.turn, event.channel, event.start, None, speaker)
        former = self._replay.recall(turn, self.turns, self.removed.keys())
        if turn.number in self.removed:
            return None
        if former is not None and turn.number in self.turns:
            return self._go_on(self.turns[turn.number], speaker)
        if former is not None:
            turn.speaker, turn.corrected = former.speaker, former.corrected
        self.know(turn.speaker)
        self.turns[turn.number] = turn
        self._replay.reached(turn.until)
        return Change(ChangeKind.ADDED, turn.number)

    def _go_on(self, turn: Turn, speaker: int) -> Change | None:
        """A new engine says again a turn that stands here because of what a person said of it."""
        self._replay.reached(turn.start)
        if turn.corrected & Corrected.SPEAKER or turn.speaker == speaker:
            return None
        self.know(speaker)
        turn.speaker = speaker
        return Change(ChangeKind.UPDATED, turn.number)

    def _update(
        self, event: WordsChanged | TurnEnded | TurnResumed | SpeakerRevised
    ) -> Change | None:
        number = self.number_of(event.turn)
        if number in self.removed:
            self._alter(self.removed[number], event)
            return None
        turn = self.turns.get(number)
        if turn is None:
            return None
        changed = self._alter(turn, event)
        self._replay.reached(_told(turn, event))
        return Change(ChangeKind.UPDATED, turn.number) if changed else None

    def _alter(
        self, turn: Turn, event: WordsChanged | TurnEnded | TurnResumed | SpeakerRevised
    ) -> bool:
        before = (turn.words, turn.end, turn.provisional, turn.speaker)
        match event:
            case WordsChanged():
                turn.words = self._typed.under(turn, event.words)
            case TurnEnded() if not turn.corrected & Corrected.END:
                turn.end, turn.provisional = event.end, event.provisional
            case TurnResumed() if not turn.corrected & Corrected.END:
                turn.end, turn.provisional = None, False
            case SpeakerRevised() if not turn.corrected & Corrected.SPEAKER:
                turn.speaker = self._person(event.speaker)
                self.know(turn.speaker)
        return before != (turn.words, turn.end, turn.provisional, turn.speaker)

    def _recognise(self, event: SpeakerRecognised) -> Change | None:
        """Show the name of a known voice, unless the user has said who it is, or is not."""
        number = self._person(event.speaker)
        speaker = self.speakers.get(number, Speaker(number, default_name(number)))
        if speaker.named:
            return None
        self.speakers[number] = speaker.heard_as(event.voice, event.name, event.sure)
        return Change(ChangeKind.RESET) if self.speakers[number] != speaker else None

    def _add_gap(self, gap: Gap) -> Change | None:
        if gap in self.gaps:
            return None
        self.gaps.append(gap)
        return Change(ChangeKind.GAP)

    def _follow_engine(self, status: EngineStatus) -> Change | None:
        if status is EngineStatus.RESTARTING:
            return self._restart()
        if status is EngineStatus.FAILED:
            return self._give_up()
        return self._settle() if status is EngineStatus.DONE else None

    def _settle(self) -> Change | None:
        """All has been said: no end can be taken back any more."""
        self._replay.forget()
        pending = [turn for turn in self.turns.values() if turn.provisional]
        for turn in pending:
            turn.provisional = False
        return Change(ChangeKind.RESET) if pending else None

    def _restart(self) -> Change:
        """Drop the turns: a new engine says them all again. They are kept in case it cannot."""
        self._replay.begin(self.turns, self.removed)
        self._typed.settle((*self.turns.values(), *self.removed.values()))
        self.turns = {turn.number: turn for turn in self.turns.values() if turn.firm}
        self.heard = {}
        self.speakers = {
            number: each if each.named else each.heard_as(None, "", sure=False)
            for number, each in self.speakers.items()
            if each.named or each.made or each.denied
        }
        for turn in self.turns.values():
            self.know(turn.speaker)
        return Change(ChangeKind.RESET)

    def _give_up(self) -> Change | None:
        """No engine any more: what an earlier one had understood further is shown again."""
        turns = self._replay.give_up()
        if turns is None:
            return None
        self.turns = turns
        for turn in self.turns.values():
            self.know(turn.speaker)
        return Change(ChangeKind.RESET)

    def _person(self, voice: int) -> int:
        """Which speaker of this meeting a speaker of the engine is."""
        if voice not in self.voices:
            made = {number for number, speaker in self.speakers.items() if speaker.made}
            taken = voice in made.union(self.voices.values())
            self.voices[voice] = self.next_speaker() if taken else voice
        return self.voices[voice]


def _told(turn: Turn, event: WordsChanged | TurnEnded | TurnResumed | SpeakerRevised) -> int:
    """How far an event shows that the engine has got."""
    return min(turn.until, event.emitted) if turn.firm else turn.until
