"""Who the voices of an engine that began anew are: those who said the same before.

Engines number people as they meet them. Two that catch up side by side, or one that goes on on
another device, may meet them in another order than the first time.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from engine.events import (
    Event,
    SpeakerRecognised,
    SpeakerRevised,
    TurnEnded,
    TurnEvent,
    TurnStarted,
    WordsChanged,
)
from engine.timeline import SAMPLE_RATE

JUST_BEGUN = SAMPLE_RATE // 2
"""A turn is taken to last so long at least: its beginning alone tells whom it repeats."""


@dataclass(slots=True)
class Said:
    """A turn of the account that is being told; ``voice`` is as the engine numbers it."""

    channel: int
    start: int
    end: int
    voice: int


class Account:
    """Who spoke when on which channel, by an engine that was given up."""

    def __init__(self) -> None:
        self.people: set[int] = set()
        self._turns: dict[int, list[tuple[int, int, int]]] = {}
        self._longest = 0

    def add(self, said: Said, person: int) -> None:
        """A turn, and who said it."""
        self.people.add(person)
        self._longest = max(self._longest, said.end - said.start)
        insort(self._turns.setdefault(said.channel, []), (said.start, said.end, person))

    def during(self, said: Said) -> Iterator[tuple[int, int]]:
        """Who spoke at the same time on the same channel, and for how long."""
        turns = self._turns.get(said.channel, [])
        first = bisect_left(turns, (said.start - self._longest,))
        for start, end, person in turns[first : bisect_left(turns, (said.end,))]:
            if (shared := min(end, said.end) - max(start, said.start)) > 0:
                yield person, shared


class Reunion:
    """Gives the voices of each account of a meeting the numbers they had in the one before.

    A voice is the person with whom it shares most of the time in which both are heard on the same
    channel; no two voices are one person. Turns told before that was clear are revised.
    """

    def __init__(self) -> None:
        self._former = Account()
        self._former_reach = -1
        self._start_over()

    def begin(self) -> None:
        """New engines tell everything from the beginning."""
        if self._reach >= self._former_reach:
            self._former, self._former_reach = Account(), self._reach
            for said in self._turns.values():
                self._former.add(said, self._people[said.voice])
        self._start_over()

    def told(self, event: Event) -> list[Event]:
        """How to tell what an engine says, and what is to be revised because of it."""
        if not isinstance(event, TurnEvent):
            return [event]
        before = dict(self._people)
        self._note(event)
        if isinstance(event, TurnStarted | SpeakerRevised | SpeakerRecognised):
            who = self._people.get(event.speaker, event.speaker)  # else it is of an unknown turn
            event = replace(event, speaker=who)
        moved = {voice for voice, person in before.items() if self._people[voice] != person}
        return [event, *self._revisions(moved, before, event)] if moved else [event]

    def _start_over(self) -> None:
        self._reach = 0
        self._turns: dict[int, Said] = {}
        self._shared: Counter[tuple[int, int]] = Counter()
        self._people: dict[int, int] = {}  # by voice
        self._recognised: dict[int, SpeakerRecognised] = {}

    def _note(self, event: TurnEvent) -> None:
        if isinstance(event, SpeakerRecognised):
            self._recognised[event.speaker] = event
            self._match(event.speaker)
            return
        former = self._turns.get(event.turn)
        said = _after(former, event)
        if said is None or said == former:
            return
        if former is not None:
            self._weigh(former, -1)
        self._weigh(said, 1)
        self._turns[event.turn] = said
        self._reach = max(self._reach, said.end)
        self._match(said.voice)

    def _weigh(self, said: Said, sign: int) -> None:
        for person, shared in self._former.during(said):
            self._shared[said.voice, person] += sign * shared

    def _match(self, voice: int) -> None:
        """Say anew who each voice is, ``voice`` included."""
        found: dict[int, int] = {}
        for (known, person), shared in sorted(self._shared.items(), key=lambda each: -each[1]):
            if shared > 0 and known not in found and person not in found.values():
                found[known] = person
        for other in {**self._people, voice: 0}:
            if other not in found:
                found[other] = self._number(other, {*found.values(), *self._former.people})
        self._people = found

    def _number(self, voice: int, taken: set[int]) -> int:
        """A number for somebody who was not there before: their own, if it is free."""
        wanted = self._people.get(voice, voice)
        return wanted if wanted not in taken else max(taken) + 1

    def _revisions(
        self, moved: set[int], before: dict[int, int], event: TurnEvent
    ) -> Iterator[Event]:
        """What was told of these voices under other numbers."""
        names = [self._recognised[voice] for voice in moved if voice in self._recognised]
        for each in names:
            yield replace(each, speaker=before[each.speaker], voice=None, name="", sure=False)
        for each in names:
            yield replace(each, speaker=self._people[each.speaker])
        for number, said in self._turns.items():
            if said.voice in moved:
                yield SpeakerRevised(number, self._people[said.voice], 1.0, event.emitted)


def _after(said: Said | None, event: TurnEvent) -> Said | None:
    """What is known of a turn after an event; None where it is not known at all."""
    match event:
        case TurnStarted():
            return Said(event.channel, event.start, event.start + JUST_BEGUN, event.speaker)
        case SpeakerRevised() if said:
            return replace(said, voice=event.speaker)
        case WordsChanged() if said and event.words:
            return replace(said, end=max(said.start + JUST_BEGUN, event.words[-1].end))
        case TurnEnded() if said:
            return replace(said, end=max(said.start + JUST_BEGUN, event.end))
    return said
