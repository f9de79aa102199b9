"""The window with meetings of 5,000 and 20,000 turns: a few hours, and a whole day of talk."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from tests.bench.measuring import Result

FRAME_S = 0.017
APPEND_S = 0.008
OPEN_S = {5_000: 1.0, 20_000: 3.0}
FIND_S = 0.5  # counting goes on between frames, so that nothing waits for it


@dataclass(frozen=True, slots=True)
class Measure:
    """What the user process calls it, how people call it, and the bar for its P95 (or median)."""

    key: str
    name: str
    bar_s: float
    quantile: int = 95


MEASURES = (
    Measure("wheel", "scroll by the wheel, a frame", FRAME_S),
    Measure("jump", "drag the scroll bar anywhere, a frame", FRAME_S),
    Measure("settle", "frame while heights are still measured", FRAME_S),
    Measure("timeline", "timeline zoomed, a frame", FRAME_S),
    Measure("append", "live: one event into model and rows", APPEND_S),
    Measure("paint", "live: what one event changed, painted", APPEND_S),
    Measure("both", "live: one event, shown and painted", APPEND_S),
    Measure("find", "find, per letter, until all is counted", FIND_S),
    Measure("search", "find: a frame while it is counted", FRAME_S),
)


def measure() -> Iterator[Result]:
    """Each size in a process of its own, drawn into memory."""
    for turns, bar_s in OPEN_S.items():
        times = taken(turns)
        opened, bare = (float(np.median(times[key][:, 1])) for key in ("open", "bare"))
        yield result(times["open"], Measure("open", "open", bar_s, 50), turns, opened / bare)
        for each in MEASURES:
            yield result(times[each.key], each, turns)


def taken(turns: int) -> dict[str, np.ndarray[tuple[int, int], np.dtype[np.float64]]]:
    """(n, 2) for each thing that was done: seconds by the wall clock and of the processor."""
    command = [sys.executable, "-m", "tests.bench.window_user", str(turns)]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    output = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    return {key: np.array(times) for key, times in json.loads(output.stdout).items()}


def result(
    times: np.ndarray[tuple[int, int], np.dtype[np.float64]],
    what: Measure,
    turns: int,
    ratio: float | None = None,
) -> Result:
    """Processor time of the window's thread against the bar; the wall clock beside it."""
    median, high = (np.percentile(times[:, 1], q) for q in (50, 95))
    wall = np.percentile(times[:, 0], what.quantile)
    judged = median if what.quantile == 50 else high
    return Result(
        name=f"{turns:,} turns: {what.name}",
        value=f"{1e3 * median:.1f}, P95 {1e3 * high:.1f} ms (by the wall clock {1e3 * wall:.1f})",
        bar=f"<= {1e3 * what.bar_s:.0f} ms",
        within=bool(judged <= what.bar_s),
        against="" if ratio is None else f"{ratio:.1f} × Qt's own list of as many lines",
    )
