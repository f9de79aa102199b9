"""How far a run is: losses since the last report, audio heard, time, and the line that says so."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engine.training import curve_file
from engine.training.curve_file import Point


@dataclass
class Progress:
    """Added up from step to step; its numbers are saved with the run.

    Attributes:
        sums: of each part of the loss since the last report, over ``count`` steps.
        heard_s: seconds of audio that all processes heard since the run began.
        seconds: of training since the run began.
    """

    folder: Path
    steps: int
    report: Callable[[str], None]
    sums: dict[str, float] = field(default_factory=dict)
    count: int = 0
    heard_s: float = 0.0
    seconds: float = 0.0
    _since: float = field(default_factory=time.monotonic)
    _mark: tuple[float, float] = (0.0, 0.0)  # seconds and heard_s at the last report
    _fresh: int = 0  # steps of this process since then

    def state(self) -> dict[str, Any]:
        """What a run that goes on needs."""
        self._count_time()
        names = ("sums", "count", "heard_s", "seconds")
        return {name: getattr(self, name) for name in names}

    def restore(self, state: dict[str, Any], step: int) -> None:
        """Go on at ``step`` from what :meth:`state` said."""
        for name, value in state.items():
            setattr(self, name, value)
        self._mark = (self.seconds, self.heard_s)
        curve_file.cut(self.folder, step)

    def begin(self) -> None:
        """Time counts from here."""
        self._since = time.monotonic()

    def add(self, parts: dict[str, float], heard_s: float) -> None:
        """The losses of one step."""
        for name, value in parts.items():
            self.sums[name] = self.sums.get(name, 0.0) + value
        self.count += 1
        self._fresh += 1
        self.heard_s += heard_s

    def say(self, step: int, learning_rate: float) -> None:
        """Print a line, add a point to the curve, and begin the next means."""
        self._count_time()
        means = {name: total / self.count for name, total in self.sums.items()}
        hours = self.heard_s / 3600
        curve_file.append(
            self.folder, Point(step, means, round(self.seconds, 3), learning_rate, hours)
        )
        self.report(f"step {step}/{self.steps} {_parts(means)} {self._rates(step, hours)}")
        self.sums, self.count, self._fresh = {}, 0, 0
        self._mark = (self.seconds, self.heard_s)

    def _rates(self, step: int, hours: float) -> str:
        seconds = max(1e-9, self.seconds - self._mark[0])
        rate = self._fresh / seconds
        speed = (self.heard_s - self._mark[1]) / seconds
        left = (self.steps - step) / max(rate, 1e-9) / 60
        return f"{rate:.2f} steps/s, {hours:.2f} h heard at {speed:.0f} x, {left:.0f} min left"

    def _count_time(self) -> None:
        now = time.monotonic()
        self.seconds += now - self._since
        self._since = now


def _parts(means: dict[str, float]) -> str:
    return " ".join(f"{name} {value:.3f}" for name, value in means.items())
