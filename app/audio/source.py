"""Where the sound of a meeting comes from: one protocol for a microphone and a file."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from app.errors import AppError
from engine.errors import EngineError

Sink = Callable[[NDArray[np.int16]], None]
"""Takes blocks of (n, channels) frames, always from the same thread."""


class AudioSource(Protocol):
    """Something that delivers audio until it is stopped or at its end.

    Attributes:
        name: what the user knows it by.
        rate: frames per second.
        channels: samples per frame.
        overruns: how often audio was lost. Each time, the source raises this by one and hands the
            sink one block of silence as long as what was lost (empty where nobody can tell).
        exhausted: set when nothing more will come, though nobody called :meth:`stop`.
    """

    name: str
    rate: int
    channels: int
    overruns: int
    exhausted: threading.Event

    def start(self, sink: Sink) -> None:
        """Begin to deliver, from a thread of the source's own."""

    def stop(self) -> None:
        """Deliver what is still on its way, then end; returns when the last block was taken."""


@runtime_checkable
class Fallible(Protocol):
    """A source that can tell why it is exhausted: None for the ordinary end."""

    failure: AppError | EngineError | None


def failure_of(source: AudioSource) -> AppError | EngineError | None:
    """Why a source is exhausted, where it can tell and it is not the ordinary end."""
    return source.failure if isinstance(source, Fallible) else None
