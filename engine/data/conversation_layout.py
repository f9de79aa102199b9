"""Meetings laid out as real ones are: turns of any source, placed by resampled turn taking."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from numpy.random import Generator

from engine.data.conversation import Event, Meeting, events
from engine.data.fitted_turns import FittedSource, shortened
from engine.data.simulation import PlacedTurn, SpokenTurn, TurnSource
from engine.data.sources import TURN_PAUSE_S
from engine.errors import EngineError
from engine.timeline import to_samples, to_seconds

MOST_AT_ONCE = 3
"""People who speak at the same moment; in AMI there are four in 0.07 % of the time with speech."""

SHORTEST_TURN_S = 0.15
"""What is left of a meeting is filled with a turn of at least this length, or not at all."""


@dataclass(frozen=True)
class Conversation:
    """Turn taking to resample: what happened in real meetings, in order.

    The stationary bootstrap (Politis and Romano 1994): from a random event on, the events that
    followed it are taken over, ``block`` of them on average, then from another random one. So what
    goes with what (a long turn with its backchannels, an overlap with the turns around it) is as in
    real meetings, however long the meeting gets.

    Attributes:
        happened: the events of one meeting after those of another.
        lasts: indices of the last event of each meeting.
        block: mean count of events taken over in one piece.
        longest_gap_s: silences are cut to this.
    """

    happened: tuple[Event, ...]
    lasts: frozenset[int]
    block: float = 30.0
    longest_gap_s: float = 10.0

    @staticmethod
    def fit(meetings: Sequence[Meeting]) -> Conversation:
        """The turn taking of meetings.

        Raises:
            EngineError: when they have too few turns to learn from.
        """
        happened: list[Event] = []
        lasts = set()
        for meeting in meetings:
            happened += list(events(meeting))[1:]  # the first one follows nothing
            lasts.add(len(happened) - 1)
        if not any(not event.inside for event in happened):
            raise EngineError("Nobody answers anybody in these meetings: give longer ones.")
        return Conversation(tuple(happened), frozenset(lasts))

    def stream(self, random: Generator) -> Iterator[Event]:
        """Events without end."""
        at = int(random.integers(len(self.happened)))
        while True:
            yield self.happened[at]
            jump = at in self.lasts or random.random() < 1.0 / self.block
            at = int(random.integers(len(self.happened))) if jump else at + 1

    def arrange(
        self, source: TurnSource, people: Sequence[str], duration_s: float, random: Generator
    ) -> list[PlacedTurn]:
        """Turns of ``people`` that fit into ``duration_s``, at most three at once, by start."""
        seats = [people[i] for i in random.permutation(len(people))]
        table = _Table(FittedSource(source), seats, to_samples(duration_s), random)
        for event in self.stream(random):
            if event.inside:
                table.say_inside(event)
            elif not table.take_floor(event, self.longest_gap_s):
                break
        return sorted(table.turns, key=lambda t: (t.start, -t.end))


class _Table:
    """The meeting so far: its turns, and its people by how recently they had the floor."""

    def __init__(
        self, source: FittedSource, people: list[str], limit: int, random: Generator
    ) -> None:
        self.turns: list[PlacedTurn] = []
        self._source = source
        self._recent = people
        self._limit = limit
        self._random = random
        self._floor: PlacedTurn | None = None

    def take_floor(self, event: Event, longest_gap_s: float) -> bool:
        """Let somebody speak beyond whoever speaks now; False when the meeting is over."""
        start = self._next_start(min(event.place, longest_gap_s))
        end = start + to_samples(event.length_s)
        speaker = self._speaker(event.rank, start, end)
        start = max(start, self._free_at(speaker))
        left_s = to_seconds(self._limit - start)
        if left_s < SHORTEST_TURN_S:
            return False
        spoken = self._source.turn(speaker, min(event.length_s, left_s), self._random)
        if self._crowded(start, start + len(spoken.samples)) and self._floor:
            start = max(self._floor.end, self._free_at(speaker))  # nobody else speaks any more
        return self._place_on_floor(spoken, start)

    def _place_on_floor(self, spoken: SpokenTurn, start: int) -> bool:
        turn = PlacedTurn(shortened(spoken, self._limit - start), start)
        if turn.end > self._limit:
            return False
        if self._floor is None or turn.end > self._floor.end:
            self._floor = turn
            others = [p for p in self._recent if p != spoken.speaker]
            self._recent = [spoken.speaker, *others]
        self.turns.append(turn)
        return True

    def say_inside(self, event: Event) -> None:
        """Let somebody speak while another one keeps the floor, if there is room for it."""
        if self._floor is None or len(self._recent) < 2:
            return
        start = self._inside(self._floor, event.place, to_samples(event.length_s))
        speaker = self._speaker(max(1, event.rank), start, start + to_samples(event.length_s))
        spoken = self._source.turn(speaker, event.length_s, self._random)
        start = self._inside(self._floor, event.place, len(spoken.samples))
        end = start + len(spoken.samples)
        inside = self._floor.start <= start and end <= self._floor.end
        if inside and self._is_free(speaker, start, end) and not self._crowded(start, end):
            self.turns.append(PlacedTurn(spoken, start))

    @staticmethod
    def _inside(floor: PlacedTurn, share: float, length: int) -> int:
        return floor.start + round(share * (floor.end - floor.start - length))

    def _next_start(self, offset_s: float) -> int:
        if self._floor is None:
            return to_samples(self._random.uniform(0.1, 0.6))
        # who takes the floor begins after its holder did, or he would be the one who overlaps
        return max(self._floor.start + 1, self._floor.end + to_samples(offset_s))

    def _speaker(self, rank: int, start: int, end: int) -> str:
        """Whoever has this rank; if he still speaks then, the nearest rank that does not."""
        ranks = range(1 if rank and len(self._recent) > 1 else 0, len(self._recent))
        wanted = min(rank, len(self._recent) - 1)
        people = [self._recent[r] for r in sorted(ranks, key=lambda r: abs(r - wanted))]
        return next((p for p in people if self._is_free(p, start, end)), people[0])

    def _own(self, speaker: str) -> list[PlacedTurn]:
        return [t for t in self.turns if t.spoken.speaker == speaker]

    def _free_at(self, speaker: str) -> int:
        """When this person can begin another turn: earlier it would be the same one."""
        return max((t.end for t in self._own(speaker)), default=-_PAUSE) + _PAUSE

    def _is_free(self, speaker: str, start: int, end: int) -> bool:
        own = self._own(speaker)
        return all(t.end + _PAUSE <= start or end + _PAUSE <= t.start for t in own)

    def _crowded(self, start: int, end: int) -> bool:
        """Whether one more from ``start`` to ``end`` would be too many at once."""
        others = [t for t in self.turns if t.start < end and start < t.end]
        moments = [start, *(t.start for t in others if t.start > start)]
        return any(sum(t.start <= m < t.end for t in others) >= MOST_AT_ONCE for m in moments)


_PAUSE = to_samples(TURN_PAUSE_S)
