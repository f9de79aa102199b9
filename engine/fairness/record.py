"""A study as JSON, and what of it is written on the card of a model."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

from engine.errors import EngineError
from engine.evaluation.intervals import RESAMPLES, SEED
from engine.fairness.study import CohortStudy, RegionStudy, Study
from engine.fairness.tally import Gap, Group

FORMAT = "crosstalk-fairness"


def to_json(study: Study) -> str:
    """All figures, who is where, and what is needed to tell where others belong."""
    content = {
        "format": FORMAT,
        **study.facts,
        "intervals": {"level": 0.95, "resamples": RESAMPLES, "seed": SEED},
        "overall": _group(study.overall),
        "attributes": {by: [_group(g) for g in groups] for by, groups in study.values.items()},
        "gaps": [_gap(gap) for gap in study.gaps],
        "cohorts": _cohorts(study.cohorts) if study.cohorts else None,
        "regions": _regions(study.regions) if study.regions else None,
        "missing": study.missing,
        "speakers": [
            {"speaker": s, "errors": int(e), "words": int(w)}
            for s, e, w in zip(
                study.tally.speakers, study.tally.errors, study.tally.words, strict=True
            )
        ],
    }
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def _group(group: Group) -> dict[str, Any]:
    return {
        "name": group.name,
        "words": group.words,
        "wer": group.wer.to_dict(),
        "speakers": group.speakers,
    }


def _gap(gap: Gap) -> dict[str, Any]:
    return {
        "by": gap.by,
        "bottom": gap.bottom.name,
        "share": gap.share,
        "gap": gap.gap.to_dict(),
        "by_chance": None if math.isnan(gap.chance) else gap.chance,
        "speakers": gap.bottom.speakers,
    }


def _cohorts(found: CohortStudy) -> dict[str, Any]:
    groups = [
        _group(group) | {"mostly": about, "centre": found.cohorts.centres[number].tolist()}
        for (number, group), about in zip(found.groups, found.about, strict=True)
    ]
    return {"groups": groups, "gap": _gap(found.gap)}


def _regions(found: RegionStudy) -> dict[str, Any]:
    groups = [
        _group(group) | {"box": vars(box), "stated": about}
        for group, box, about in zip(found.groups, found.boxes, found.about, strict=True)
    ]
    names = ("mean", "maximum", "variance")
    spread = {name: getattr(found.spread, name).to_dict() for name in names}
    return {"groups": groups, "gap": _gap(found.gap), "spread": spread, "coarse": found.coarse}


def read(path: Path) -> dict[str, Any]:
    """What :func:`to_json` wrote.

    Raises:
        EngineError: when it is something else.
    """
    try:
        found = json.loads(path.read_text())
    except ValueError:
        found = None
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise EngineError(
            f"{path} is no fairness report: give the .json that `crosstalk-lab fairness` wrote."
        )
    return found


def headline(study: Study) -> dict[str, float]:
    """The figures for a model's card, in percent."""
    figures = {"WER of everybody, %": study.overall.wer.value}
    if study.cohorts:
        gap = study.cohorts.gap
        figures["WER of the voices understood worst, %"] = gap.bottom.wer.value
        figures["their share of the speakers, %"] = gap.share
        figures["gap to all other voices, %"] = gap.gap.value
    if study.regions:
        figures["WER of the region understood worst, %"] = study.regions.gap.bottom.wer.value
    return {name: round(100 * value, 1) for name, value in figures.items()}
