"""The document of a meeting: who said what, from where to where.

A :class:`Transcript` is rebuilt by applying events in order and knows nothing of where they come
from: a running engine, a recorded list, or a library. Times are samples at 16 kHz
(:mod:`engine.timeline`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import IntFlag, StrEnum
from typing import TypedDict

from app.turn_voice import TurnVoice, turn_voice
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
    Word,
    WordsChanged,
)
from engine.timeline import SAMPLE_RATE, to_seconds

SAME_START = SAMPLE_RATE // 2
"""A replayed turn on the same channel that starts this near is the one the user corrected."""

NOTHING = -1
"""How far an engine has got that has said nothing yet: before the first sample."""

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


class Segment(TypedDict):
    """One segment of SegLST, as MeetEval reads it; times in seconds."""

    session_id: str
    speaker: str
    words: str
    start_time: float
    end_time: float


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


@dataclass(frozen=True, slots=True)
class Recognised:
    """By which saved voice a speaker was recognised; unsure ones are shown as such."""

    person: int
    name: str
    sure: bool


@dataclass(frozen=True, slots=True)
class Speaker:
    """Somebody in this meeting. ``named`` tells a name the user gave from the default one.

    ``made`` tells that a person added them while it was recorded: no voice has this number.
    ``recognised`` tells that the name comes from a saved voice.
    """

    number: int
    name: str
    named: bool = False
    made: bool = field(default=False, compare=False)
    recognised: Recognised | None = None


class ChangeKind(StrEnum):
    """What an event did to the document."""

    ADDED = "added"  # a turn began
    UPDATED = "updated"  # a turn changed
    GAP = "gap"  # audio is missing
    RESET = "reset"  # all turns were replaced


@dataclass(frozen=True, slots=True)
class Change:
    """One change of the document; ``turn`` is None where it does not concern a single turn."""

    kind: ChangeKind
    turn: int | None = None


@dataclass(slots=True)
class Transcript:
    """Turns and speakers of one meeting; not thread-safe.

    ``removed`` are turns that a person deleted or joined to others: the engine goes on with them
    unseen, so that they can be had back. ``voices`` says which of the speakers here each speaker of
    the engine is, where it has spoken of them. ``heard`` is how turns sounded, by their number,
    where the engine tells that.
    """

    turns: dict[int, Turn] = field(default_factory=dict)
    speakers: dict[int, Speaker] = field(default_factory=dict)
    gaps: list[Gap] = field(default_factory=list)
    duration: int = 0
    removed: dict[int, Turn] = field(default_factory=dict)
    voices: dict[int, int] = field(default_factory=dict, compare=False)
    heard: dict[int, TurnVoice] = field(default_factory=dict, compare=False)
    _announced: dict[int, int | None] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _kept: dict[int, Turn] = field(default_factory=dict, init=False, repr=False)
    _kept_reach: int = field(default=NOTHING, init=False, repr=False)
    _reach: int = field(default=NOTHING, init=False, repr=False)
    _corrections: dict[int, Turn] = field(default_factory=dict, init=False, repr=False)
    _numbers: dict[int, int] = field(default_factory=dict, init=False, repr=False, compare=False)
    _typed: dict[int, tuple[int, int]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _starts: dict[int, int] = field(default_factory=dict, init=False, repr=False, compare=False)

    def ordered(self) -> list[Turn]:
        """The turns by start time, those that start together in order of appearance."""
        return sorted(self.turns.values(), key=lambda turn: (turn.start, turn.number))

    @property
    def replaying(self) -> bool:
        """Whether a restarted engine has yet to reach the point where the one before it was."""
        return self._reach < self._kept_reach

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

    def rename_speaker(self, number: int, name: str) -> None:
        """Give a speaker a name; an empty one brings the default name back."""
        name = " ".join(name.split())
        made = number in self.speakers and self.speakers[number].made
        self.speakers[number] = Speaker(number, name or default_name(number), bool(name), made)

    def reassign(self, number: int, speaker: int) -> None:
        """Say who speaks in a turn; the engine does not overrule it. KeyError: no such turn."""
        turn = self.turns[number]
        self.know(speaker)
        turn.speaker = speaker
        turn.corrected |= Corrected.SPEAKER

    def number_of(self, turn: int) -> int:
        """The number here of a turn that the engine calls ``turn``."""
        return self._numbers.get(turn, turn)

    def next_number(self) -> int:
        """A number for a turn that the engine does not number."""
        return max(OWN_NUMBERS - 1, *self.turns, *self.removed, *self._corrections, 0) + 1

    def next_speaker(self) -> int:
        """The number of somebody new."""
        unseen = (turn.speaker for turn in self.removed.values())
        return max(0, *self.speakers, *self.voices, *self.voices.values(), *unseen, 0) + 1

    def know(self, speaker: int) -> None:
        """Make sure that there is such a speaker."""
        self.speakers.setdefault(speaker, Speaker(speaker, default_name(speaker)))

    def hold_words(self, number: int, count: int, until: int) -> None:
        """A person said the first ``count`` words of a turn: all that is heard before ``until``."""
        self._typed[number] = count, until

    def speaker_name(self, turn: Turn) -> str:
        """The name to show for the speaker of a turn."""
        return self.speakers[turn.speaker].name

    def to_seglst(self, session_id: str) -> list[Segment]:
        """The turns that have words, raw as they are scored, as segments ordered by start."""
        return [
            segment(
                session_id,
                self.speaker_name(turn),
                [word.text for word in turn.words],
                to_seconds(turn.start),
                to_seconds(turn.until),
            )
            for turn in self.ordered()
            if turn.words
        ]

    def clear(self) -> None:
        """Forget everything, the user's corrections too."""
        self.turns.clear()
        self.speakers.clear()
        self.gaps.clear()
        self.duration = 0
        self._forget_kept()
        self._corrections.clear()
        self.removed.clear()
        self.heard.clear()
        self._announced.clear()
        self.voices.clear()
        self._numbers.clear()
        self._typed.clear()
        self._starts.clear()
        self._reach = NOTHING

    def _start(self, event: TurnStarted) -> Change | None:
        speaker = self._person(event.speaker)
        turn = Turn(event.turn, event.channel, event.start, None, speaker)
        former = self._correction_for(turn)
        turn.number = former.number if former else self._free_number(event.turn)
        self._starts[turn.number] = event.start
        self._numbers.pop(event.turn, None)
        if turn.number != event.turn:
            self._numbers[event.turn] = turn.number
        if turn.number in self.removed:
            return None
        if former is not None and turn.number in self.turns:
            return self._go_on(self.turns[turn.number], speaker)
        if former is not None:
            turn.speaker, turn.corrected = former.speaker, former.corrected
        self.know(turn.speaker)
        self.turns[turn.number] = turn
        self._advance(turn)
        return Change(ChangeKind.ADDED, turn.number)

    def _go_on(self, turn: Turn, speaker: int) -> Change | None:
        """A new engine says again a turn that stands here because of what a person said of it."""
        self._reach = max(self._reach, turn.start)
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
        self._reach = max(self._reach, _told(turn, event))
        return Change(ChangeKind.UPDATED, turn.number) if changed else None

    def _alter(
        self, turn: Turn, event: WordsChanged | TurnEnded | TurnResumed | SpeakerRevised
    ) -> bool:
        before = (turn.words, turn.end, turn.provisional, turn.speaker)
        match event:
            case WordsChanged():
                turn.words = self._heard(turn, event.words)
            case TurnEnded() if not turn.corrected & Corrected.END:
                turn.end, turn.provisional = event.end, event.provisional
            case TurnResumed() if not turn.corrected & Corrected.END:
                turn.end, turn.provisional = None, False
            case SpeakerRevised() if not turn.corrected & Corrected.SPEAKER:
                turn.speaker = self._person(event.speaker)
                self.know(turn.speaker)
        return before != (turn.words, turn.end, turn.provisional, turn.speaker)

    def _heard(self, turn: Turn, words: tuple[Word, ...]) -> tuple[Word, ...]:
        """What a person typed stays; what is said after that is heard."""
        if not turn.corrected & Corrected.WORDS:
            return words
        if turn.number not in self._typed:
            return turn.words
        count, until = self._typed[turn.number]
        later = tuple(word for word in words if word.start + word.end >= 2 * until)
        return turn.words[:count] + later

    def _recognise(self, event: SpeakerRecognised) -> Change | None:
        """Show the name of a known voice, unless the user has said who it is, or is not."""
        number = self._person(event.speaker)
        speaker = self.speakers.get(number, Speaker(number, default_name(number)))
        again = self._announced.get(number) == event.voice
        self._announced[number] = event.voice
        if speaker.named or (again and not speaker.recognised):
            return None
        new = recognised_speaker(number, event.voice, event.name, event.sure)
        self.speakers[number] = replace(new, made=speaker.made)
        return Change(ChangeKind.RESET) if new != speaker else None

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
        self._forget_kept()
        pending = [turn for turn in self.turns.values() if turn.provisional]
        for turn in pending:
            turn.provisional = False
        return Change(ChangeKind.RESET) if pending else None

    def _restart(self) -> Change:
        """Drop the turns: a new engine says them all again. They are kept in case it cannot."""
        for turn in (*self.turns.values(), *self.removed.values()):
            if not turn.corrected & Corrected.MADE and (turn.corrected or self._is_removed(turn)):
                self._corrections[turn.number] = turn
            if turn.settled:
                self._typed.pop(turn.number, None)
        if self._reach >= self._kept_reach:
            self._kept, self._kept_reach = self.turns, self._reach
        self.turns = {turn.number: turn for turn in self.turns.values() if turn.firm}
        self._numbers, self._reach = {}, NOTHING
        self.heard, self._announced = {}, {}
        self.speakers = {n: each for n, each in self.speakers.items() if each.named or each.made}
        for turn in self.turns.values():
            self.know(turn.speaker)
        return Change(ChangeKind.RESET)

    def _is_removed(self, turn: Turn) -> bool:
        return turn.number in self.removed

    def _give_up(self) -> Change | None:
        """No engine any more: what an earlier one had understood further is shown again."""
        if not self.replaying:
            self._forget_kept()
            return None
        self.turns, self._reach = self._kept, self._kept_reach
        for turn in self.turns.values():
            self.know(turn.speaker)
        self._forget_kept()
        return Change(ChangeKind.RESET)

    def _forget_kept(self) -> None:
        self._kept, self._kept_reach = {}, NOTHING

    def _correction_for(self, turn: Turn) -> Turn | None:
        """Take the user's correction of the turn that this one repeats."""
        apart = {
            old.number: abs(self._starts.get(old.number, old.start) - turn.start)
            for old in self._corrections.values()
            if old.channel == turn.channel
        }
        nearest = min(apart, key=apart.__getitem__, default=None)
        if nearest is None or apart[nearest] > SAME_START:
            return None
        return self._corrections.pop(nearest)

    def _free_number(self, number: int) -> int:
        """A number of the engine's, unless it stands for something that a person said."""
        here = self.turns.get(number)
        others = (ours for turn, ours in self._numbers.items() if turn != number)
        taken = here is not None and here.corrected
        kept = number in self.removed or number in self._corrections
        if taken or kept or number in others:
            return self.next_number()
        return number

    def _person(self, voice: int) -> int:
        """Which speaker of this meeting a speaker of the engine is."""
        if voice not in self.voices:
            made = {number for number, speaker in self.speakers.items() if speaker.made}
            taken = voice in made.union(self.voices.values())
            self.voices[voice] = self.next_speaker() if taken else voice
        return self.voices[voice]

    def _advance(self, turn: Turn) -> None:
        self._reach = max(self._reach, turn.until)


def _told(turn: Turn, event: WordsChanged | TurnEnded | TurnResumed | SpeakerRevised) -> int:
    """How far an event shows that the engine has got."""
    return min(turn.until, event.emitted) if turn.firm else turn.until


def default_name(number: int) -> str:
    """What a speaker is called until the user gives a name."""
    return f"Speaker {number}"


def recognised_speaker(number: int, person: int | None, name: str, sure: bool) -> Speaker:
    """A speaker with the name of a saved voice; None: it is nobody's."""
    if person is None:
        return Speaker(number, default_name(number))
    shown = name if sure else f"{name}?"
    return Speaker(number, shown, recognised=Recognised(person, name, sure))


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
