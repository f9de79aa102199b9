"""The pictures of a study: gaps with their intervals, voices by cohort, and the map of regions."""

from __future__ import annotations

from collections import Counter

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, Normalize
from matplotlib.figure import Figure
from matplotlib.patches import Polygon, Rectangle

from engine.evaluation.drawing import COLOURS, Plot, finish, panels
from engine.fairness.coastlines import LAND
from engine.fairness.regions import Box
from engine.fairness.study import CohortStudy, RegionStudy, Study
from engine.fairness.tables import TITLES

MARKS = "osD^vP*X<>hp"
"""A shape for each cohort: colour is never the only sign."""

WARM = LinearSegmentedColormap.from_list("warm", ["#fff3d6", "#f0a33c", "#a32a00"])
"""From understood to not understood."""

SOUTH, NORTH = -58.0, 80.0


def gaps(study: Study) -> Plot:
    """All gaps with their intervals, and what chance would make."""
    found = [*(part.gap for part in (study.cohorts, study.regions) if part), *study.gaps]
    figure = Figure(figsize=(7.0, 1.2 + 0.45 * len(found)), layout="constrained")
    axes = figure.add_subplot()
    for place, gap in enumerate(found):
        value, low, high = (100 * v for v in (gap.gap.value, gap.gap.low, gap.gap.high))
        sides = [[max(0.0, value - low)], [max(0.0, high - value)]]
        name = "gap, 95 % interval" if place == 0 else None
        axes.errorbar(
            [value], [place], xerr=sides, fmt="o", capsize=4, color=COLOURS[0], label=name
        )
        name = "by chance" if place == 0 else None
        axes.plot([100 * gap.chance], [place], "|", ms=16, mew=2, color=COLOURS[1], label=name)
    axes.set_yticks(range(len(found)), [TITLES.get(g.by, g.by) for g in found])
    axes.invert_yaxis()
    axes.axvline(0.0, color="#888", lw=0.8)
    axes.set_xlabel("word error rate of those understood worst above that of all others, %")
    _plain(axes)
    caption = (
        "Each line divides the same people in two by something else. A gap is real where the dot "
        "lies to the right of the upright stroke, which chance rarely reaches."
    )
    return finish(figure, "Gaps", caption)


def _plain(axes: Axes) -> None:
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(color="#e4e4e4", axis="x")
    axes.set_axisbelow(True)


def cohorts(found: CohortStudy) -> Plot:
    """Every voice as a point, by cohort; the worst cohort in the legend first."""
    figure, (axes,) = panels(width=8.0)
    figure.set_figheight(4.4)
    for rank, (number, group) in enumerate(found.groups):
        points = found.points[found.cohorts.labels == number]
        label = f"{group.name}: {100 * group.wer.value:.0f} % WER, {len(group.speakers)} people"
        axes.plot(
            *points.T,
            MARKS[rank % len(MARKS)],
            ms=6,
            alpha=0.8,
            color=COLOURS[(rank + 1) % 6],
            markeredgecolor="#333",
            markeredgewidth=0.4,
            label=label,
        )
    axes.legend(frameon=False, loc="center left", bbox_to_anchor=(1.0, 0.5), fontsize=9)
    axes.set_xticks([])
    axes.set_yticks([])
    caption = (
        "People who sound alike stand near each other (the two directions in which their voices "
        "differ most). The legend begins with the cohort understood worst."
    )
    return finish(figure, "Voices", caption, legend=False)


def world(found: RegionStudy) -> Plot:
    """The map: regions as boxes in the colour of their error rate, people as dots."""
    figure = Figure(figsize=(10.0, 4.9), layout="constrained")
    axes = figure.add_subplot()
    axes.set_facecolor("#eef4f8")
    for outline in LAND:
        axes.add_patch(Polygon(outline, fc="#fafaf7", ec="#9a9a90", lw=0.6))
    rates = [100 * group.wer.value for group in found.groups]
    scale = Normalize(min(rates), max(max(rates), min(rates) + 1e-6))
    for i, (box, rate) in enumerate(zip(found.boxes, rates, strict=True), 1):
        _region(axes, box, i, rate, WARM(scale(rate)), found)
    _people(axes, found)
    _graticule(axes)
    figure.colorbar(
        matplotlib.cm.ScalarMappable(scale, WARM), ax=axes, label="WER %", shrink=0.8, pad=0.01
    )
    caption = (
        "Regions as the tree cut the world, numbered from the one understood worst. Dots are "
        "people, larger where several live at the same place. Coastlines are rough."
    )
    return finish(figure, "Map of the regions", caption, legend=False)


def _region(
    axes: Axes,
    box: Box,
    number: int,
    rate: float,
    colour: tuple[float, ...],
    found: RegionStudy,
) -> None:
    south, north = max(box.south, SOUTH), min(box.north, NORTH)
    corner, width, height = (box.west, south), box.east - box.west, north - south
    axes.add_patch(Rectangle(corner, width, height, fc=colour, ec="none", alpha=0.45))
    axes.add_patch(Rectangle(corner, width, height, fc="none", ec="#5a2200", lw=1.2))
    latitude, longitude = found.degrees[box.holds(found.degrees)].mean(axis=0)
    axes.annotate(
        f"{number}: {rate:.0f} %",
        (longitude, latitude),
        (4, 5),
        textcoords="offset points",
        fontsize=9,
        fontweight="bold",
        bbox={"boxstyle": "round,pad=0.15", "fc": "white", "ec": "#5a2200", "lw": 0.6},
        zorder=5,
    )


def _people(axes: Axes, found: RegionStudy) -> None:
    crowd = Counter(map(tuple, found.degrees.tolist()))
    for (latitude, longitude), count in crowd.items():
        size = 3 + 2.0 * float(np.sqrt(count))
        axes.plot([longitude], [latitude], "o", ms=size, color=COLOURS[0], mec="white", mew=0.7)


def _graticule(axes: Axes) -> None:
    axes.set_xlim(-180.0, 180.0)
    axes.set_ylim(SOUTH, NORTH)
    axes.set_aspect(1.25)
    east = range(-150, 180, 30)
    axes.set_xticks(east, [f"{abs(x)}° {'W' if x < 0 else 'E'}" if x else "0°" for x in east])
    north = range(-30, 80, 30)
    axes.set_yticks(north, [f"{abs(y)}° {'S' if y < 0 else 'N'}" if y else "0°" for y in north])
    axes.grid(color="#c8d4dc", lw=0.5)
    axes.tick_params(labelsize=8)
