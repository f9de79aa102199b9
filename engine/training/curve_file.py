"""The curve of a run, ``curve.jsonl`` in its folder: one line for each report.

``step``, ``parts`` of the loss (means since the line before), ``seconds`` of training since the run
began, ``learning_rate`` and ``hours_heard``.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from engine.errors import EngineError

CURVE = "curve.jsonl"


@dataclass(frozen=True)
class Point:
    """One line of a curve."""

    step: int
    parts: dict[str, float]
    seconds: float
    learning_rate: float
    hours_heard: float


def read_curve(folder: Path) -> list[Point]:
    """The curve of a run, by step.

    Raises:
        EngineError: when the run has none, or something else is in the file.
    """
    path = folder / CURVE
    if not path.is_file():
        raise EngineError(f"{folder} holds no {CURVE}: give the folder of a training run.")
    try:
        return [Point(**json.loads(line)) for line in _whole_lines(path)]
    except (ValueError, TypeError) as error:
        raise EngineError(f"{path} is damaged: delete it; the run is not harmed.") from error


def append(folder: Path, point: Point) -> None:
    """Add a line."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / CURVE).open("a") as out:
        out.write(json.dumps(asdict(point)) + "\n")


def cut(folder: Path, step: int) -> None:
    """Drop what was written after ``step``: the run goes on from there and writes it again."""
    path = folder / CURVE
    if not path.is_file():
        return
    lines = _whole_lines(path)
    kept = [line for line in lines if json.loads(line)["step"] <= step]
    part = path.with_suffix(".part")
    part.write_text("".join(kept))
    part.replace(path)


def _whole_lines(path: Path) -> list[str]:
    """A kill may leave half a line at the end."""
    return [line for line in path.read_text().splitlines(keepends=True) if line.endswith("\n")]
