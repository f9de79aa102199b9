"""Before and after: the same people in the groups of the first report, by another model.

Groups stay those of the first report, or a mitigation would be judged by groups that it made. All
differences are paired: the speakers are redrawn together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.errors import EngineError
from engine.evaluation.counts import ratio
from engine.evaluation.figures import BY_NAME
from engine.evaluation.grid import Grid
from engine.evaluation.intervals import Statistic, bootstrap, paired_difference
from engine.fairness.tally import Members, Tally, gap_statistic, members

Report = Mapping[str, Any]
Figure = Callable[[Tally], Statistic]

_percent = BY_NAME["wer"].cell


def compare(before: Report, others: Mapping[str, Report]) -> Grid:
    """A table with a row for each figure and a column for each report.

    Args:
        before: whose groups are taken.
        others: by name, of the same speakers.

    Raises:
        EngineError: when the reports are not of the same speakers and words.
    """
    first = _tally(before)
    tallies = {name: _same(first, _tally(report), name) for name, report in others.items()}
    rows = [
        (
            title,
            _percent(bootstrap(len(first), figure(first))),
            *(_cell(first, tally, figure) for tally in tallies.values()),
        )
        for title, figure in _figures(before, first)
    ]
    head = ("%", "before", *(f"{name}: value, relative change %" for name in tallies))
    note = (
        "Groups are those of the first report. The change is relative to before, with its 95 % "
        "interval over the speakers; below 0 is better. The variance is in points squared."
    )
    return Grid("Before and after", head, tuple(rows), note)


def _cell(before: Tally, after: Tally, figure: Figure) -> str:
    everybody = np.arange(len(after))
    change = paired_difference(figure(after), figure(before), len(after), relative=True)
    value = 100 * figure(after)(everybody)
    return f"{value:.1f}, {_percent(change)}"


def _tally(report: Report) -> Tally:
    people = report["speakers"]
    return Tally(
        tuple(p["speaker"] for p in people),
        np.array([p["errors"] for p in people], dtype=float),
        np.array([p["words"] for p in people], dtype=float),
    )


def _same(before: Tally, after: Tally, name: str) -> Tally:
    if before.speakers != after.speakers or (before.words != after.words).any():
        raise EngineError(
            f"The report {name} is of other speakers or words than the first: make all of them "
            "with the same --manifest, --split and --limit."
        )
    return after


def _figures(before: Report, tally: Tally) -> list[tuple[str, Figure]]:
    def of(some: Sequence[str]) -> Members:
        return members(tally, some)

    figures: list[tuple[str, Figure]] = [("WER, everybody", _wer(of(tally.speakers)))]
    for by, title in (("cohorts", "cohort"), ("regions", "region")):
        if before.get(by):
            groups = [of(group["speakers"]) for group in before[by]["groups"]]
            worst = of(before[by]["gap"]["speakers"])
            inside = np.any(groups, axis=0)
            figures += [
                (f"WER, worst {title}", _wer(worst)),
                (f"WER, all other {title}s", _wer(inside & ~worst)),
                (f"gap of the worst {title}", _gap(worst, inside)),
            ]
            if by == "regions":
                figures += _spread(groups)
    for gap in before["gaps"]:
        bottom = of(gap["speakers"])
        figures.append((f"WER, {gap['by']}: {gap['bottom']}", _wer(bottom)))
        figures.append((f"WER, {gap['by']}: all others", _wer(~bottom)))
    return figures


def _wer(some: Members) -> Figure:
    def figure(tally: Tally) -> Statistic:
        def statistic(sample: NDArray[np.intp]) -> float:
            there = sample[some[sample]]
            return ratio(float(tally.errors[there].sum()), float(tally.words[there].sum()))

        return statistic

    return figure


def _gap(worst: Members, inside: Members) -> Figure:
    def figure(tally: Tally) -> Statistic:
        whole = gap_statistic(tally, worst)
        return lambda sample: whole(sample[inside[sample]])

    return figure


def _spread(groups: Sequence[Members]) -> list[tuple[str, Figure]]:
    def over(summary: Callable[[NDArray[np.float64]], float]) -> Figure:
        def figure(tally: Tally) -> Statistic:
            parts = [_wer(group)(tally) for group in groups]

            def statistic(sample: NDArray[np.intp]) -> float:
                rates = np.array([part(sample) for part in parts])
                return summary(rates[~np.isnan(rates)])

            return statistic

        return figure

    return [
        ("mean over regions", over(lambda rates: float(rates.mean()))),
        ("highest of the regions", over(lambda rates: float(rates.max()))),
        ("variance over regions", over(lambda rates: 100 * float(rates.var()))),
    ]
