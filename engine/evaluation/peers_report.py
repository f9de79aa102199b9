"""A benchmark of peers: how well, how fast and how large, ours beside what else there is."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from engine.data.bench_set import BenchSession
from engine.evaluation.counts import ratio
from engine.evaluation.figures import BY_NAME
from engine.evaluation.grid import Grid
from engine.evaluation.groups import grouped_and_all
from engine.evaluation.intervals import Interval, bootstrap
from engine.evaluation.peers import TITLES
from engine.evaluation.peers_memory import installed_mb
from engine.evaluation.peers_process import PeerRun
from engine.evaluation.report import difference
from engine.evaluation.score import SessionScore, score_turns
from engine.evaluation.segments import reference_turns

APART = ("0S", "0L")
"""Conditions in which nobody talks over anybody: there plain WER means something."""

FIGURES = ("wer", "orc_wer", "cp_wer", "der", "word_p50", "word_p90")
COMPARED = ("orc_wer", "cp_wer", "der")


@dataclass(frozen=True)
class PeerResult:
    """What a peer did, scored."""

    name: str
    run: PeerRun
    scores: tuple[SessionScore, ...]
    installed_mb: float

    @property
    def title(self) -> str:
        """As tables show it."""
        return TITLES.get(self.name, Path(self.name).stem)

    @property
    def real_time_factor(self) -> float:
        """Seconds of the processor by seconds of audio, once it is loaded."""
        return ratio(self.run.work_s, sum(score.duration_s for score in self.scores))

    @cached_property
    def figures(self) -> dict[str, dict[str, Interval]]:
        """By condition, of several the last over all; NaN for what means nothing for it."""
        groups = grouped_and_all(self.scores, lambda score: score.condition)
        return {where: self._figures(group) for where, group in groups.items()}

    @property
    def overall(self) -> dict[str, Interval]:
        """Over all sessions."""
        return list(self.figures.values())[-1]

    def _figures(self, scores: Sequence[SessionScore]) -> dict[str, Interval]:
        apart = [score for score in scores if score.condition in APART]
        found = {}
        for name in FIGURES:
            asked = apart if name == "wer" else scores
            known = name != "der" or self.run.knows_turns
            statistic = BY_NAME[name].statistic(asked)
            found[name] = bootstrap(len(asked) if known else 0, statistic)
        return found


def result(name: str, run: PeerRun, sessions: Sequence[BenchSession]) -> PeerResult:
    """Score what a peer heard."""
    scores = tuple(
        score_turns(
            reference_turns(session.reference),
            run.turns[session.session_id],
            session.duration_s,
            session_id=session.session_id,
            condition=session.condition,
        )
        for session in sessions
    )
    return PeerResult(name, run, scores, installed_mb(run.packages, run.files))


def grids(results: Sequence[PeerResult]) -> list[Grid]:
    """One table of all figures, the errors by condition, and what the first has over the others."""
    return [grid for grid in (_all(results), _conditions(results), _less(results)) if grid.rows]


def _all(results: Sequence[PeerResult]) -> Grid:
    titles = (f"{BY_NAME[name].title} {BY_NAME[name].unit}" for name in FIGURES)
    head = ("", *titles, "real-time factor", "memory MB", "installed MB")
    rows = [
        (
            r.title,
            *(BY_NAME[name].cell(r.overall[name]) for name in FIGURES),
            f"{r.real_time_factor:.3f}",
            f"{r.run.peak_mb:.0f}",
            f"{r.installed_mb:.0f}",
        )
        for r in results
    ]
    note = (
        "95 % intervals over sessions. WER where nobody overlaps. A word's latency runs from its "
        "end until it came to stay, work on one core included. Memory: peak of its own process. "
        "Installed: packages with all that they need, as they are here; ours with the window."
    )
    return Grid("Instead of Crosstalk", head, tuple(rows), note)


def _conditions(results: Sequence[PeerResult]) -> Grid:
    places = list(results[0].figures)
    rows = [
        (
            f"{BY_NAME[name].title} %, {r.title}",
            *(BY_NAME[name].cell(r.figures[where][name]) for where in places),
        )
        for name in COMPARED
        for r in results
        if not math.isnan(r.overall[name].value)
    ]
    return Grid("By condition", ("", *places), tuple(rows))


def _less(results: Sequence[PeerResult]) -> Grid:
    first, *others = results
    rows = [
        (
            f"{BY_NAME[name].title}, {first.title} less {other.title}",
            *(
                BY_NAME["wer"].cell(difference(name, first.scores, other.scores, relative=relative))
                for relative in (False, True)
            ),
        )
        for other in others
        for name in _both(first, other)
    ]
    note = "Paired on the same sessions, 95 % intervals; negative: fewer errors."
    return Grid("Differences", ("", "points", "relative %"), tuple(rows), note)


def _both(first: PeerResult, other: PeerResult) -> list[str]:
    known = first.run.knows_turns and other.run.knows_turns
    return [name for name in COMPARED if known or name != "der"]


def to_markdown(results: Sequence[PeerResult], command: str) -> str:
    """The tables with their notes."""
    written = ["# Benchmark of peers\n", f"`{command}`\n"]
    for grid in grids(results):
        written += [f"## {grid.title}\n", *([f"{grid.note}\n"] if grid.note else [])]
        written.append(grid.to_markdown())
    return "\n".join(written)


def to_json(results: Sequence[PeerResult], facts: Mapping[str, Any]) -> str:
    """All figures; what could not be measured is null."""
    peers = [
        {
            "name": r.name,
            "title": r.title,
            "real_time_factor": r.real_time_factor,
            "load_s": r.run.load_s,
            "peak_mb": r.run.peak_mb,
            "installed_mb": r.installed_mb,
            "packages": r.run.packages,
            "figures": {
                where: {name: each.to_dict() for name, each in of.items()}
                for where, of in r.figures.items()
            },
        }
        for r in results
    ]
    return json.dumps({**facts, "peers": peers}, indent=1) + "\n"
