"""For the bindings of both synthesisers: the system's shared libraries, and repeatable noise."""

from __future__ import annotations

import ctypes
import ctypes.util

from engine.errors import EngineError


def shared_library(name: str, hint: str) -> ctypes.CDLL:
    """Load a shared library of the system.

    Raises:
        EngineError: when there is none; ``hint`` says how to get it.
    """
    path = ctypes.util.find_library(name)
    if path is None:
        raise EngineError(f"speech cannot be synthesised without lib{name}: {hint}")
    return ctypes.CDLL(path)


def seed_noise() -> None:
    """Start the C library's random numbers anew: synthesisers make breath and hiss from them."""
    ctypes.CDLL(ctypes.util.find_library("c")).srand(1)
