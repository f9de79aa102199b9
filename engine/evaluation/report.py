"""Scores of many sessions as one table: by condition, with 95 % intervals over the sessions."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from rich.table import Table

from engine.errors import EngineError
from engine.evaluation.figures import BY_NAME, FIGURES
from engine.evaluation.grid import Grid
from engine.evaluation.groups import grouped_and_all
from engine.evaluation.intervals import (
    RESAMPLES,
    SEED,
    Interval,
    bootstrap,
    paired_difference,
)
from engine.evaluation.score import SessionScore


@dataclass(frozen=True)
class Row:
    """The figures of one condition, by their names."""

    condition: str
    sessions: int
    figures: dict[str, Interval]


@dataclass(frozen=True)
class Report:
    """One row a condition, in the order in which they came; of several, the last is over all."""

    rows: tuple[Row, ...]

    def row(self, condition: str | None = None) -> Row:
        """The row of a condition; without a name, the row over everything.

        Raises:
            KeyError: when no session had that condition.
        """
        if condition is None:
            return self.rows[-1]
        return {row.condition: row for row in self.rows}[condition]

    def to_dict(self) -> list[dict[str, Any]]:
        """The rows as JSON can hold them; what could not be measured is None."""
        return [
            {
                "condition": row.condition,
                "sessions": row.sessions,
                "figures": {name: interval.to_dict() for name, interval in row.figures.items()},
            }
            for row in self.rows
        ]

    def to_json(self) -> str:
        """All values and intervals; what could not be measured is null."""
        return json.dumps({"rows": self.to_dict()}, indent=2) + "\n"

    def to_markdown(self, figures: Sequence[str] | None = None) -> str:
        """A table for a README: conditions across, figures down, ``value (low to high)``."""
        return self.grid(figures).to_markdown()

    def to_table(self, figures: Sequence[str] | None = None) -> Table:
        """The same table for a terminal."""
        return self.grid(figures).to_table()

    def grid(self, figures: Sequence[str] | None = None, title: str = "", note: str = "") -> Grid:
        """The same table with a title, to be drawn anywhere."""
        head = ("", *(f"{row.condition} ({row.sessions})" for row in self.rows))
        return Grid(title, head, tuple(self._cells(figures)), note)

    def _cells(self, figures: Sequence[str] | None) -> Iterable[tuple[str, ...]]:
        for name in figures or list(BY_NAME):
            figure = BY_NAME[name]
            title = f"{figure.title} {figure.unit}".strip()
            yield title, *(figure.cell(row.figures[name]) for row in self.rows)


def summarise(
    scores: Iterable[SessionScore], *, resamples: int = RESAMPLES, seed: int = SEED
) -> Report:
    """Pool the scores by condition; the intervals redraw whole sessions.

    Raises:
        EngineError: when there are no scores.
    """
    everything = list(scores)
    if not everything:
        raise EngineError("no sessions were scored: give at least one")
    groups = grouped_and_all(everything, lambda score: score.condition)
    return Report(tuple(_row(name, group, resamples, seed) for name, group in groups.items()))


def _row(condition: str, scores: Sequence[SessionScore], resamples: int, seed: int) -> Row:
    figures = {
        figure.name: bootstrap(
            len(scores), figure.statistic(scores), resamples=resamples, seed=seed
        )
        for figure in FIGURES
    }
    return Row(condition, len(scores), figures)


def difference(
    figure: str,
    ours: Iterable[SessionScore],
    theirs: Iterable[SessionScore],
    *,
    relative: bool = False,
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> Interval:
    """How much a figure of ours differs from theirs on the same sessions, paired by their ids.

    Raises:
        EngineError: when the two did not score the same sessions, each once.
    """
    left, right = _by_id(ours), _by_id(theirs)
    if left.keys() != right.keys():
        odd = ", ".join(sorted(left.keys() ^ right.keys())[:5])
        raise EngineError(f"only one of the two scored these sessions: {odd}")
    ids = sorted(left)
    statistic = BY_NAME[figure].statistic
    return paired_difference(
        statistic([left[i] for i in ids]),
        statistic([right[i] for i in ids]),
        len(ids),
        relative=relative,
        resamples=resamples,
        seed=seed,
    )


def _by_id(scores: Iterable[SessionScore]) -> dict[str, SessionScore]:
    everything = list(scores)
    named = {score.session_id: score for score in everything}
    if len(named) != len(everything):
        raise EngineError("two scores have the same session_id: give each session its own")
    return named
