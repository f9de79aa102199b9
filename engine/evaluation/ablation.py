"""An ablation's figures: means over seeds, their intervals, and what each step changes."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.evaluation.counts import ratio
from engine.evaluation.figures import BY_NAME, Figure
from engine.evaluation.grid import Grid
from engine.evaluation.intervals import RESAMPLES, SEED, Interval
from engine.evaluation.score import SessionScore

Scores = Sequence[SessionScore]
Samples = NDArray[np.intp]


@dataclass(frozen=True)
class Column:
    """A figure over some conditions; over all of them without any."""

    name: str
    conditions: tuple[str, ...] = ()

    @property
    def figure(self) -> Figure:
        """What is computed."""
        return BY_NAME[self.name]

    @property
    def title(self) -> str:
        """For tables."""
        return " ".join((self.figure.title, self.figure.unit, "/".join(self.conditions))).strip()

    def of(self, scores: Scores) -> list[SessionScore]:
        """The sessions that it is about, in the order of their names."""
        wanted = [s for s in scores if not self.conditions or s.condition in self.conditions]
        return sorted(wanted, key=lambda score: score.session_id)


COLUMNS = (
    Column("wer", ("0S", "0L")),  # where nobody overlaps: one stream says everything
    Column("orc_wer"),
    Column("orc_wer", ("20",)),
    Column("turn_count_exact"),
    Column("turn_count_error"),
    Column("turn_f1"),
    Column("end_p50"),
    Column("end_p90"),
    Column("premature_ends"),
)


@dataclass(frozen=True)
class ArmScores:
    """What the models of one arm did, each with its seed, on the same sessions."""

    name: str
    title: str
    after: str
    seeds: Mapping[int, Scores]

    def interval(self, column: Column) -> Interval:
        """Mean over the seeds."""
        statistics = {s: column.figure.statistic(column.of(x)) for s, x in self.seeds.items()}
        units = len(column.of(next(iter(self.seeds.values()))))
        return over_seeds(lambda seed, sample: statistics[seed](sample), list(self.seeds), units)

    def difference(self, column: Column, other: ArmScores, relative: bool = False) -> Interval:
        """Of the means over the seeds that both have, on the same sessions."""
        seeds = [seed for seed in self.seeds if seed in other.seeds]
        ours = {s: column.figure.statistic(column.of(self.seeds[s])) for s in seeds}
        theirs = {s: column.figure.statistic(column.of(other.seeds[s])) for s in seeds}

        def change(seed: int, sample: Samples) -> float:
            base = theirs[seed](sample)
            return ratio(ours[seed](sample) - base, base if relative else 1.0)

        units = len(column.of(self.seeds[seeds[0]])) if seeds else 0
        return over_seeds(change, seeds, units)


def over_seeds(
    statistic: Callable[[int, Samples], float], seeds: Sequence[int], units: int
) -> Interval:
    """Mean of a statistic over seeds, and the middle 95 % when seeds and sessions are redrawn.

    Args:
        statistic: of a seed and of sessions, by index.
        seeds: of the models. With one the interval is over sessions alone.
        units: how many sessions there are.
    """
    if not (units and seeds):
        return Interval(math.nan, math.nan, math.nan)
    random = np.random.default_rng(SEED)
    sessions = random.integers(units, size=(RESAMPLES, units))
    picked = random.integers(len(seeds), size=(RESAMPLES, len(seeds)))
    drawn = [
        _mean([statistic(seeds[i], sample) for i in which])
        for sample, which in zip(sessions, picked, strict=True)
    ]
    known = [value for value in drawn if not math.isnan(value)]
    low, high = np.percentile(known, [2.5, 97.5]) if known else (math.nan, math.nan)
    value = _mean([statistic(seed, np.arange(units)) for seed in seeds])
    return Interval(value, float(low), float(high))


def _mean(values: Sequence[float]) -> float:
    known = [value for value in values if not math.isnan(value)]
    return sum(known) / len(known) if known else math.nan


@dataclass(frozen=True)
class Change:
    """What one arm has over another on the same sessions, by column."""

    ours: ArmScores
    theirs: ArmScores
    points: Mapping[Column, Interval]
    relative: Mapping[Column, Interval]


@dataclass(frozen=True)
class Ablation:
    """All figures: of each arm, and of each arm less the first one and less the step before."""

    arms: tuple[tuple[ArmScores, Mapping[Column, Interval]], ...]
    changes: tuple[Change, ...]


def compare(arms: Sequence[ArmScores]) -> Ablation:
    """The figures of arms, of which the first is what the others are compared with."""
    figures = tuple((arm, {c: arm.interval(c) for c in COLUMNS}) for arm in arms)
    return Ablation(figures, tuple(_change(*pair) for pair in _pairs(arms)))


def _pairs(arms: Sequence[ArmScores]) -> list[tuple[ArmScores, ArmScores]]:
    """Each arm with the first one, and with the one that it differs from in one thing."""
    first, *others = arms
    named = {arm.name: arm for arm in others}
    steps = [(arm, named[arm.after]) for arm in others if arm.after in named]
    return [*((arm, first) for arm in others), *steps]


def _change(ours: ArmScores, theirs: ArmScores) -> Change:
    rates = [column for column in COLUMNS if column.name.endswith("wer")]
    return Change(
        ours,
        theirs,
        {column: ours.difference(column, theirs) for column in COLUMNS},
        {column: ours.difference(column, theirs, relative=True) for column in rates},
    )


def grids(found: Ablation) -> list[Grid]:
    """A table of the arms, and one of how they differ from the first arm and the step before."""
    head = ("", *(column.title for column in COLUMNS))
    rows = [
        (f"{arm.title} ({len(arm.seeds)})", *(c.figure.cell(of[c]) for c in COLUMNS))
        for arm, of in found.arms
    ]
    note = "Means over seeds (how many), 95 % intervals over seeds and sessions."
    changes = [row for change in found.changes for row in _rows(change)]
    paired = "Paired by seed and session; points, and relative % where it says so."
    tables = [
        Grid("Ablation", head, tuple(rows), note),
        Grid("What each arm changes", head, tuple(changes), paired),
    ]
    return [grid for grid in tables if grid.rows]


def _rows(change: Change) -> list[tuple[str, ...]]:
    name = f"{change.ours.title} less {change.theirs.title}"
    points = [column.figure.cell(change.points[column]) for column in COLUMNS]
    share = [
        column.figure.cell(change.relative[column]) if column in change.relative else ""
        for column in COLUMNS
    ]
    return [(name, *points), (f"{name}, relative %", *share)]


def to_markdown(found: Ablation, command: str) -> str:
    """The tables with their notes."""
    pieces = ["# Ablation\n", f"`{command}`\n"]
    for grid in grids(found):
        pieces += [f"## {grid.title}\n", f"{grid.note}\n", grid.to_markdown()]
    return "\n".join(pieces)


def to_json(found: Ablation, facts: Mapping[str, Any]) -> str:
    """All figures, of each condition and seed too; what could not be measured is null."""
    arms = [
        {
            "name": arm.name,
            "title": arm.title,
            "after": arm.after,
            "figures": [
                asdict(c) | i.to_dict() | {"seeds": by_seed(arm, c)} for c, i in of.items()
            ],
            "conditions": [asdict(c) | {"seeds": by_seed(arm, c)} for c in _by_condition(arm)],
        }
        for arm, of in found.arms
    ]
    differences = [
        {
            "ours": change.ours.name,
            "theirs": change.theirs.name,
            "points": [asdict(c) | i.to_dict() for c, i in change.points.items()],
            "relative": [asdict(c) | i.to_dict() for c, i in change.relative.items()],
        }
        for change in found.changes
    ]
    return json.dumps({**facts, "arms": arms, "differences": differences}, indent=1) + "\n"


def _by_condition(arm: ArmScores) -> list[Column]:
    there = dict.fromkeys(s.condition for scores in arm.seeds.values() for s in scores)
    names = dict.fromkeys(column.name for column in COLUMNS)
    return [Column(name, (condition,)) for name in names for condition in there]


def by_seed(arm: ArmScores, column: Column) -> dict[int, float | None]:
    """The figure of each model; None where there was nothing to measure."""
    found: dict[int, float | None] = {}
    for seed, scores in arm.seeds.items():
        chosen = column.of(scores)
        value = column.figure.statistic(chosen)(np.arange(len(chosen))) if chosen else math.nan
        found[seed] = None if math.isnan(value) else value
    return found
