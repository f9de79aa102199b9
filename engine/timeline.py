"""Sample-exact time.

Inside the engine a moment is an integer count of samples at :data:`SAMPLE_RATE` since the start of
the meeting. Seconds exist only at the edges (files, screens, scores).
"""

from __future__ import annotations

SAMPLE_RATE = 16_000
"""Samples per second of everything inside the engine."""


def to_seconds(samples: int) -> float:
    """Seconds of a count of samples."""
    return samples / SAMPLE_RATE


def to_samples(seconds: float) -> int:
    """The nearest count of samples of a time in seconds."""
    return round(seconds * SAMPLE_RATE)
