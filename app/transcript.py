"""The document of a meeting: who said what, from where to where.

A :class:`Transcript` is rebuilt by applying events in order and knows nothing of where they come
from: a running engine, a recorded list, or a library. Times are samples at 16 kHz
(:mod:`engine.timeline`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypedDict

from engine.events import (
    EngineState,
    EngineStatus,
    Event,
    Gap,
    SpeakerRevised,
    TurnEnded,
    TurnResumed,
    TurnStarted,
    Word,
    WordsChanged,
)
from engine.timeline import SAMPLE_RATE, to_seconds

SAME_START = SAMPLE_RATE // 2
"""A replayed turn on the same channel that starts this near is the one the user corrected."""

NOTHING = -1
"""How far an engine has got that has said nothing yet: before the first sample."""


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
    corrected: bool = False  # the user said who it is: the engine may not overrule that

    @property
    def until(self) -> int:
        """Where the turn ends, or how far its words go while it is open."""
        if self.end is not None:
            return self.end
        return max((word.end for word in self.words), default=self.start)

    @property
    def text(self) -> str:
        """The words as people read them, with single spaces."""
        return " ".join(word.shown for word in self.words)


@dataclass(frozen=True, slots=True)
class Speaker:
    """Somebody in this meeting. ``named`` tells a name the user gave from the default one."""

    number: int
    name: str
    named: bool = False


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
    """Turns and speakers of one meeting; not thread-safe."""

    turns: dict[int, Turn] = field(default_factory=dict)
    speakers: dict[int, Speaker] = field(default_factory=dict)
    gaps: list[Gap] = field(default_factory=list)
    duration: int = 0
    _kept: dict[int, Turn] = field(default_factory=dict, init=False, repr=False)
    _kept_reach: int = field(default=NOTHING, init=False, repr=False)
    _reach: int = field(default=NOTHING, init=False, repr=False)
    _corrections: list[Turn] = field(default_factory=list, init=False, repr=False)

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
        self.speakers[number] = Speaker(number, name or default_name(number), named=bool(name))

    def reassign(self, number: int, speaker: int) -> None:
        """Say who speaks in a turn; the engine does not overrule it. KeyError: no such turn."""
        turn = self.turns[number]
        self._know(speaker)
        turn.speaker, turn.corrected = speaker, True

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
        self._reach = NOTHING

    def _start(self, event: TurnStarted) -> Change:
        turn = Turn(event.turn, event.channel, event.start, None, event.speaker)
        if (correction := self._correction_for(turn)) is not None:
            turn.speaker, turn.corrected = correction.speaker, True
        self._know(turn.speaker)
        self.turns[turn.number] = turn
        self._advance(turn)
        return Change(ChangeKind.ADDED, turn.number)

    def _update(
        self, event: WordsChanged | TurnEnded | TurnResumed | SpeakerRevised
    ) -> Change | None:
        turn = self.turns.get(event.turn)
        if turn is None or not self._alter(turn, event):
            return None
        self._advance(turn)
        return Change(ChangeKind.UPDATED, turn.number)

    def _alter(
        self, turn: Turn, event: WordsChanged | TurnEnded | TurnResumed | SpeakerRevised
    ) -> bool:
        before = (turn.words, turn.end, turn.provisional, turn.speaker)
        match event:
            case WordsChanged():
                turn.words = event.words
            case TurnEnded():
                turn.end, turn.provisional = event.end, event.provisional
            case TurnResumed():
                turn.end, turn.provisional = None, False
            case SpeakerRevised() if not turn.corrected:
                self._know(event.speaker)
                turn.speaker = event.speaker
        return before != (turn.words, turn.end, turn.provisional, turn.speaker)

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
        corrected = [turn for turn in self.turns.values() if turn.corrected]
        self._corrections += corrected
        if self._reach >= self._kept_reach:
            self._kept, self._kept_reach = self.turns, self._reach
        self.turns, self._reach = {}, NOTHING
        self.speakers = {
            number: speaker for number, speaker in self.speakers.items() if speaker.named
        }
        return Change(ChangeKind.RESET)

    def _give_up(self) -> Change | None:
        """No engine any more: what an earlier one had understood further is shown again."""
        if not self.replaying:
            self._forget_kept()
            return None
        self.turns, self._reach = self._kept, self._kept_reach
        for turn in self.turns.values():
            self._know(turn.speaker)
        self._forget_kept()
        return Change(ChangeKind.RESET)

    def _forget_kept(self) -> None:
        self._kept, self._kept_reach = {}, NOTHING

    def _correction_for(self, turn: Turn) -> Turn | None:
        """Take the user's correction of the turn that this one repeats."""
        near = [
            old
            for old in self._corrections
            if old.channel == turn.channel and abs(old.start - turn.start) <= SAME_START
        ]
        if not near:
            return None
        nearest = min(near, key=lambda old: abs(old.start - turn.start))
        self._corrections.remove(nearest)
        return nearest

    def _know(self, speaker: int) -> None:
        self.speakers.setdefault(speaker, Speaker(speaker, default_name(speaker)))

    def _advance(self, turn: Turn) -> None:
        self._reach = max(self._reach, turn.until)


def default_name(number: int) -> str:
    """What a speaker is called until the user gives a name."""
    return f"Speaker {number}"


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
