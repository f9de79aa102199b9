"""Which GPU torch can compute on."""

from __future__ import annotations

import torch


def gpu_name() -> str:
    """The name of the GPU that ``auto`` would take; empty if there is none."""
    if torch.cuda.is_available():
        return torch.cuda.get_device_name()
    return "Apple GPU" if torch.backends.mps.is_available() else ""
