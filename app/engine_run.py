"""One attempt of an engine to follow a recording, in a thread of its own."""

from __future__ import annotations

import gc
import logging
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from app.errors import AppError, RecordingError
from app.recorder import RecordingReader
from app.tape import Tape
from engine.audio import Resampler16k
from engine.errors import EngineError, ModelError
from engine.events import EngineState, EngineStatus, Event, Lag, TurnEvent
from engine.timeline import SAMPLE_RATE, to_samples

BLOCK_S = 0.5  # the most that the engine is given at once
LAG_STEP = to_samples(0.5)
CATCHING_UP_FROM = to_samples(2.0)
RUNNING_BELOW = to_samples(0.5)
_WAIT_S = 0.1

logger = logging.getLogger(__name__)


class EngineSession(Protocol):
    """What a meeting needs from an engine; :class:`engine.recognizer.Session` is one."""

    def accept(self, samples: NDArray[np.float32]) -> None:
        """Take the next samples: mono, 16 kHz, in [-1, 1], any length."""

    def events(self) -> list[TurnEvent]:
        """What was emitted since the last call."""

    def finish(self) -> None:
        """The audio is over; afterwards :meth:`events` has the tail."""


EngineFactory = Callable[[], EngineSession]
"""Makes a session on a fresh meeting. Called in the engine's thread; may be slow, may raise."""


@dataclass(frozen=True, slots=True)
class Said:
    """An event, and the run that it came from."""

    run: EngineRun
    event: Event


@dataclass(frozen=True, slots=True)
class Ended:
    """A run is over: with the reason for the user, or None when the recording was finished.

    ``hopeless``: another run would end for the same reason.
    """

    run: EngineRun
    reason: str | None
    hopeless: bool = False


class EngineRun:
    """Feeds a recording to a new engine session from its beginning, as far as it grows.

    Everything it says goes to ``post``, last of all one :class:`Ended`.
    """

    def __init__(
        self, tape: Tape, engine: EngineFactory, post: Callable[[Said | Ended], None]
    ) -> None:
        """Prepare; :meth:`start` begins."""
        self._tape = tape
        self._engine = engine
        self._post = post
        self._abandoned = threading.Event()
        self._busy_since: float | None = None
        self._lag = 0
        self._status: EngineStatus | None = None
        self.loaded = False
        # A hung thread cannot be killed; as a daemon it does not keep the program alive.
        self._thread = threading.Thread(target=self._run, name="crosstalk-engine", daemon=True)

    def start(self) -> None:
        """Load the engine and follow the recording, in a new thread."""
        self._busy_since = time.monotonic()
        self._thread.start()

    def abandon(self) -> None:
        """Give this run up: its thread ends as soon as the engine returns, if ever."""
        self._abandoned.set()

    @property
    def busy_s(self) -> float:
        """Seconds since the engine last made progress; 0 while it waits for audio."""
        since = self._busy_since
        return 0.0 if since is None else time.monotonic() - since

    def _run(self) -> None:
        reason, hopeless = None, False
        try:
            self._follow()
        except BaseException as error:  # whatever it was, recording goes on and a new run begins
            logger.info("the engine stopped", exc_info=True)
            reason, hopeless = describe(error), isinstance(error, ModelError)
        # The error is gone here, and with its traceback what the session held, but for cycles: a
        # new session must find the memory free.
        if reason:
            gc.collect()
        self._busy_since = None
        self._post(Ended(self, reason, hopeless))

    def _follow(self) -> None:
        session = self._engine()
        self._busy_since = time.monotonic()
        self.loaded = True
        resampler = Resampler16k(self._tape.wav.rate, self._tape.wav.channels)
        with RecordingReader(self._tape.path) as reader:
            for frames in self._blocks(reader):
                self._feed(session, resampler.push(frames))
                self._report(self._tape.frames - reader.position)
        self._feed(session, resampler.flush())
        if not self._abandoned.is_set():
            session.finish()
            self._say(*session.events())

    def _blocks(self, reader: RecordingReader) -> Iterator[NDArray[np.int16]]:
        size = max(1, round(BLOCK_S * self._tape.wav.rate))
        while not self._abandoned.is_set():
            self._busy_since = None
            more = self._tape.wait_beyond(reader.position, _WAIT_S)
            self._busy_since = time.monotonic()
            if not more and self._tape.ended:
                return
            if more:
                yield _some(reader.read(size), self._tape)

    def _feed(self, session: EngineSession, samples: NDArray[np.float32]) -> None:
        if len(samples) and not self._abandoned.is_set():
            session.accept(samples)
            self._say(*session.events())

    def _say(self, *events: Event) -> None:
        for event in events:
            self._post(Said(self, event))

    def _report(self, frames_behind: int) -> None:
        behind = frames_behind * SAMPLE_RATE // self._tape.wav.rate
        if abs(behind - self._lag) > LAG_STEP or (behind == 0 and self._lag):
            self._lag = behind
            self._say(Lag(behind))
        if behind > CATCHING_UP_FROM:
            self._enter(EngineStatus.CATCHING_UP)
        elif behind <= RUNNING_BELOW or self._status is None:
            self._enter(EngineStatus.RUNNING)

    def _enter(self, status: EngineStatus) -> None:
        if status is not self._status:
            self._status = status
            self._say(EngineState(status))


def describe(error: BaseException) -> str:
    """An error in words for the user."""
    if isinstance(error, EngineError | AppError):
        return str(error)
    return f"The speech engine stopped unexpectedly ({type(error).__name__}: {error})."


def _some(frames: NDArray[np.int16], tape: Tape) -> NDArray[np.int16]:
    if not len(frames):
        raise RecordingError(f"{tape.path} lost sound that was in it. Check the disk.")
    return frames
