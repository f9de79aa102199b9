"""Which of the K channels each turn of a meeting belongs to, in the training targets.

Both published assignments are here. They are deterministic: turns are taken by start, and nothing
about who speaks matters. A turn that finds no free channel (a third person talking at the same
time) is left out of the targets and returned apart; it stays in the audio.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, order=True)
class TargetTurn:
    """One turn: half-open ``[start, end)`` in samples or frames, and what is said in it."""

    start: int
    end: int
    tokens: tuple[int, ...] = ()


@dataclass(frozen=True)
class Assignment:
    """Turns per channel, by start and free of overlaps, and the turns that found no channel."""

    channels: tuple[tuple[TargetTurn, ...], ...]
    unassigned: tuple[TargetTurn, ...]


class AssignmentRule(StrEnum):
    """How a turn chooses among free channels."""

    OVERLAP_BASED = "overlap-based"  # that of the turn before it, arXiv 2205.05199
    FIRST_FREE = "first-free"  # the lowest


def assign(
    turns: Sequence[TargetTurn],
    rule: AssignmentRule = AssignmentRule.OVERLAP_BASED,
    channels: int = 2,
) -> Assignment:
    """Assign ``turns`` to ``channels`` by the named rule."""
    if rule is AssignmentRule.FIRST_FREE:
        return assign_first_free(turns, channels)
    return assign_overlap_based(turns, channels)


def assign_overlap_based(turns: Sequence[TargetTurn], channels: int = 2) -> Assignment:
    """A turn stays on the channel of the turn before it, unless it overlaps: then a free one.

    The turn before it is the assigned one that started last. So talk without overlaps stays on one
    channel, and an overlap moves the conversation over.
    """

    def stay(free: list[int], last: int) -> int:
        return min(free, key=lambda channel: (channel - last) % channels)

    return _assign(turns, channels, stay)


def assign_first_free(turns: Sequence[TargetTurn], channels: int = 2) -> Assignment:
    """A turn goes to the lowest channel on which nobody speaks when it starts."""
    return _assign(turns, channels, lambda free, _: min(free))


def _assign(
    turns: Sequence[TargetTurn], channels: int, choose: Callable[[list[int], int], int]
) -> Assignment:
    """Take turns by start; ``choose`` picks from the free channels, given the last one used."""
    assigned: list[list[TargetTurn]] = [[] for _ in range(channels)]
    unassigned = []
    last = 0
    for turn in sorted(turns):
        free = [c for c, said in enumerate(assigned) if not said or said[-1].end <= turn.start]
        if not free:
            unassigned.append(turn)
            continue
        last = choose(free, last)
        assigned[last].append(turn)
    return Assignment(tuple(map(tuple, assigned)), tuple(unassigned))
