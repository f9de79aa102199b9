"""Audio files to documents, one after the other, each written as soon as it is done."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.session import EngineFactory, EngineSession, transcribe
from app.transcript import Transcript
from engine.errors import AudioError, DeviceError
from engine.events import TurnEvent
from engine.timeline import to_seconds

Progress = Callable[[float], None]
"""Takes how many seconds of the recording were heard."""


class Heard(NamedTuple):
    """The transcript of a recording; ``message`` says what the user was not told yet."""

    transcript: Transcript
    complete: bool
    message: str = ""


def transcribe_file(path: Path, engine: EngineFactory, on_progress: Progress) -> Heard:
    """The transcript of a file; incomplete where the file is damaged.

    When the device fails half-way (its memory is full) the file is heard again with the next
    session that ``engine`` makes.

    Raises:
        EngineError: no session can be made, or the second one fails as well.
    """
    session = engine()
    try:
        return _transcribe(path, session, on_progress)
    except DeviceError:
        return _transcribe(path, engine(), on_progress)


def _transcribe(path: Path, session: EngineSession, on_progress: Progress) -> Heard:
    transcript = Transcript()
    try:
        for event in transcribe(path, _Metered(session, on_progress)):
            transcript.apply(event)
    except AudioError as damage:
        return Heard(transcript, complete=False, message=str(damage))
    return Heard(transcript, complete=True)


class _Metered:
    """A session that tells how much it has heard."""

    def __init__(self, session: EngineSession, on_progress: Progress) -> None:
        self._session = session
        self._on_progress = on_progress
        self._heard = 0

    def accept(self, samples: NDArray[np.float32]) -> None:
        self._session.accept(samples)
        self._heard += len(samples)
        self._on_progress(to_seconds(self._heard))

    def events(self) -> list[TurnEvent]:
        return self._session.events()

    def finish(self) -> None:
        self._session.finish()
