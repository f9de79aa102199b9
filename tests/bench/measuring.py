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


def median_s(action: Callable[[], object], repeats: int = REPEATS) -> float:
    """Median wall-clock seconds of ``action``, after one run that does not count."""
    action()
    return statistics.median(timed_s(action) for _ in range(repeats))


def timed_s(action: Callable[[], object]) -> float:
    """Wall-clock seconds of one run."""
    begin = time.perf_counter()
    action()
    return time.perf_counter() - begin


@contextmanager
def one_core() -> Iterator[None]:
    """Everything inside runs on one core, with one torch thread."""
    import torch

    threads, cores = torch.get_num_threads(), _cores()
    torch.set_num_threads(1)
    _use({min(cores)})
    try:
        yield
    finally:
        torch.set_num_threads(threads)
        _use(cores)


def _cores() -> set[int]:
    if hasattr(os, "sched_getaffinity"):
        return os.sched_getaffinity(0)
    return set(range(os.cpu_count() or 1))


def _use(cores: set[int]) -> None:
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, cores)


def machine() -> str:
    """The processor, its cores, how busy they are, and the system."""
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return f"{_processor()}, {len(_cores())} cores{load}, {platform.platform(terse=True)}"


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.is_file() else []
    named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.processor() or platform.machine()
