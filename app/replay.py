"""What an engine that begins anew repeats: which turns are those that were there before."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from app.turn import OWN_NUMBERS, Corrected, Turn
from engine.timeline import SAMPLE_RATE

SAME_START = SAMPLE_RATE // 2
"""A replayed turn on the same channel that starts this near is the one the user corrected."""

NOTHING = -1
"""How far an engine has got that has said nothing yet: before the first sample."""


@dataclass(slots=True)
class Replay:
    """How far the engine has got, and what is still wanted of the accounts before its own.

    ``kept`` is the account that reached furthest, ``corrections`` are turns of which a person said
    something, until an engine says them again, ``starts`` is where the engine heard turns begin,
    and ``numbers`` how turns are called here that have another number there.
    """

    kept: dict[int, Turn] = field(default_factory=dict)
    kept_reach: int = NOTHING
    reach: int = NOTHING
    corrections: dict[int, Turn] = field(default_factory=dict)
    numbers: dict[int, int] = field(default_factory=dict, compare=False)
    starts: dict[int, int] = field(default_factory=dict, compare=False)

    @property
    def behind(self) -> bool:
        """Whether a restarted engine has yet to reach the point where the one before it was."""
        return self.reach < self.kept_reach

    def reached(self, moment: int) -> None:
        """The engine has got so far."""
        self.reach = max(self.reach, moment)

    def begin(self, turns: dict[int, Turn], removed: Mapping[int, Turn]) -> None:
        """A new engine says everything again; these turns are kept in case it cannot."""
        for turn in (*turns.values(), *removed.values()):
            corrected = turn.corrected or turn.number in removed
            if corrected and not turn.corrected & Corrected.MADE:
                self.corrections[turn.number] = turn
        if self.reach >= self.kept_reach:
            self.kept, self.kept_reach = turns, self.reach
        self.numbers, self.reach = {}, NOTHING

    def give_up(self) -> dict[int, Turn] | None:
        """No engine any more: the turns of an earlier one that had got further, if there is one."""
        behind, turns, reach = self.behind, self.kept, self.kept_reach
        self.forget()
        if not behind:
            return None
        self.reach = reach
        return turns

    def forget(self) -> None:
        """No former account is wanted any more."""
        self.kept, self.kept_reach = {}, NOTHING

    def recall(
        self, turn: Turn, turns: Mapping[int, Turn], removed: Collection[int]
    ) -> Turn | None:
        """Give a turn that begins its number here.

        Returns the one that it repeats, if a person said something of that.
        """
        former, theirs = self._correction_for(turn), turn.number
        turn.number = former.number if former else self._free_number(theirs, turns, removed)
        self.starts[turn.number] = turn.start
        self.numbers.pop(theirs, None)
        if turn.number != theirs:
            self.numbers[theirs] = turn.number
        return former

    def next_number(self, turns: Collection[int], removed: Collection[int]) -> int:
        """A number for a turn that the engine does not number."""
        return max(OWN_NUMBERS - 1, *turns, *removed, *self.corrections, 0) + 1

    def _correction_for(self, turn: Turn) -> Turn | None:
        """Take the user's correction of the turn that this one repeats."""
        apart = {
            old.number: abs(self.starts.get(old.number, old.start) - turn.start)
            for old in self.corrections.values()
            if old.channel == turn.channel
        }
        nearest = min(apart, key=apart.__getitem__, default=None)
        if nearest is None or apart[nearest] > SAME_START:
            return None
        return self.corrections.pop(nearest)

    def _free_number(self, number: int, turns: Mapping[int, Turn], removed: Collection[int]) -> int:
        """A number of the engine's, unless it stands for something that a person said."""
        here = turns.get(number)
        others = (ours for turn, ours in self.numbers.items() if turn != number)
        taken = here is not None and here.corrected
        kept = number in removed or number in self.corrections
        if taken or kept or number in others:
            return self.next_number(turns.keys(), removed)
        return number
