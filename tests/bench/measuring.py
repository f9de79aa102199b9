"""Medians of five after a warm-up, on named cores with a fixed number of threads."""

from __future__ import annotations

import os
import platform
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

REPEATS = 5


@dataclass(frozen=True)
class Result:
    """One line of the table. ``within`` says whether the bar was kept (None: there is no bar)."""

    name: str
    value: str
    bar: str = ""
    within: bool | None = None
    against: str = ""  # the baseline of the same run, and the ratio


@dataclass(frozen=True)
class Duration:
    """Seconds on the wall clock, and of the processor.

    On one idle core with one thread they are the same; where other programs share the core, only
    the processor's seconds say what the work costs.
    """

    wall_s: float
    processor_s: float


def median(action: Callable[[], object], repeats: int = REPEATS) -> Duration:
    """Median duration of ``action``, after one run that does not count."""
    action()
    runs = [timed(action) for _ in range(repeats)]
    return Duration(
        statistics.median(run.wall_s for run in runs),
        statistics.median(run.processor_s for run in runs),
    )


def timed(action: Callable[[], object]) -> Duration:
    """Duration of one run."""
    wall, processor = time.perf_counter(), time.process_time()
    action()
    return Duration(time.perf_counter() - wall, time.process_time() - processor)


@contextmanager
def one_core() -> Iterator[None]:
    """Everything inside runs on one core: torch has one thread."""
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


def machine() -> str:
    """The processor, its cores, how busy they are, and the system."""
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return f"{_processor()}, {os.cpu_count()} cores{load}, {platform.platform(terse=True)}"


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.is_file() else []
    named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.processor() or platform.machine()
