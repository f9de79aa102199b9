"""Curves of runs as a picture: the parts of the loss and the learning rate over the steps."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from matplotlib.figure import Figure

from engine.errors import EngineError
from engine.training.curve_file import Point, read_curve

_COLUMNS = 3


def draw(runs: Sequence[Path], output: Path) -> None:
    """Write a picture with a panel for each part and a line for each run.

    Raises:
        EngineError: when a run has no curve, or the picture cannot be written.
    """
    curves = {run.name or str(run): read_curve(run) for run in runs}
    names = list(dict.fromkeys(n for points in curves.values() for p in points for n in p.parts))
    panels = [*names, "learning rate"]
    rows = -(-len(panels) // _COLUMNS)
    figure = Figure(figsize=(4 * _COLUMNS, 3 * rows), layout="constrained")
    for i, panel in enumerate(panels):
        axes = figure.add_subplot(rows, _COLUMNS, i + 1)
        axes.set_title(panel)
        axes.set_xlabel("step")
        for run, points in curves.items():
            shown = [(p.step, v) for p in points if (v := _value(p, panel)) is not None]
            axes.plot([s for s, _ in shown], [v for _, v in shown], label=run)
    figure.axes[0].legend()
    try:
        figure.savefig(output, dpi=120)
    except (OSError, ValueError) as error:
        raise EngineError(f"{output} cannot be written ({error}): end it with .png.") from error


def _value(point: Point, panel: str) -> float | None:
    return point.learning_rate if panel == "learning rate" else point.parts.get(panel)
