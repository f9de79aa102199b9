"""Who else belongs to the groups of a report: the speakers of a training split, for instance.

Regions are boxes and cohorts have centres, so people whom the report has not heard belong to them
too; an attribute such as ``first_language=Mandarin`` needs no report.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from engine.errors import EngineError
from engine.fairness.cohorts import Vectors
from engine.fairness.people import Person
from engine.fairness.regions import Box, as_degrees
from engine.fairness.study import ATTRIBUTES
from engine.fairness.voices import Vector


def of_attribute(people: Mapping[str, Person], wanted: str) -> list[str]:
    """The speakers with some value of an attribute, ``attribute=value``.

    Raises:
        EngineError: when there is no such attribute, or nobody has that value.
    """
    by, _, value = wanted.partition("=")
    if by not in ATTRIBUTES or not value:
        known = ", ".join(ATTRIBUTES)
        raise EngineError(f"{wanted!r} is no attribute=value: the attributes are {known}.")
    found = [s for s, person in people.items() if person.attribute(by) == value]
    if not found:
        values = ", ".join(sorted({p.attribute(by) for p in people.values()}))
        raise EngineError(f"Nobody has {by}={value}: the values there are {values}.")
    return found


def of_regions(people: Mapping[str, Person], report: Mapping[str, Any], worst: int) -> list[str]:
    """The speakers who live in the worst regions of a report.

    Raises:
        EngineError: when the report has no regions, or nobody lives there.
    """
    boxes = [Box(**group["box"]) for group in _groups(report, "regions")[:worst]]
    placed = {s: p.place for s, p in people.items() if p.place is not None}
    degrees = as_degrees(list(placed.values()))
    inside = np.any([box.holds(degrees) for box in boxes], axis=0)
    return _somebody([s for s, there in zip(placed, inside, strict=True) if there], "regions")


def of_cohorts(
    vectors: Mapping[str, Vector], space: str, report: Mapping[str, Any], worst: int
) -> list[str]:
    """The speakers whose voices belong to the worst cohorts of a report.

    Args:
        vectors: of the speakers.
        space: of whose voices ``vectors`` are.
        report: as :func:`engine.fairness.record.read` gives it.
        worst: how many cohorts.

    Raises:
        EngineError: when the report has no cohorts, or of another model's voices.
    """
    centres = centres_of(space, report)
    _somebody(list(vectors), "cohorts")
    table = np.stack(list(vectors.values()))
    nearest = np.linalg.norm(table[:, None] - centres[None], axis=2).argmin(axis=1)
    return _somebody([s for s, k in zip(vectors, nearest, strict=True) if k < worst], "cohorts")


def centres_of(space: str, report: Mapping[str, Any]) -> Vectors:
    """The centres of a report's cohorts, worst first, (cohorts, size).

    Raises:
        EngineError: when the report has none, or of another model's voices than ``space``.
    """
    if space != report["voices"]:
        raise EngineError(
            f"The cohorts of the report are of the voices of {report['voices']}, not {space}: give "
            "the model that the report was made with, by --model."
        )
    return np.array([group["centre"] for group in _groups(report, "cohorts")], np.float32)


def _groups(report: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    if not report.get(name):
        reasons = " ".join(report.get("missing", ()))
        raise EngineError(f"The report has no {name}: make one that has. {reasons}".strip())
    groups: list[dict[str, Any]] = report[name]["groups"]
    return groups


def _somebody(found: list[str], name: str) -> list[str]:
    if not found:
        raise EngineError(f"Nobody belongs to the worst {name}: take more of them by --worst.")
    return found
