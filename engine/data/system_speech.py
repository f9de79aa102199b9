"""For the bindings of the synthesisers: what they give, shared libraries, repeatable noise."""

from __future__ import annotations

import ctypes
import ctypes.util
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.data.corpus import Aligned
from engine.errors import EngineError


@dataclass(frozen=True)
class RawSpeech:
    """What a synthesiser said.

    Attributes:
        samples: mono, at the synthesiser's own rate.
        rate: of the samples in hertz.
        words: as the synthesiser counts them, with times in its samples.
        segments: its phones under its own names, with times in its samples; no pauses.
    """

    samples: NDArray[np.int16]
    rate: int
    words: tuple[Aligned, ...]
    segments: tuple[Aligned, ...]


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
