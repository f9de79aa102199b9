"""The tables of an evaluation, for a terminal, a README and a page."""

from __future__ import annotations

from collections.abc import Iterator

from engine.evaluation.clips import CAVEAT
from engine.evaluation.figures import BY_NAME
from engine.evaluation.grid import Grid
from engine.evaluation.report import Report
from engine.evaluation.summary import COMPARED, WORD_FIGURES, Difference, Summary, SystemSummary

ACROSS = ("cp_wer", "tcp_wer", "orc_wer", "turn_f1", "der")
"""Figures of meetings in the table that has one row a system."""


def grids(summary: Summary) -> list[Grid]:
    """All tables, none of what was not measured."""
    return [
        grid
        for grid in (
            *_utterances(summary),
            *_meetings(summary),
            *_differences(summary),
            *_clips(summary),
            *_silence(summary),
        )
        if grid.rows
    ]


def to_markdown(summary: Summary) -> str:
    """All tables with their titles and notes."""
    evaluation = summary.evaluation
    pieces = [f"# Evaluation on {evaluation.split}\n", f"`{evaluation.facts['command']}`\n"]
    for grid in grids(summary):
        pieces += [f"## {grid.title}\n", *([f"{grid.note}\n"] if grid.note else [])]
        pieces.append(grid.to_markdown())
    return "\n".join(pieces)


def _utterances(summary: Summary) -> Iterator[Grid]:
    cell = BY_NAME["wer"].cell
    with_utterances = [system for system in summary.systems if system.utterances]
    if not with_utterances:
        return
    rows = [
        (
            f"{first.corpus} ({first.speakers} speakers, {first.utterances} utterances)",
            *(cell(system.utterances[i].wer) for system in with_utterances),
        )
        for i, first in enumerate(with_utterances[0].utterances)
    ]
    head = ("WER %", *(system.scores.name for system in with_utterances))
    note = "One person speaking alone; 95 % intervals over speakers."
    yield Grid("Single utterances", head, tuple(rows), note)
    yield _error_kinds(with_utterances)


def _error_kinds(systems: list[SystemSummary]) -> Grid:
    text = BY_NAME["wer"].text
    rows = [
        (
            f"{system.scores.name}, {row.corpus}",
            text(row.substitutions.value),
            text(row.deletions.value),
            text(row.insertions.value),
            f"{row.real_time_factor:.3f}",
        )
        for system in systems
        for row in system.utterances
    ]
    head = ("", "substitutions %", "deletions %", "insertions %", "real-time factor")
    note = "The real-time factor is of the processor's time with the whole utterance at once."
    return Grid("Kinds of errors", head, tuple(rows), note)


def _meetings(summary: Summary) -> Iterator[Grid]:
    systems = [s for s in summary.systems if s.meetings]
    if len(systems) > 1:
        yield _side_by_side(systems)
    for system in systems:
        note = "95 % intervals over sessions; overlap as a share of speech."
        yield _report(system.meetings).grid(system.figures, f"Meetings: {system.scores.name}", note)


def _side_by_side(systems: list[SystemSummary]) -> Grid:
    first = _report(systems[0].meetings)
    rows = [
        (
            f"{BY_NAME[name].title} %, {system.scores.name}",
            *(BY_NAME[name].cell(row.figures[name]) for row in _report(system.meetings).rows),
        )
        for name in ACROSS
        for system in systems
        if name in (system.figures or ACROSS)
    ]
    head = ("", *(f"{row.condition} ({row.sessions})" for row in first.rows))
    return Grid("Meetings, all systems", head, tuple(rows))


def _differences(summary: Summary) -> Iterator[Grid]:
    by_pair: dict[tuple[str, str], list[Difference]] = {}
    for difference in summary.differences:
        by_pair.setdefault((difference.ours, difference.theirs), []).append(difference)
    for (ours, theirs), found in by_pair.items():
        rows = [
            (
                f"{BY_NAME[d.figure].title}, {d.where}",
                BY_NAME[d.figure].cell(d.absolute),
                BY_NAME[d.figure].cell(d.relative),
            )
            for d in sorted(found, key=lambda d: (*WORD_FIGURES, *COMPARED).index(d.figure))
        ]
        note = "Paired on the same audio, 95 % intervals; negative: fewer errors, or a lower score."
        head = ("", "points", "relative %")
        yield Grid(f"{ours} less {theirs}", head, tuple(rows), note)


def _clips(summary: Summary) -> Iterator[Grid]:
    systems = [s for s in summary.systems if s.clips]
    if not systems:
        return
    names = ("cp_wer", "tcp_wer", "orc_wer", "der", "turn_f1", "speaker_count_exact")
    rows = [
        (
            f"{BY_NAME[name].title} {BY_NAME[name].unit}",
            *(
                BY_NAME[name].cell(_report(s.clips).row().figures[name])
                if name in (s.figures or names)
                else "–"
                for s in systems
            ),
        )
        for name in names
    ]
    clips = _report(systems[0].clips).row().sessions
    head = ("", *(system.scores.name for system in systems))
    note = f"{clips} clips of 30 s: {CAVEAT}."
    yield Grid("Beginnings of real meetings (AMI)", head, tuple(rows), note)


def _silence(summary: Summary) -> Iterator[Grid]:
    systems = [s for s in summary.systems if s.scores.silence]
    if not systems:
        return
    head = ("", *systems[0].scores.silence)
    rows = [
        (s.scores.name, *(f"{words.per_minute:.2f}" for words in s.scores.silence.values()))
        for s in systems
    ]
    yield Grid("False words a minute where nobody speaks", head, tuple(rows))


def _report(report: Report | None) -> Report:
    assert report is not None
    return report
