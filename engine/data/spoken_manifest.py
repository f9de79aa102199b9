"""Who speaks in a corpus: its manifest read line by line, with what is known of the speakers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.errors import EngineError

COLUMNS: dict[str, tuple[type, ...]] = {
    "id": (str,),
    "corpus": (str,),
    "speaker": (str,),
    "split": (str,),
    "duration_s": (int, float),
}
"""What every line must have, and of which type."""

ABOUT: dict[str, tuple[type, ...]] = {
    "sex": (str,),
    "age": (int, float),
    "first_language": (str,),
    "region": (str,),
}
"""What may be known of a speaker; null where it is not."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """One utterance, and what its manifest says of who speaks; None where it says nothing."""

    id: str
    corpus: str
    speaker: str
    split: str
    duration_s: float
    sex: str | None
    age: float | None
    first_language: str | None
    region: str | None


def read_spoken(folder: Path, about: Sequence[str] = tuple(ABOUT)) -> list[Spoken]:
    """The utterances of ``folder/manifest.jsonl`` in its order.

    Args:
        folder: a corpus folder.
        about: columns of :data:`ABOUT` that must be there (null is a value); others may be absent.

    Raises:
        EngineError: names the first bad line, the column and what to do.
    """
    path = folder / "manifest.jsonl"
    if not path.is_file():
        raise EngineError(f"{folder} holds no manifest.jsonl: give the folder of a prepared corpus")
    lines = path.read_text(encoding="utf-8").splitlines()
    found: dict[str, Spoken] = {}
    for number, line in enumerate(lines, 1):
        if line.strip():
            spoken = _spoken(path, number, line, about)
            if spoken.id in found:
                problem = f"the {spoken.id!r} of the column 'id' is there already"
                raise EngineError(f"{path.name}, line {number}: {problem}: give each its own.")
            found[spoken.id] = spoken
    return list(found.values())


def _spoken(path: Path, number: int, line: str, about: Sequence[str]) -> Spoken:
    where = f"{path.name}, line {number}"
    try:
        entry = json.loads(line)
    except ValueError as error:
        raise EngineError(f"{where} is not JSON ({error}): write one object a line.") from error
    if not isinstance(entry, dict):
        raise EngineError(f"{where} is no JSON object: write one object a line.")
    for column, kinds in COLUMNS.items():
        _check(where, entry, column, kinds)
        if entry[column] is None or entry[column] == "":
            raise EngineError(
                f"{where}: the column {column!r} is empty: fill it, or drop the line."
            )
    for column, kinds in ABOUT.items():
        if column in entry or column in about:
            _check(where, entry, column, kinds)
    return Spoken(*(entry[c] for c in COLUMNS), *(entry.get(c) for c in ABOUT))


def _check(where: str, entry: dict[str, Any], column: str, kinds: tuple[type, ...]) -> None:
    if column not in entry:
        remedy = "add it, with null where it is not known" if column in ABOUT else "add it"
        raise EngineError(f"{where}: the column {column!r} is missing: {remedy}.")
    value = entry[column]
    if value is not None and (isinstance(value, bool) or not isinstance(value, kinds)):
        wanted = "a number" if float in kinds else "text"
        raise EngineError(f"{where}: the column {column!r} holds {value!r}: {wanted} is needed.")
