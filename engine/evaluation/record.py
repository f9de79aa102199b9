"""The record of an evaluation: everything as JSON."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

from engine.evaluation.intervals import RESAMPLES, SEED
from engine.evaluation.summary import Summary, SystemSummary, UtteranceRow


def to_json(summary: Summary) -> str:
    """All figures and intervals, what was heard, how, and where; what is not known is null."""
    evaluation = summary.evaluation
    content = {
        "split": evaluation.split,
        **evaluation.facts,
        "intervals": {"level": 0.95, "resamples": RESAMPLES, "seed": SEED},
        "systems": [_system(system) for system in summary.systems],
        "differences": [_difference(d) for d in summary.differences],
    }
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def _system(system: SystemSummary) -> dict[str, Any]:
    figures = system.figures
    return {
        "name": system.scores.name,
        "description": system.scores.description,
        "utterances": [_row(row) for row in system.utterances],
        "meetings": _only(system.meetings.to_dict(), figures) if system.meetings else [],
        "clips": _only(system.clips.to_dict(), figures) if system.clips else [],
        "false_words_per_minute": {n: w.per_minute for n, w in system.scores.silence.items()},
    }


def _only(rows: list[dict[str, Any]], figures: tuple[str, ...] | None) -> list[dict[str, Any]]:
    """The rows with these figures only."""
    if figures is None:
        return rows
    return [row | {"figures": {name: row["figures"][name] for name in figures}} for row in rows]


def _row(row: UtteranceRow) -> dict[str, Any]:
    return {
        "corpus": row.corpus,
        "speakers": row.speakers,
        "utterances": row.utterances,
        "words": row.words,
        "wer": row.wer.to_dict(),
        "substitutions": row.substitutions.to_dict(),
        "deletions": row.deletions.to_dict(),
        "insertions": row.insertions.to_dict(),
        "real_time_factor": round(row.real_time_factor, 4),
        "speaker_rates": [round(rate, 4) for rate in row.speaker_rates],
    }


def _difference(difference: Any) -> dict[str, Any]:
    named = {f.name: getattr(difference, f.name) for f in dataclasses.fields(difference)}
    return named | {
        "absolute": difference.absolute.to_dict(),
        "relative": difference.relative.to_dict(),
    }
