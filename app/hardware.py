"""What this computer has to compute with."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

NVIDIA = Path("/proc/driver/nvidia/gpus")


@dataclass(frozen=True, slots=True)
class ComputeFound:
    """Processor cores, and the GPU by its name; empty if the engine can use none."""

    cores: int
    gpu: str = ""


def found_devices() -> ComputeFound:
    """Look; loads torch, which takes seconds: never in the thread of the window."""
    from engine.hardware import gpu_name

    return ComputeFound(os.cpu_count() or 1, gpu_name())


def likely_devices() -> ComputeFound:
    """What the system says, at once: a GPU that is named here may still turn out to be unusable."""
    return ComputeFound(os.cpu_count() or 1, _likely_gpu())


def _likely_gpu() -> str:
    if "+cpu" in version("torch"):
        return ""
    if platform.system() == "Darwin":
        return "Apple GPU" if platform.machine() == "arm64" else ""
    for facts in sorted(NVIDIA.glob("*/information")):
        for line in facts.read_text("utf-8", "replace").splitlines():
            if line.startswith("Model:"):
                return line.partition(":")[2].strip()
    return ""
