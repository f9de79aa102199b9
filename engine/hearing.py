"""A session hears an audio file: what was said stands, also where the file is damaged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from engine.audio import stream_16k
from engine.errors import EngineError
from engine.events import Event


class Hearer(Protocol):
    """What takes samples and gives events, as a ``Session`` does."""

    def accept(self, samples: NDArray[np.float32]) -> None:
        """Take the next samples at 16 kHz, (n,)."""

    def events(self) -> Iterable[Event]:
        """The events since the last call."""

    def finish(self) -> None:
        """There is no more."""


def hear_file(session: Hearer, path: Path) -> Iterator[Event]:
    """All events of a file, as they come, and then of its end.

    Raises:
        AudioError: the file cannot be read; for one that is cut short, after all events of its
            readable part.
    """
    damage: EngineError | None = None
    try:
        for samples in stream_16k(path):
            session.accept(samples)
            yield from session.events()
    except EngineError as error:
        damage = error
    session.finish()
    yield from session.events()
    if damage is not None:
        raise damage
