"""One attempt of an engine to follow a recording, in a thread of its own."""

from __future__ import annotations

import gc
import itertools
import logging
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from app.effort import EffortMeter
from app.errors import AppError, RecordingError
from app.recorder import RecordingReader
from app.tape import Reel, Tape
from app.words import translate
from engine.audio import Resampler16k
from engine.errors import EngineError, ModelError
from engine.events import EngineState, EngineStatus, Event, Lag, TurnEvent
from engine.timeline import to_samples

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


@runtime_checkable
class JoinableEngine(Protocol):
    """A factory whose sessions can hear the sources of one meeting together."""

    def together(self, count: int) -> list[EngineFactory]:
        """As many factories, whose sessions give the same number to the same person."""


def joinable(engine: object) -> JoinableEngine | None:
    """The factory, if its sessions can hear together."""
    return engine if isinstance(engine, JoinableEngine) else None


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
        hearing = _Hearing(self._engine(), self._say)
        self._busy_since = time.monotonic()
        self.loaded = True
        for number in itertools.count():
            reel = self._await(number)
            if reel is None:
                break
            self._hear(hearing, number, reel)
        if not self._abandoned.is_set():
            hearing.finish()

    def _await(self, number: int) -> Reel | None:
        """The next file of the recording; None where there will be none."""
        reel = None
        self._busy_since = None
        while reel is None and not self._abandoned.is_set():
            ended = self._tape.ended  # asked first: the last file may come with the end
            reel = self._tape.reel(number, _WAIT_S)
            if ended:
                break
        self._busy_since = time.monotonic()
        return reel

    def _hear(self, hearing: _Hearing, number: int, reel: Reel) -> None:
        """Follow one file to its end; before it there is silence where nothing was recorded."""
        for silence in hearing.silence_until(reel.start):
            if self._abandoned.is_set():
                return
            hearing.accept(silence)
            self._busy_since = time.monotonic()
        skip = hearing.heard - reel.start
        resampler = Resampler16k(reel.wav.rate, reel.wav.channels)
        with RecordingReader(reel.path) as reader:
            for frames in self._blocks(number, reel, reader):
                skip = hearing.accept(resampler.push(frames), skip)
                self._report(self._tape.length - reel.at(reader.position))
        if not self._abandoned.is_set():
            hearing.accept(resampler.flush(), skip)

    def _blocks(
        self, number: int, reel: Reel, reader: RecordingReader
    ) -> Iterator[NDArray[np.int16]]:
        size = max(1, round(BLOCK_S * reel.wav.rate))
        while not self._abandoned.is_set():
            self._busy_since = None
            more = self._tape.wait_beyond(number, reader.position, _WAIT_S)
            self._busy_since = time.monotonic()
            if more:
                frames = _some(reader.read(size), reel.path)
                if not self._abandoned.is_set():
                    yield frames
            elif self._tape.is_over(number, reader.position):
                return

    def _say(self, *events: Event) -> None:
        for event in events:
            self._post(Said(self, event))

    def _report(self, behind: int) -> None:
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


class _Hearing:
    """An engine session, and how many samples it was given."""

    def __init__(self, session: EngineSession, say: Callable[..., None]) -> None:
        self._session = session
        self._say = say
        self._effort = EffortMeter(session)
        self.heard = 0

    def accept(self, samples: NDArray[np.float32], skip: int = 0) -> int:
        """Give the session all but the first ``skip`` samples; returns how many to skip still."""
        given = samples[max(0, skip) :]
        if len(given):
            self.heard += len(given)
            self._session.accept(given)
            self._say(*self._session.events())
            if effort := self._effort.look(self.heard):
                self._say(effort)
        return max(0, skip - len(samples))

    def silence_until(self, start: int) -> Iterator[NDArray[np.float32]]:
        """What lies between here and the sample ``start``, in blocks."""
        while self.heard < start:
            yield np.zeros(min(start - self.heard, to_samples(BLOCK_S)), np.float32)

    def finish(self) -> None:
        """The recording is over."""
        self._session.finish()
        self._say(*self._session.events())


def describe(error: BaseException) -> str:
    """An error in words for the user."""
    if isinstance(error, EngineError | AppError):
        return str(error)
    return translate("app", "The speech engine stopped unexpectedly ({kind}: {why}).").format(
        kind=type(error).__name__, why=error
    )


def _some(frames: NDArray[np.int16], path: Path) -> NDArray[np.int16]:
    if not len(frames):
        raise RecordingError(
            translate("app", "{path} lost sound that was in it. Check the disk.").format(path=path)
        )
    return frames
