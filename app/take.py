"""One uninterrupted stretch of a source, and the file that it goes to."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.audio.level import LevelListener, LevelMeter
from app.audio.source import AudioSource, failure_of
from app.errors import AppError, DeviceFailed, RecordingError
from app.meeting_clock import MeetingClock
from app.recorder import Recorder
from app.tape import Tape
from app.words import translate
from engine.errors import EngineError
from engine.events import Gap, GapReason
from engine.timeline import SAMPLE_RATE

FIRST_SOUND_S = 5.0

Frames = NDArray[np.int16]


class Take:
    """Records a source into one file: disk first, then whoever follows the tape.

    Attributes:
        path: the file.
        source: what is recorded.
        start: where the file begins in the meeting, once sound has come.
        error: why the file could not be written to its end, if that is so.
    """

    def __init__(
        self,
        source: AudioSource,
        path: Path,
        tape: Tape,
        clock: MeetingClock,
        on_gap: Callable[[Gap], None],
        on_frames: Callable[[Frames], None] = lambda _: None,
        on_level: LevelListener | None = None,
    ) -> None:
        """Prepare; :meth:`begin` begins. All listeners are called by the source's thread."""
        self.path = path
        self.source = source
        self.start: int | None = None
        self.error: RecordingError | None = None
        self._tape = tape
        self._clock = clock
        self._on_gap = on_gap
        self._on_frames = on_frames
        self._meter = LevelMeter(source.rate, on_level) if on_level else None
        self._overruns = source.overruns
        self._recorder: Recorder | None = None
        self._heard = threading.Event()

    @property
    def over(self) -> bool:
        """Whether nothing more comes, though nobody called :meth:`end`."""
        return self.source.exhausted.is_set()

    @property
    def failure(self) -> AppError | EngineError | None:
        """Why nothing more comes, if that is not the ordinary end."""
        return failure_of(self.source)

    def begin(self, given_up: threading.Event | None = None) -> None:
        """Begin; returns once sound is being written, or ``given_up`` is set.

        Raises:
            RecordingError: the file cannot be written.
            DeviceNotFound, DeviceFailed: the source does not start; no file is left behind.
        """
        self._recorder = Recorder(self.path, self.source.rate, self.source.channels)
        try:
            self.source.start(self._record)
            self._await_sound(given_up or threading.Event())
        except BaseException:
            self.source.stop()
            self._recorder.discard_if_empty()
            raise

    def end(self) -> None:
        """Stop the source and close the file: the same work however long it is."""
        self.source.stop()
        if self._recorder is None:
            return
        try:
            self._recorder.discard_if_empty()
        except RecordingError as error:
            self.error = self.error or error

    def _record(self, frames: Frames) -> None:
        if self._recorder is None or self.error:
            return
        if self.start is None:
            self._place(frames)
        before = self._recorder.frames_written
        try:
            self._recorder.write(frames)
        except RecordingError as error:
            self.error = error
        self._note_gap(before)
        self._tape.grow(self._recorder.frames_written)
        if self._recorder.frames_written:
            self._heard.set()
        self._on_frames(frames)
        if self._meter:
            self._meter.push(frames)

    def _place(self, frames: Frames) -> None:
        """Files of one source never overlap, whatever its clock and ours make of it."""
        arrived = self._clock.arrived(len(frames) / self.source.rate)
        self.start = max(self._tape.length, arrived)
        assert self._recorder is not None
        self._tape.begin(self.path, self._recorder.wav, self.start)

    def _note_gap(self, before: int) -> None:
        if self.source.overruns == self._overruns or self.start is None or not self._recorder:
            return
        self._overruns = self.source.overruns
        begin, end = (
            self.start + frame * SAMPLE_RATE // self.source.rate
            for frame in (before, self._recorder.frames_written)
        )
        self._on_gap(Gap(begin, end - begin, GapReason.OVERRUN))

    def _await_sound(self, given_up: threading.Event) -> None:
        deadline = time.monotonic() + FIRST_SOUND_S
        while not self._heard.wait(0.05) and not given_up.is_set():
            if self.error:
                raise self.error
            if self.over or time.monotonic() > deadline:
                raise self.failure or DeviceFailed(
                    translate(
                        "app",
                        "“{name}” delivers no sound. Check that it is connected and that this "
                        "program may use the microphone, or choose another.",
                    ).format(name=self.source.name)
                )
