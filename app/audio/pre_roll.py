"""A source that is listened to before the recording: its last seconds become the beginning."""

from __future__ import annotations

import threading
from collections import deque

import numpy as np
from numpy.typing import NDArray

from app.audio.source import AudioSource, Sink, failure_of
from app.errors import AppError
from engine.errors import EngineError


class PreRoll:
    """Keeps the last seconds of a source in memory, and nowhere else, until somebody records.

    An :class:`app.audio.source.AudioSource` itself: :meth:`start` hands over what was kept, and
    then what comes.
    """

    def __init__(self, source: AudioSource, seconds: float) -> None:
        """Keep ``seconds`` of ``source``; :meth:`listen` begins."""
        self.name, self.rate, self.channels = source.name, source.rate, source.channels
        self.overruns = source.overruns
        self.exhausted = source.exhausted
        self._source = source
        self._most = round(seconds * source.rate)
        self._kept: deque[NDArray[np.int16]] = deque()
        self._length = 0
        self._sink: Sink | None = None
        self._lock = threading.Lock()

    @property
    def failure(self) -> AppError | EngineError | None:
        """Why nothing more comes."""
        return failure_of(self._source)

    @property
    def kept_s(self) -> float:
        """How much is in memory."""
        return self._length / self.rate

    def listen(self) -> None:
        """Open the source; raises as its ``start`` does."""
        self._source.start(self._take)

    def start(self, sink: Sink) -> None:
        """Record from now on, beginning with what was kept."""
        with self._lock:
            self._sink = sink

    def stop(self) -> None:
        """Close the source; what was kept is forgotten."""
        self._source.stop()
        self._kept.clear()

    def _take(self, frames: NDArray[np.int16]) -> None:
        with self._lock:
            sink = self._sink
        self.overruns = self._source.overruns
        if sink is None:
            self._keep(frames)
            return
        while self._kept:
            sink(self._kept.popleft())
        sink(frames)

    def _keep(self, frames: NDArray[np.int16]) -> None:
        self._kept.append(frames)
        self._length += len(frames)
        while self._length - len(self._kept[0]) >= self._most:
            self._length -= len(self._kept.popleft())
