"""Which of the K channels each turn of a meeting belongs to, in the training targets.

Both published assignments are here, and one of our own. They are deterministic: turns are taken by
start, and nothing about who speaks matters. A turn that finds no free channel (a third person
talking at the same time) is left out of the targets and returned apart; it stays in the audio.

With the published rules a turn keeps its channel, so which one a voice is on depends on every
overlap since nobody spoke. Encoders that see a bounded past cannot count them. With ``floor`` who
speaks alone is on the first channel, whatever came before: a turn that began during another one
moves there at its next word once that one has ended.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum


@dataclass(frozen=True, order=True)
class TargetTurn:
    """One turn, or what is said of it on one channel: half-open ``[start, end)``.

    Attributes:
        start, end: in samples or frames.
        tokens: what is said in it.
        words: start and end of each word, where the turn may be divided.
        moved_in, moved_out: whether it began, or goes on, on another channel.
    """

    start: int
    end: int
    tokens: tuple[int, ...] = ()
    words: tuple[tuple[int, int], ...] = ()
    moved_in: bool = False
    moved_out: bool = False


@dataclass(frozen=True)
class Assignment:
    """Turns per channel, by start and free of overlaps, and the turns that found no channel."""

    channels: tuple[tuple[TargetTurn, ...], ...]
    unassigned: tuple[TargetTurn, ...]


class AssignmentRule(StrEnum):
    """How a turn chooses among free channels."""

    OVERLAP_BASED = "overlap-based"  # that of the turn before it, arXiv 2205.05199
    FIRST_FREE = "first-free"  # the lowest
    FLOOR = "floor"  # the lowest, and it moves down when a lower one gets free


def assign(
    turns: Sequence[TargetTurn],
    rule: AssignmentRule = AssignmentRule.OVERLAP_BASED,
    channels: int = 2,
) -> Assignment:
    """Assign ``turns`` to ``channels`` by the named rule."""
    if rule is AssignmentRule.FLOOR:
        return assign_floor(turns, channels)
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


def assign_floor(turns: Sequence[TargetTurn], channels: int = 2) -> Assignment:
    """A turn goes to the lowest free channel, and on to a lower one at its first word once one is.

    So it is divided between words; both parts have the tokens of the turn.
    """
    begins = [(turn.start, 1, i) for i, turn in enumerate(turns)]
    words = [(start, 0, i) for i, turn in enumerate(turns) for start, _ in turn.words[1:]]
    assigned: list[list[TargetTurn]] = [[] for _ in range(channels)]
    unassigned = []
    at: dict[int, int] = {}  # the channel that each turn is on
    for time, begin, i in sorted(begins + words):
        free = [c for c, said in enumerate(assigned) if not said or said[-1].end <= time]
        if begin and free:
            at[i] = free[0]
            assigned[free[0]].append(turns[i])
        elif begin:
            unassigned.append(turns[i])
        elif i in at and free and free[0] < at[i]:
            said = assigned[at[i]]
            said[-1], rest = _divide(said[-1], time)
            at[i] = free[0]
            assigned[free[0]].append(rest)
    return Assignment(tuple(map(tuple, assigned)), tuple(unassigned))


def _divide(turn: TargetTurn, start: int) -> tuple[TargetTurn, TargetTurn]:
    """The words before the one that starts at ``start``, and the others."""
    before = tuple(word for word in turn.words if word[0] < start)
    end = min(before[-1][1], start)
    return (
        replace(turn, end=end, words=before, moved_out=True),
        replace(turn, start=start, words=turn.words[len(before) :], moved_in=True),
    )


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
