"""Is a sound in a recording, where, and how much like itself?"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.audio import stream_16k

Samples = NDArray[np.float32]


def samples_of(path: Path) -> Samples:
    """A file as the engine hears it."""
    return np.concatenate(list(stream_16k(path)))


def shift(heard: Samples, played: Samples) -> int:
    """Where ``played`` begins in ``heard``, by cross-correlation."""
    size = len(heard) + len(played)
    spectrum = np.fft.rfft(heard, size) * np.conj(np.fft.rfft(played, size))
    return int(np.fft.irfft(spectrum, size)[: len(heard)].argmax())


def similarity(heard: Samples, played: Samples) -> float:
    """Normalised correlation: 1 for the same sound at any loudness."""
    return float(heard @ played / (np.linalg.norm(heard) * np.linalg.norm(played) + 1e-12))
