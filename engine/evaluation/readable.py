"""How well case and marks are restored: precision, recall and F1, beside a trivial baseline.

The first word of a turn is left out of the figures of case: its capital is a rule.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.evaluation.counts import ratio
from engine.evaluation.intervals import Interval, Statistic, bootstrap
from engine.readable.readable import Readable
from engine.readable.spelling import MARKS, SENTENCE_ENDS, Case, Look, sentence_cased
from engine.training.readable.texts import ENDING, GOING_ON, UNKNOWN_CASE, Text
from engine.training.readable.turns import turn_spans

NAMES = {",": "comma", ".": "full stop", "?": "question mark", "!": "exclamation mark"}
ALL_MARKS, SENTENCE_END, CASE = "all marks", "end of a sentence", "case"
STOP = MARKS.index(".")

Looks = Callable[[Sequence[str]], Sequence[Look]]
"""Gives the words of a turn their looks."""

Tally = dict[str, NDArray[np.int64]]
"""By name: how many were right, how many were said, how many there are."""


@dataclass(frozen=True)
class Quality:
    """Of one kind of mark, or of capitals; ``there``: how many there are in the reference."""

    precision: Interval
    recall: Interval
    f1: Interval
    there: int


@dataclass(frozen=True)
class ReadableReport:
    """By name, ours and the baseline's, which writes one full stop at the end of a turn."""

    ours: dict[str, Quality]
    baseline: dict[str, Quality]

    def to_markdown(self) -> str:
        """A table in percent, with 95 % intervals."""
        head = ["", "precision", "recall", "F1", "F1 of the baseline", "there are"]
        lines = [head, ["---", *["---:"] * 5], *self._cells()]
        return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)

    def _cells(self) -> Iterator[list[str]]:
        for name, q in self.ours.items():
            figures = (q.precision, q.recall, q.f1, self.baseline[name].f1)
            yield [name, *map(_percent, figures), str(q.there)]


def evaluate(readable: Readable, units: Sequence[Sequence[Text]], stops: int = 1) -> ReadableReport:
    """Score the stage on texts turn by turn, as it is when a turn has ended.

    Args:
        readable: the stage.
        units: texts that are redrawn together: a page of a book, a meeting.
        stops: how many pauses, or sentences of a book, make a turn.
    """

    def ours(words: Sequence[str]) -> Sequence[Look]:
        return readable.looks(readable.hear(readable.begin(), words), over=True)

    return ReadableReport(qualities(units, ours, stops), qualities(units, baseline, stops))


def baseline(words: Sequence[str]) -> list[Look]:
    """A capital for ``I`` and a full stop at the end."""
    cases = [Case.CAPITAL if w == "i" or w.startswith("i'") else Case.LOWER for w in words]
    return [Look(case, STOP * (i == len(words) - 1)) for i, case in enumerate(cases)]


def qualities(units: Sequence[Sequence[Text]], looks: Looks, stops: int = 1) -> dict[str, Quality]:
    """The figures of whatever gives turns their looks; only of what the reference has at all."""
    tallies = [_unit(unit, looks, stops) for unit in units]
    names = [*NAMES.values(), ALL_MARKS, SENTENCE_END, CASE]
    return {
        name: _quality(np.stack([tally[name] for tally in tallies]))
        for name in names
        if any(tally[name][2] for tally in tallies)
    }


def _unit(texts: Sequence[Text], looks: Looks, stops: int) -> Tally:
    tally = {name: np.zeros(3, np.int64) for name in (*NAMES.values(), SENTENCE_END, CASE)}
    for text in texts:
        for start, stop in turn_spans(text, stops):
            said = list(sentence_cased(looks(text.words[start:stop])))
            _count_marks(tally, text.marks[start:stop].tolist(), said)
            _count_cases(tally, text.cases[start:stop].tolist()[1:], said[1:])
    tally[ALL_MARKS] = sum((tally[name] for name in NAMES.values()), np.zeros(3, np.int64))
    return tally


def _count_marks(tally: Tally, marks: Sequence[int], said: Sequence[Look]) -> None:
    """Sentence ends where it is known whether one is there; each mark where it is known itself."""
    for allowed, look in zip(marks, said, strict=True):
        if not allowed & ENDING or not allowed & GOING_ON:
            ends, there = look.mark in SENTENCE_ENDS, bool(allowed & ENDING)
            tally[SENTENCE_END] += (ends and there, ends, there)
        if allowed.bit_count() == 1:
            for mark in {look.mark, allowed.bit_length() - 1} - {0}:
                is_said, there = look.mark == mark, allowed == 1 << mark
                tally[NAMES[MARKS[mark]]] += (is_said and there, is_said, there)


def _count_cases(tally: Tally, cases: Sequence[int], said: Sequence[Look]) -> None:
    for case, look in zip(cases, said, strict=True):
        if case == UNKNOWN_CASE:
            continue
        tally[CASE] += (case == look.case != Case.LOWER, look.case != Case.LOWER, case != 0)


def _quality(counts: NDArray[np.int64]) -> Quality:
    """Counts (units, 3): right, said, there."""
    units = len(counts)

    def share(of: Callable[[NDArray[np.int64]], tuple[float, float]]) -> Interval:
        return bootstrap(units, _statistic(counts, of))

    return Quality(
        share(lambda c: (c[0], c[1])),
        share(lambda c: (c[0], c[2])),
        share(lambda c: (2 * c[0], c[1] + c[2])),
        int(counts[:, 2].sum()),
    )


def _statistic(
    counts: NDArray[np.int64], of: Callable[[NDArray[np.int64]], tuple[float, float]]
) -> Statistic:
    return lambda sample: ratio(*of(counts[sample].sum(axis=0)))


def _percent(interval: Interval) -> str:
    if np.isnan(interval.value):
        return "–"
    value, low, high = (100 * x for x in (interval.value, interval.low, interval.high))
    return f"{value:.1f} ({low:.1f} to {high:.1f})"
