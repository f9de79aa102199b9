"""Verification as tables and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from rich.table import Table

from engine.evaluation.groups import ALL
from engine.evaluation.intervals import Interval
from engine.evaluation.verification import Group, Verification


def tables(results: Sequence[Verification], groups: Sequence[Group], title: str) -> Iterator[Table]:
    """Equal error rates by group, then gaps and spreads of each system, then who is left out."""
    rates = _table(title, ["group", "speakers", *(r.name for r in results)])
    for group in groups:
        if not group.left_out:
            rates.add_row(
                _name(group), str(group.speakers), *(told(_rate(r, group)) for r in results)
            )
    if len(results) > 1:
        less = [told(r.less(results[0])) for r in results[1:]]
        rates.add_row(f"all, less {results[0].name}", "", "", *less)
    yield rates
    unequal = _table("between groups, points", ["", *(r.name for r in results)])
    for i, first in enumerate(results[0].disparities):
        if not first.missing:
            of = [r.disparities[i] for r in results]
            unequal.add_row(f"{first.grouping}: gap", *(told(d.gap) for d in of))
            unequal.add_row(f"{first.grouping}: spread", *(told(d.spread) for d in of))
    yield unequal
    if any(g.left_out for g in groups):
        out = _table("left out", ["group", "why"])
        for group in groups:
            if group.left_out:
                out.add_row(_name(group), group.left_out)
        for disparity in results[0].disparities:
            if disparity.missing:
                out.add_row(f"{disparity.grouping}: gap, spread", disparity.missing)
        yield out


def to_dict(results: Sequence[Verification], groups: Sequence[Group]) -> dict[str, Any]:
    """Everything as JSON can hold it; rates from 0 to 1."""
    return {
        "groups": [
            {
                "grouping": g.grouping,
                "name": g.name,
                "speakers": g.speakers,
                "trials": len(g.chosen),
                "left_out": g.left_out or None,
            }
            for g in groups
        ],
        "systems": [
            {**_system(result), "less_the_first": result.less(results[0]).to_dict()}
            for result in results
        ],
    }


def told(rate: Interval) -> str:
    """A rate in percent with its interval."""
    return f"{100 * rate.value:.1f} ({100 * rate.low:.1f}–{100 * rate.high:.1f})"


def _system(result: Verification) -> dict[str, Any]:
    return {
        "name": result.name,
        "equal_error_rates": [
            {
                "grouping": s.group.grouping,
                "name": s.group.name,
                **s.rate.to_dict(),
                "seeds": s.seeds,
            }
            for s in result.scores
        ],
        "disparities": [
            {
                "grouping": d.grouping,
                "gap": d.gap.to_dict(),
                "spread": d.spread.to_dict(),
                "missing": d.missing or None,
            }
            for d in result.disparities
        ],
    }


def _table(title: str, columns: Sequence[str]) -> Table:
    table = Table(title=title)
    for number, column in enumerate(columns):
        table.add_column(column, justify="right" if number else "left")
    return table


def _name(group: Group) -> str:
    return ALL if group.grouping == ALL else f"{group.grouping}: {group.name}"


def _rate(result: Verification, group: Group) -> Interval:
    return next(score.rate for score in result.scores if score.group is group)
