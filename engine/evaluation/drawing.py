"""How the plots of an evaluation are drawn: one panel of points, curves, strips or matrices."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from engine.evaluation.intervals import Interval

COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")
"""Okabe and Ito's, which people who see few colours can tell apart."""

_HEIGHT = 3.2  # inches


@dataclass(frozen=True)
class Plot:
    """A picture (an svg element) with a sentence to be read with it."""

    title: str
    caption: str
    svg: str


def panels(count: int = 1, width: float = 7.0) -> tuple[Figure, list[Axes]]:
    """Panels beside each other."""
    figure = Figure(figsize=(width, _HEIGHT), layout="constrained")
    side_by_side = [figure.add_subplot(1, count, i + 1) for i in range(count)]
    for axes in side_by_side:
        axes.spines[["top", "right"]].set_visible(False)
        axes.grid(color="#e4e4e4")
        axes.set_axisbelow(True)
    return figure, side_by_side


def finish(figure: Figure, title: str, caption: str, legend: bool = True) -> Plot:
    """The figure as a plot; the same figure gives the same text."""
    if legend and len(figure.axes[0].get_legend_handles_labels()[1]) > 1:
        figure.axes[0].legend(frameon=False)
    out = io.StringIO()
    with matplotlib.rc_context({"svg.hashsalt": title}):
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    svg = re.sub(r"^.*?(?=<svg)", "", out.getvalue(), flags=re.DOTALL)
    svg = svg.replace("<svg ", f'<svg role="img" aria-label="{title}" ', 1)
    return Plot(title, caption, unique(svg, title))


def unique(svg: str, name: str) -> str:
    """The same picture with ids of its own: several pictures stand in one page."""
    own = re.sub(r"\W+", "-", name)
    svg = re.sub(r'\bid="([^"]+)"', rf'id="{own}-\1"', svg)
    return re.sub(r'(url\(#|href="#)', rf"\g<1>{own}-", svg)


def points(
    axes: Axes, names: Sequence[str], shares: Sequence[Interval], label: str, place: int, of: int
) -> None:
    """Shares as percentages with their intervals, one system of several beside the others."""
    at = np.arange(len(names)) + (place - (of - 1) / 2) * 0.7 / max(of, 2)
    value, low, high = (
        100 * np.array([getattr(s, end) for s in shares]) for end in ("value", "low", "high")
    )
    errors = np.maximum(0.0, [value - low, high - value])
    axes.errorbar(
        at, value, errors, fmt="o", ms=5, capsize=3, color=COLOURS[place % 6], label=label
    )
    axes.set_xticks(range(len(names)), names)


def from_zero(axes: Axes) -> None:
    """Percentages start at zero, and nothing touches the top."""
    axes.set_ylim(0.0, 1.05 * max(axes.get_ylim()[1], 1.0))


def strip(axes: Axes, groups: Sequence[Sequence[float]], label: str, place: int, of: int) -> None:
    """Every rate of a group as a dot, in percent, with a line at the median."""
    for i, rates in enumerate(groups):
        middle = i + (place - (of - 1) / 2) * 0.7 / max(of, 2)
        spread = np.random.default_rng(i).uniform(-0.08, 0.08, len(rates))
        colour = COLOURS[place % 6]
        dots = 100 * np.array(rates)
        name = label if i == 0 else None
        axes.plot(middle + spread, dots, "o", ms=3, alpha=0.5, color=colour, label=name)
        if len(rates):
            axes.hlines(float(np.median(dots)), middle - 0.14, middle + 0.14, color=colour, lw=2)


def distribution(axes: Axes, seconds: Sequence[float], label: str, place: int) -> None:
    """The share of latencies up to each value, milliseconds."""
    if not len(seconds):
        return
    at = np.sort(1000 * np.array(seconds))
    share = np.arange(1, len(at) + 1) / len(at) * 100
    keep = np.unique(np.linspace(0, len(at) - 1, min(len(at), 200)).astype(int))  # a light page
    axes.plot(at[keep], share[keep], color=COLOURS[place % 6], label=label)
    axes.set_xlabel("ms of audio")


def matrix(axes: Axes, counts: dict[tuple[int, int], int], title: str) -> None:
    """How often so many were said where there were so many: (true, said) to count."""
    true = sorted({pair[0] for pair in counts})
    said = list(range(min(pair[1] for pair in counts), max(pair[1] for pair in counts) + 1))
    table = np.array([[counts.get((a, b), 0) for b in said] for a in true])
    axes.imshow(table, cmap="Blues", aspect="auto", vmin=0, vmax=max(1, 1.6 * table.max()))
    axes.grid(False)
    for (row, column), count in np.ndenumerate(table):
        if count:
            axes.text(column, row, str(count), ha="center", va="center")
    axes.set_xticks(range(len(said)), [str(b) for b in said])
    axes.set_yticks(range(len(true)), [str(a) for a in true])
    axes.set_title(title)
    axes.set_xlabel("people found")
    axes.set_ylabel("people there")
