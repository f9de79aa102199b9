"""Errors and words of each speaker, and the word error rates of some of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.evaluation.counts import ratio
from engine.evaluation.intervals import (
    RESAMPLES,
    Interval,
    Statistic,
    bootstrap,
    ratio_interval,
)
from engine.evaluation.utterances import SpeakerErrors

Members = NDArray[np.bool_]
"""Which of the speakers belong to something, (speakers,)."""

Search = Callable[["Tally"], Members]
"""Finds the speakers who are understood worst."""

SHUFFLES = 200


@dataclass(frozen=True)
class Tally:
    """Speakers in an order, and what was counted of each; ``words`` are those of the reference."""

    speakers: tuple[str, ...]
    errors: NDArray[np.float64]
    words: NDArray[np.float64]

    @classmethod
    def of(cls, people: Iterable[SpeakerErrors]) -> Tally:
        """In the order given."""
        everybody = list(people)
        return cls(
            tuple(p.speaker for p in everybody),
            np.array([p.errors.errors for p in everybody], dtype=float),
            np.array([p.errors.length for p in everybody], dtype=float),
        )

    def __len__(self) -> int:
        return len(self.speakers)

    def only(self, members: Members) -> Tally:
        """Some of the speakers."""
        named = tuple(s for s, there in zip(self.speakers, members, strict=True) if there)
        return Tally(named, self.errors[members], self.words[members])

    def named(self, members: Members) -> tuple[str, ...]:
        """The names of some."""
        return self.only(members).speakers

    def wer(self, members: Members | None = None) -> float:
        """Pooled errors by pooled words."""
        chosen = slice(None) if members is None else members
        return ratio(float(self.errors[chosen].sum()), float(self.words[chosen].sum()))

    def gap(self, bottom: Members) -> float:
        """How much higher the error rate of ``bottom`` is than that of the others, relative."""
        others = self.wer(~bottom)
        return ratio(self.wer(bottom) - others, others)


@dataclass(frozen=True)
class Group:
    """Some speakers and their word error rate; the interval is over the speakers."""

    name: str
    speakers: tuple[str, ...]
    words: int
    wer: Interval


@dataclass(frozen=True)
class Gap:
    """Those understood worst of a partition, against all the others.

    Attributes:
        by: what people were told apart by.
        bottom: those understood worst.
        others: everybody else of the partition.
        share: of the speakers in ``bottom``.
        gap: by how much the error rate of ``bottom`` is above that of the others, relative.
        chance: the gap that the same search stays below in 95 of 100 cases when it is nobody's
            voice, place or age that matters: with what was counted shuffled among the speakers.
    """

    by: str
    bottom: Group
    others: Group
    share: float
    gap: Interval
    chance: float

    @property
    def certain(self) -> bool:
        """Whether chance alone would rarely make such a gap."""
        return self.gap.value > self.chance


def group(name: str, tally: Tally, members: Members, resamples: int = RESAMPLES) -> Group:
    """A group with its interval."""
    some = tally.only(members)
    shares = list(zip(some.errors, some.words, strict=True))
    wer = ratio_interval(shares, resamples=resamples)
    return Group(name, some.speakers, int(some.words.sum()), wer)


def measure(
    by: str,
    tally: Tally,
    search: Search,
    name: Callable[[Members], str],
    resamples: int = RESAMPLES,
) -> Gap:
    """The gap of those whom ``search`` finds.

    Args:
        by: what people are told apart by.
        tally: the speakers.
        search: finds the bottom of them; asked again with everything shuffled.
        name: what to call them.
        resamples: of the bootstrap.
    """
    bottom = search(tally)

    gap = bootstrap(len(tally), gap_statistic(tally, bottom), resamples=resamples)
    return Gap(
        by,
        group(name(bottom), tally, bottom, resamples),
        group("all others", tally, ~bottom, resamples),
        float(bottom.mean()),
        gap,
        by_chance(tally, search),
    )


def gap_statistic(tally: Tally, bottom: Members) -> Statistic:
    """The gap of a sample of the speakers, who are in ``bottom`` or not."""
    counted = np.stack([tally.errors, tally.words], axis=1)

    def statistic(sample: NDArray[np.intp]) -> float:
        there = bottom[sample]
        rates = [ratio(*counted[sample[side]].sum(axis=0)) for side in (there, ~there)]
        return ratio(rates[0] - rates[1], rates[1])

    return statistic


def by_chance(tally: Tally, search: Search, shuffles: int = SHUFFLES, seed: int = 7) -> float:
    """The 95th percentile of the gaps that a search finds where there are none."""
    random = np.random.default_rng(seed)
    gaps = []
    for _ in range(shuffles):
        order = random.permutation(len(tally))
        shuffled = Tally(tally.speakers, tally.errors[order], tally.words[order])
        gaps.append(shuffled.gap(search(shuffled)))
    known = [gap for gap in gaps if not np.isnan(gap)]
    return float(np.percentile(known, 95)) if known else float("nan")


def members(tally: Tally, speakers: Sequence[str]) -> Members:
    """Which speakers of the tally are among these."""
    wanted = set(speakers)
    return np.array([speaker in wanted for speaker in tally.speakers], dtype=bool)
