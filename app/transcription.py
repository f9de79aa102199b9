"""Sound that is there already to its transcript, as fast as the engine goes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.engine_run import joinable
from app.merger import Merger
from app.session import EngineFactory, EngineSession
from app.transcript import Transcript
from engine.audio import stream_16k
from engine.errors import AudioError, DeviceError
from engine.timeline import to_seconds

Sound = Callable[[], Iterator[NDArray[np.float32]]]
"""Gives the blocks of a sound from its beginning: (samples,) float32, mono, 16 kHz."""

Progress = Callable[[float], None]
"""Takes how many seconds of the sound were heard. What it raises ends the work."""


class Heard(NamedTuple):
    """The transcript of a recording; ``message`` says what the user was not told yet."""

    transcript: Transcript
    complete: bool
    message: str = ""


def transcribe_file(path: Path, engine: EngineFactory, on_progress: Progress) -> Heard:
    """The transcript of a file; see :func:`transcribe_sounds`."""
    return transcribe_sounds([lambda: stream_16k(path)], engine, on_progress)


def transcribe_sounds(
    sounds: Sequence[Sound], engine: EngineFactory, on_progress: Progress
) -> Heard:
    """The transcript of what several sources heard at the same time, each by a session of its own.

    Incomplete where a file is damaged. When the device fails half-way (its memory is full) all is
    heard again with the next sessions that ``engine`` makes.

    Raises:
        EngineError: no session can be made, or the second attempt fails as well.
    """
    attempt = _Attempt(sounds, engine)
    try:
        return attempt.heard(on_progress)
    except DeviceError:
        return _Attempt(sounds, engine).heard(on_progress)


class _Attempt:
    """Sessions that hear their sounds side by side, always the one that is behind."""

    def __init__(self, sounds: Sequence[Sound], engine: EngineFactory) -> None:
        group = joinable(engine) if len(sounds) > 1 else None
        makers = group.together(len(sounds)) if group else [engine] * len(sounds)
        self._sessions: list[EngineSession] = [make() for make in makers]
        self._merger = Merger(len(sounds), shared=group is not None)
        self._blocks = {number: sound() for number, sound in enumerate(sounds)}
        self._reached = dict.fromkeys(self._blocks, 0)
        self._transcript = Transcript()
        self._damage = ""

    def heard(self, on_progress: Progress) -> Heard:
        """Hear everything."""
        while self._blocks:
            self._hear_some(min(self._blocks, key=self._reached.__getitem__))
            on_progress(to_seconds(min(self._reached[n] for n in self._blocks or self._reached)))
        for number, session in enumerate(self._sessions):
            session.finish()
            self._follow(number)
        return Heard(self._transcript, not self._damage, self._damage)

    def _hear_some(self, number: int) -> None:
        try:
            samples = next(self._blocks[number], None)
        except AudioError as error:
            samples, self._damage = None, self._damage or str(error)
        if samples is None:
            del self._blocks[number]
            return
        self._sessions[number].accept(samples)
        self._reached[number] += len(samples)
        self._follow(number)

    def _follow(self, number: int) -> None:
        for event in self._sessions[number].events():
            if (told := self._merger.merged(number, event)) is not None:
                self._transcript.apply(told)
