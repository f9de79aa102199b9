"""A live meeting: the source goes to disk first, and an engine follows the file.

Live, behind, and after a restart are one path: the engine always reads the recording. That makes
the words of a meeting those of :func:`transcribe` on its file.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.audio.level import LevelListener, LevelMeter
from app.audio.source import AudioSource, failure_of
from app.engine_run import EngineFactory, EngineSession
from app.errors import AppError, DeviceFailed, RecordingError
from app.recorder import Recorder
from app.supervisor import Patience, Supervisor
from app.tape import Tape
from app.wav import WavFormat
from engine.audio import stream_16k
from engine.errors import AudioError, EngineError
from engine.events import EngineState, EngineStatus, Event, Gap, GapReason
from engine.timeline import SAMPLE_RATE

__all__ = ["EngineFactory", "EngineSession", "LiveMeeting", "Patience", "transcribe"]

FIRST_SOUND_S = 5.0


class LiveMeeting:
    """Records a source and says what happens in it.

    Attributes:
        recording: the file.
        device_name: what is being recorded, by the name of what was really opened.
        error: why recording ended by itself, if it did.
    """

    def __init__(
        self,
        source: AudioSource,
        recording: Path,
        engine: EngineFactory,
        on_event: Callable[[Event], None],
        on_level: LevelListener | None = None,
        patience: Patience = Patience(),  # noqa: B008 - frozen
    ) -> None:
        """Prepare; :meth:`start` begins.

        Args:
            source: the microphone or file.
            recording: a file that does not exist yet.
            engine: makes a session, also a second one when the first fails.
            on_event: takes every event, in one thread of the meeting's own. The last one is
                ``EngineState(DONE)``. After ``EngineState(RESTARTING)`` all turns come again.
            on_level: takes peak and RMS in dBFS, in the thread that records.
            patience: when to give up an engine.
        """
        self.recording = recording
        self.error: AppError | EngineError | None = None
        self._source = source
        self._meter = LevelMeter(source.rate, on_level) if on_level else None
        self._overruns = source.overruns
        self._recorder: Recorder | None = None
        self._tape = Tape(recording, WavFormat(source.rate, source.channels))
        self._supervisor = Supervisor(self._tape, engine, on_event, self._stop_if_over, patience)
        self._stopping = threading.Lock()

    @property
    def device_name(self) -> str:
        """The name of the source."""
        return self._source.name

    @property
    def elapsed(self) -> float:
        """Seconds recorded."""
        return self._tape.frames / self._tape.wav.rate

    def start(self) -> None:
        """Begin; returns once sound is being written.

        Raises:
            RecordingError: the file cannot be written.
            DeviceNotFound, DeviceFailed: the source does not start; no file is left behind.
        """
        self._recorder = Recorder(self.recording, self._source.rate, self._source.channels)
        try:
            self._source.start(self._record)
            self._await_sound()
        except BaseException:
            self._source.stop()
            self._recorder.discard_if_empty()
            raise
        self._supervisor.start()

    def stop(self) -> None:
        """End the recording, at once however long it is. The engine finishes in its thread."""
        with self._stopping:
            if self._recorder is None or self._tape.ended:
                return
            self._source.stop()
            self._close(self._recorder)
            message = str(self.error) if self.error else ""
            self._supervisor.post(EngineState(EngineStatus.FINISHING, message))
            self._tape.end()

    def wait(self, timeout_s: float | None = None) -> bool:
        """Wait until the engine is done; False if it takes longer than ``timeout_s``."""
        return self._supervisor.wait(timeout_s)

    def _record(self, frames: NDArray[np.int16]) -> None:
        """Take a block from the source, in the source's thread."""
        if self._recorder is None or self.error:
            return
        start = self._recorder.frames_written
        try:
            self._recorder.write(frames)
        except RecordingError as error:
            self.error = error
        self._note_gap(start)
        self._tape.grow(self._recorder.frames_written)
        if self._meter:
            self._meter.push(frames)

    def _note_gap(self, start: int) -> None:
        if self._recorder and self._source.overruns != self._overruns:
            self._overruns = self._source.overruns
            begin, end = (
                frame * SAMPLE_RATE // self._source.rate
                for frame in (start, self._recorder.frames_written)
            )
            self._supervisor.post(Gap(begin, end - begin, GapReason.OVERRUN))

    def _await_sound(self) -> None:
        deadline = time.monotonic() + FIRST_SOUND_S
        while not self._tape.wait_beyond(0, timeout_s=0.05):
            if self.error:
                raise self.error
            if self._source.exhausted.is_set() or time.monotonic() > deadline:
                raise failure_of(self._source) or DeviceFailed(
                    f"“{self._source.name}” delivers no sound. Check that it is connected and that "
                    "this program may use the microphone, or choose another."
                )

    def _stop_if_over(self) -> None:
        if not self._tape.ended and (self.error or self._source.exhausted.is_set()):
            self.error = self.error or failure_of(self._source)
            self.stop()

    def _close(self, recorder: Recorder) -> None:
        try:
            recorder.close()
        except RecordingError as error:
            self.error = self.error or error


def transcribe(path: Path, engine: EngineSession) -> Iterator[Event]:
    """The events of an audio file, as they come.

    Raises:
        AudioError: the file cannot be read; for one that is cut short, after all events of its
            readable part.
    """
    damage: AudioError | None = None
    try:
        for samples in stream_16k(path):
            engine.accept(samples)
            yield from engine.events()
    except AudioError as error:
        damage = error
    engine.finish()
    yield from engine.events()
    if damage:
        raise damage
