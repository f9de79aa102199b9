"""Speaker verification by group: equal error rates, the gap between groups and their spread.

A group's trials are those in which both speakers belong to it, as in the published measurement
(arXiv 2207.07776); the overall figure is over all trials.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.data.spoken_manifest import Spoken
from engine.evaluation.equal_error import Floats, Redrawn, Roc, interval
from engine.evaluation.groups import ALL
from engine.evaluation.intervals import RESAMPLES, Interval
from engine.evaluation.trials import Trial

LEAST_SPEAKERS = 5
"""A group needs so many enrolled speakers: of fewer, one voice makes the figure."""

OTHERS = "all others"
"""Groups too small alone, together, as published: the US, the UK and all others."""

AGES = ((15, "under 15"), (30, "15 to 29"), (50, "30 to 49"), (1000, "50 and over"))
"""Age groups by the age that is just too old; Common Voice states decades by their middle."""


def age_group(spoken: Spoken) -> str | None:
    """The age group of a speaker, None if the age is not stated."""
    age = spoken.age
    return None if age is None else next(name for below, name in AGES if age < below)


GROUPINGS: Mapping[str, Callable[[Spoken], str | None]] = {
    "sex": lambda spoken: spoken.sex,
    "age": age_group,
    "first_language": lambda spoken: spoken.first_language,
    "region": lambda spoken: spoken.region,
}
"""What speakers are grouped by, by column of the manifest."""


@dataclass(frozen=True)
class Group:
    """Trials among the speakers of a group.

    Attributes:
        grouping, name: such as sex, F; both "all" for everybody.
        chosen: places of its trials among all trials.
        speakers: how many are enrolled.
        left_out: why it has no figure; empty if it has one.
    """

    grouping: str
    name: str
    chosen: NDArray[np.intp]
    speakers: int
    left_out: str = ""


@dataclass(frozen=True)
class GroupScore:
    """Equal error rate of a system in a group, 0 to 1.

    Attributes:
        rate: mean over the seeds.
        seeds: of each seed.
        redrawn: the mean when speakers were redrawn, (resamples,).
    """

    group: Group
    rate: Interval
    seeds: tuple[float, ...]
    redrawn: Floats


@dataclass(frozen=True)
class Disparity:
    """How unequal the groups of a grouping are served: largest less smallest rate, and deviation.

    Attributes:
        missing: why there is none; empty if there is.
    """

    grouping: str
    gap: Interval
    spread: Interval
    missing: str = ""


@dataclass(frozen=True)
class Verification:
    """The figures of one system."""

    name: str
    scores: tuple[GroupScore, ...]
    disparities: tuple[Disparity, ...]

    @property
    def overall(self) -> GroupScore:
        """Of all trials."""
        return self.scores[0]

    def less(self, other: Verification) -> Interval:
        """Overall rate less another system's on the same trials, speakers redrawn together."""
        mine, theirs = self.overall, other.overall
        return interval(mine.rate.value - theirs.rate.value, mine.redrawn - theirs.redrawn)


def groups_of(trials: Sequence[Trial], least: int = LEAST_SPEAKERS) -> list[Group]:
    """Everybody, then every group that is stated, in the order of :data:`GROUPINGS`."""
    everybody = _group(trials, ALL, ALL, np.arange(len(trials)), least=1)
    return [everybody, *(g for name in GROUPINGS for g in _groups(trials, name, least))]


def _groups(trials: Sequence[Trial], grouping: str, least: int) -> list[Group]:
    of = GROUPINGS[grouping]
    named = [(of(trial.left), of(trial.right)) for trial in trials]
    names = sorted({left for left, _ in named if left is not None}, key=_order)

    def group(name: str, members: Set[str]) -> Group:
        places = [i for i, (left, right) in enumerate(named) if {left, right} <= members]
        return _group(trials, grouping, name, np.array(places, np.intp), least)

    groups = [group(name, {name}) for name in names]
    small = {g.name for g in groups if g.left_out}
    return [*groups, group(OTHERS, small)] if len(small) > 1 else groups


def _order(name: str) -> tuple[int, str]:
    ages = [age for _, age in AGES]
    return (ages.index(name) if name in ages else 0, name)


def _group(
    trials: Sequence[Trial], grouping: str, name: str, chosen: NDArray[np.intp], least: int
) -> Group:
    mine = [trials[i] for i in chosen]
    speakers = len({trial.left.speaker for trial in mine if trial.same})
    reason = ""
    if speakers < least:
        reason = f"{speakers} speakers with two utterances, {least} are needed"
    elif all(trial.same for trial in mine):
        reason = "no trials between two speakers of the group"
    return Group(grouping, name, chosen, speakers, reason)


def verify(
    name: str,
    scores: Floats,
    trials: Sequence[Trial],
    groups: Sequence[Group],
    resamples: int = RESAMPLES,
) -> Verification:
    """The figures of a system from its score of each trial; intervals are over speakers.

    Several seeds of a system are ``scores`` of shape (seeds, trials): a rate is their mean.
    """
    runs = np.atleast_2d(scores)
    redrawn = Redrawn(trials, resamples)
    found = tuple(_score(runs, trials, group, redrawn) for group in groups if not group.left_out)
    return Verification(name, found, tuple(_disparity(found, name) for name in GROUPINGS))


def _score(runs: Floats, trials: Sequence[Trial], group: Group, redrawn: Redrawn) -> GroupScore:
    same = [trials[i].same for i in group.chosen]
    curves = [Roc(run[group.chosen], same) for run in runs]
    seeds = tuple(curve.equal_error() for curve in curves)
    drawn = np.empty(len(redrawn))
    for number in range(len(redrawn)):
        weights = redrawn.weights(number, group.chosen)
        drawn[number] = np.mean([curve.equal_error(weights) for curve in curves])
    return GroupScore(group, interval(float(np.mean(seeds)), drawn), seeds, drawn)


def _disparity(scores: Sequence[GroupScore], grouping: str) -> Disparity:
    mine = [score for score in scores if score.group.grouping == grouping]
    nothing = Interval(float("nan"), float("nan"), float("nan"))
    if len(mine) < 2:
        told = f"{len(mine)} of its groups have enough speakers, two are needed"
        return Disparity(grouping, nothing, nothing, told)
    values = np.array([score.rate.value for score in mine])
    redrawn = np.stack([score.redrawn for score in mine])
    return Disparity(
        grouping,
        interval(float(np.ptp(values)), np.ptp(redrawn, axis=0)),
        interval(float(values.std()), redrawn.std(axis=0)),
    )
