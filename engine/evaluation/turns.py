"""Turns: which were found, how late their marks came, and to whom they were attributed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from engine.evaluation.counts import Counts, ratio
from engine.evaluation.segments import HypothesisTurn, ReferenceTurn
from engine.timeline import SAMPLE_RATE, to_samples

TOLERANCE = to_samples(0.5)
"""How far the start and the end of a matched turn may be off, in samples."""

EARLY = to_samples(0.1)
"""A final end more than this before the reference end is premature, in samples."""

ATTRIBUTED = to_samples(1.5)
"""Only turns longer than this are asked for their speaker, in samples."""

Match = tuple[ReferenceTurn, HypothesisTurn]


@dataclass(frozen=True)
class TurnCounts(Counts):
    """Turns of the reference and of the hypothesis, and how many of them belong together."""

    reference: int = 0
    hypothesis: int = 0
    matched: int = 0
    resumed: int = 0  # ends that were taken back
    early: int = 0  # matched turns that finally end too early

    @property
    def missed(self) -> int:
        """Reference turns without a match."""
        return self.reference - self.matched

    @property
    def false(self) -> int:
        """Hypothesis turns without a match."""
        return self.hypothesis - self.matched

    @property
    def premature(self) -> int:
        """Premature ends of either kind."""
        return self.resumed + self.early

    @property
    def f1(self) -> float:
        """Harmonic mean of the precision and the recall of turns."""
        return ratio(2 * self.matched, self.reference + self.hypothesis)


@dataclass(frozen=True)
class AttributionCounts(Counts):
    """Matched reference turns long enough to know the speaker by, and those given to another."""

    turns: int = 0
    wrong: int = 0

    @property
    def rate(self) -> float:
        """Share of the turns that were given to the wrong person."""
        return ratio(self.wrong, self.turns)


def can_match(reference: ReferenceTurn, hypothesis: HypothesisTurn) -> bool:
    """Do words of the hypothesis fall into the reference turn, and are both its ends near?"""
    return (
        abs(hypothesis.start - reference.start) <= TOLERANCE
        and abs(hypothesis.end - reference.end) <= TOLERANCE
        and any(w.start < reference.end and reference.start < w.end for w in hypothesis.words)
    )


def match_turns(
    reference: Sequence[ReferenceTurn], hypothesis: Sequence[HypothesisTurn]
) -> list[Match]:
    """As many one-to-one matches as possible; among those, the ones whose ends lie nearest."""
    gain = np.zeros((len(reference), len(hypothesis)))
    # All nearness together weighs less than one match more.
    share = 0.5 / (max(len(reference), len(hypothesis), 1) * 2 * TOLERANCE)
    for i, asked in enumerate(reference):
        for j, said in enumerate(hypothesis):
            if can_match(asked, said):
                off = abs(said.start - asked.start) + abs(said.end - asked.end)
                gain[i, j] = 1.0 + share * (2 * TOLERANCE - off)
    rows, columns = linear_sum_assignment(gain, maximize=True)
    pairs = zip(rows.tolist(), columns.tolist(), strict=True)
    return [(reference[i], hypothesis[j]) for i, j in pairs if gain[i, j] > 0]


def is_early(match: Match) -> bool:
    """Does the hypothesis end the turn more than 100 ms before the reference does?"""
    return match[1].end < match[0].end - EARLY


def count_turns(
    reference: Sequence[ReferenceTurn],
    hypothesis: Sequence[HypothesisTurn],
    matches: Sequence[Match],
) -> TurnCounts:
    """Found, missed and false turns, and premature ends."""
    return TurnCounts(
        reference=len(reference),
        hypothesis=len(hypothesis),
        matched=len(matches),
        resumed=sum(turn.resumed for turn in hypothesis),
        early=sum(map(is_early, matches)),
    )


def start_latencies(matches: Sequence[Match]) -> tuple[float, ...]:
    """Seconds of audio consumed past the true start when a matched turn's start was said."""
    return tuple((said.start_emitted - asked.start) / SAMPLE_RATE for asked, said in matches)


def end_latencies(matches: Sequence[Match]) -> tuple[float, ...]:
    """Seconds of audio consumed past the true end when a matched turn's final end was said.

    Turns that end too early are counted apart (:class:`TurnCounts`): they would flatter.
    """
    return tuple(
        (match[1].end_emitted - match[0].end) / SAMPLE_RATE
        for match in matches
        if match[1].end_emitted is not None and not is_early(match)
    )


def count_attribution(matches: Sequence[Match]) -> AttributionCounts:
    """Wrong speakers of the longer matched turns, under the best one-to-one mapping of speakers."""
    pairs = Counter(
        (asked.speaker, said.speaker)
        for asked, said in matches
        if asked.end - asked.start > ATTRIBUTED
    )
    return AttributionCounts(pairs.total(), pairs.total() - best_mapping(pairs))


def best_mapping(weights: Counter[tuple[str, str]]) -> int:
    """The most weight that a one-to-one mapping of left to right names can collect."""
    left = sorted({a for a, _ in weights})
    right = sorted({b for _, b in weights})
    table = np.array([[weights[a, b] for b in right] for a in left], dtype=np.int64)
    if not table.size:
        return 0
    rows, columns = linear_sum_assignment(table, maximize=True)
    return int(table[rows, columns].sum())
