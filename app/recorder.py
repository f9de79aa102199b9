"""Recording to disk so that nothing that happens later can take it away.

Every block goes to the operating system at once, so a killed process loses nothing that was
written; once a second it is forced to the disk and the header is brought up to date, so a power cut
loses about a second. A file is only ever created, never opened for truncation.
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from app.disk import recording_errors
from app.wav import HEADER_BYTES, WavFormat

SYNC_INTERVAL_S = 0.9
"""Looked at with each block: with these, never more than a second."""


class Recorder:
    """Writes one recording.

    Attributes:
        path: the WAV file, valid at any moment.
        wav: its rate and channels.
        frames_written: frames that are in the file.
    """

    def __init__(self, path: Path, rate: int, channels: int) -> None:
        """Create the file; raises :class:`RecordingError` if it exists or cannot be created."""
        self.path = path
        self.wav = WavFormat(rate, channels)
        self.frames_written = 0
        with recording_errors(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = path.open("xb", buffering=0)
        try:
            self._sync()
        except BaseException:
            self._file.close()
            path.unlink()  # made a moment ago, nothing is in it
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def write(self, frames: NDArray[np.int16]) -> None:
        """Append (n, channels) frames.

        Raises:
            RecordingError: the disk is full or failed. All frames counted in ``frames_written``
                stay readable, and writing may be tried again.
        """
        if frames.ndim != 2 or frames.shape[1] != self.wav.channels:
            raise ValueError(f"expected (n, {self.wav.channels}) frames, got {frames.shape}")
        with recording_errors(self.path):
            self._append(frames.astype("<i2", copy=False).tobytes())
        if time.monotonic() - self._synced_at >= SYNC_INTERVAL_S:
            self._sync()

    def close(self) -> None:
        """Bring the header up to date and close: the same work for a minute as for a day."""
        if self._file.closed:
            return
        try:
            self._sync()
            with recording_errors(self.path):
                os.fsync(self._file.fileno())
        finally:
            self._file.close()

    def discard_if_empty(self) -> None:
        """Close, and remove the file if it holds no sound."""
        self.close()
        if not self.frames_written:
            self.path.unlink()

    def _append(self, data: bytes) -> None:
        start = HEADER_BYTES + self.frames_written * self.wav.frame_bytes
        self._file.seek(start)  # over the part of a frame that a full disk may have left
        rest = memoryview(data)
        try:
            while rest:
                rest = rest[self._file.write(rest) :]
        finally:
            self.frames_written += (len(data) - len(rest)) // self.wav.frame_bytes

    def _sync(self) -> None:
        with recording_errors(self.path):
            # Samples first: the header never promises what is not yet on the disk.
            os.fsync(self._file.fileno())
            self._file.seek(0)
            self._file.write(self.wav.header(self.frames_written))
        self._synced_at = time.monotonic()


class RecordingReader:
    """Follows a recording, also while it grows.

    Attributes:
        wav: rate and channels.
        position: the next frame to read.
    """

    def __init__(self, path: Path) -> None:
        """Open ``path``; raises :class:`RecordingError` if a :class:`Recorder` did not write it."""
        self._path = path
        with recording_errors(path):
            self._file = path.open("rb", buffering=0)
            try:
                self.wav = WavFormat.of_header(self._file.read(HEADER_BYTES), path)
            except BaseException:
                self._file.close()
                raise
        self.position = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    @property
    def frames(self) -> int:
        """How many whole frames are in the file by now."""
        size = os.fstat(self._file.fileno()).st_size
        return max(0, size - HEADER_BYTES) // self.wav.frame_bytes

    def read(self, limit: int) -> NDArray[np.int16]:
        """The next frames that are in the file, (n, channels) with ``n`` from 0 to ``limit``."""
        with recording_errors(self._path):
            self._file.seek(HEADER_BYTES + self.position * self.wav.frame_bytes)
            data = self._file.read(limit * self.wav.frame_bytes)
        whole = len(data) - len(data) % self.wav.frame_bytes
        frames = np.frombuffer(data[:whole], "<i2").reshape(-1, self.wav.channels)
        self.position += len(frames)
        return frames.astype(np.int16, copy=False)


def repair(path: Path) -> int:
    """Bring the header of a recording up to date after a crash; returns its frames.

    Nothing is ever cut off: a last broken frame stays in the file, outside the sound. A file that
    ended before its first header is left alone and has 0 frames.

    Raises:
        RecordingError: a :class:`Recorder` did not write the file, or it cannot be written.
    """
    with recording_errors(path), path.open("r+b", buffering=0) as file:
        size = os.fstat(file.fileno()).st_size
        if size < HEADER_BYTES:
            return 0
        wav = WavFormat.of_header(file.read(HEADER_BYTES), path)
        frames = (size - HEADER_BYTES) // wav.frame_bytes
        file.seek(0)
        file.write(wav.header(frames))
        os.fsync(file.fileno())
    return frames
