"""What a manifest says of its people, each line of it checked.

Optional columns are ``sex``, ``age`` (years), ``first_language``, ``region``, and ``latitude`` with
``longitude`` (degrees, WGS 84). Who has a region and no coordinates gets those of :mod:`places`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.errors import EngineError
from engine.fairness.places import PLACES, Place

REQUIRED = ("id", "path", "corpus", "speaker", "split", "text")
WORDS = ("sex", "first_language", "region")
NUMBERS = {"age": (0.0, 120.0), "latitude": (-90.0, 90.0), "longitude": (-180.0, 180.0)}

NOT_STATED = "not stated"

AGES = ((13, "under 13"), (20, "13 to 19"), (40, "20 to 39"), (60, "40 to 59"), (121, "60 or more"))
"""Years below which somebody belongs to a group; of a decade its middle is known at times."""


@dataclass(frozen=True)
class Person:
    """What is known of a speaker; ``coarse`` where the place is that of a stated region."""

    speaker: str
    corpus: str
    sex: str | None = None
    age: float | None = None
    first_language: str | None = None
    region: str | None = None
    place: Place | None = None
    coarse: bool = False

    @property
    def age_group(self) -> str | None:
        """One of :data:`AGES`."""
        if self.age is None:
            return None
        return next(name for below, name in AGES if self.age < below)

    def attribute(self, name: str) -> str:
        """A known attribute, or :data:`NOT_STATED`."""
        return getattr(self, name) or NOT_STATED


@dataclass(frozen=True)
class _Line:
    path: Path
    number: int
    entry: dict[str, Any]

    def refuse(self, problem: str, remedy: str) -> EngineError:
        name = self.entry.get("id", "no id")
        return EngineError(f"{self.path.name}, line {self.number} ({name}): {problem}. {remedy}.")


def read_people(manifest: Path) -> dict[str, Person]:
    """The speakers of all lines by name.

    Raises:
        EngineError: names the line, the column and what to do.
    """
    found: dict[str, tuple[Person, int]] = {}
    for line in _lines(manifest):
        _check(line)
        person = _person(line.entry)
        before, number = found.setdefault(person.speaker, (person, line.number))
        if before != person:
            raise _contradiction(line, before, person, number)
    return {speaker: person for speaker, (person, _) in found.items()}


def _contradiction(line: _Line, before: Person, now: Person, number: int) -> EngineError:
    columns = [c for c in (*vars(now), "coarse") if getattr(before, c) != getattr(now, c)]
    problem = f"the column {columns[0]!r} of {now.speaker} is {getattr(now, columns[0])!r}, in line"
    problem += f" {number} it is {getattr(before, columns[0])!r}"
    return line.refuse(problem, "Say the same in all lines of a speaker")


def _lines(manifest: Path) -> Iterator[_Line]:
    if not manifest.is_file():
        raise EngineError(f"{manifest} is missing: give the manifest.jsonl of a prepared corpus.")
    for number, text in enumerate(manifest.read_text().splitlines(), 1):
        try:
            entry = json.loads(text)
        except ValueError:
            entry = None
        if not isinstance(entry, dict):
            line = _Line(manifest, number, {})
            raise line.refuse("it is no JSON object", "Write one utterance a line")
        yield _Line(manifest, number, entry)


def _check(line: _Line) -> None:
    entry = line.entry
    for column in REQUIRED:
        if column not in entry:
            raise line.refuse(f"the column {column!r} is missing", "Add it to every line")
        if column != "text" and (not isinstance(entry[column], str) or not entry[column].strip()):
            raise line.refuse(f"the column {column!r} is empty", "Fill it in, or drop the line")
    if entry["text"] is not None and not str(entry["text"]).strip():
        remedy = "Write what is said, or null where it is not known"
        raise line.refuse("the column 'text' is empty", remedy)
    for column in WORDS:
        if not isinstance(entry.get(column), str | None):
            raise line.refuse(f"the column {column!r} is no text", "Write text or null")
    for column, bounds in NUMBERS.items():
        _check_number(line, column, *bounds)
    if (entry.get("latitude") is None) != (entry.get("longitude") is None):
        missing = "latitude" if entry.get("latitude") is None else "longitude"
        remedy = "Give both latitude and longitude, or neither"
        raise line.refuse(f"the column {missing!r} is missing", remedy)


def _check_number(line: _Line, column: str, low: float, high: float) -> None:
    value = line.entry.get(column)
    if value is None:
        return
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise line.refuse(f"the column {column!r} is no number", "Write a number or null")
    if not low <= value <= high:
        problem = f"the column {column!r} is {value:g}, not between {low:g} and {high:g}"
        raise line.refuse(problem, "Correct it, or write null")


def _person(entry: Mapping[str, Any]) -> Person:
    region, age = entry.get("region"), entry.get("age")
    stated = entry.get("latitude") is not None
    place = Place(float(entry["latitude"]), float(entry["longitude"])) if stated else None
    return Person(
        entry["speaker"],
        entry["corpus"],
        entry.get("sex") or None,
        None if age is None else float(age),
        entry.get("first_language") or None,
        region or None,
        place or PLACES.get(region or ""),
        coarse=not stated and region in PLACES,
    )
