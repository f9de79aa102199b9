"""A file that behaves like a microphone."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.audio.source import Sink
from app.errors import AppError
from engine.audio import INT16_SCALE
from engine.audio_file import AudioReader, read_info
from engine.errors import AudioError, EngineError

BLOCK_S = 0.02


class FileSource:
    """Plays an audio file at its own rate; see :class:`app.audio.source.AudioSource`."""

    def __init__(self, path: Path, pace: float | None = 1.0) -> None:
        """Read ``path`` at ``pace`` times real time, or as fast as it is taken (None).

        Raises:
            AudioError: the file cannot be read; the message says what to do.
        """
        info = read_info(path)
        self.name = path.name
        self.rate = info.sample_rate
        self.channels = info.channels
        self.overruns = 0
        self.exhausted = threading.Event()
        self.failure: AppError | EngineError | None = None
        self._path = path
        self._pace = pace
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, sink: Sink) -> None:
        """Begin to play."""
        self._thread = threading.Thread(target=self._run, args=(sink,), name="crosstalk-file")
        self._thread.start()

    def stop(self) -> None:
        """Stop where it is."""
        self._stopping.set()
        if self._thread:
            self._thread.join()

    def _run(self, sink: Sink) -> None:
        try:
            with AudioReader(self._path) as reader:
                self._play(reader, sink)
        except AudioError as error:
            self.failure = error
        finally:
            self.exhausted.set()

    def _play(self, reader: AudioReader, sink: Sink) -> None:
        began = time.monotonic()
        for block in reader.blocks(max(1, round(BLOCK_S * self.rate))):
            if self._stopping.wait(self._wait_s(began, reader.position)):
                return
            sink(_to_int16(block))
        reader.check_complete()

    def _wait_s(self, began: float, position: int) -> float:
        if self._pace is None:
            return 0.0
        # A microphone delivers a block when its last sample has been heard.
        return max(0.0, began + position / (self.rate * self._pace) - time.monotonic())


def _to_int16(frames: NDArray[np.float32]) -> NDArray[np.int16]:
    steps = np.rint(np.nan_to_num(frames, nan=0.0, posinf=0.0, neginf=0.0) * INT16_SCALE)
    return np.clip(steps, -INT16_SCALE, INT16_SCALE - 1).astype(np.int16)
