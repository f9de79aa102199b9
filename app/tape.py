"""A recording that grows on one thread while others follow it."""

from __future__ import annotations

import threading
from pathlib import Path

from app.wav import WavFormat


class Tape:
    """How far a recording has come, and whether it has ended.

    Attributes:
        path: the file, for :class:`app.recorder.RecordingReader`.
        wav: its rate and channels.
    """

    def __init__(self, path: Path, wav: WavFormat) -> None:
        """Nothing recorded yet."""
        self.path = path
        self.wav = wav
        self._frames = 0
        self._ended = False
        self._changed = threading.Condition()

    @property
    def frames(self) -> int:
        """Frames in the file."""
        return self._frames

    @property
    def ended(self) -> bool:
        """Whether no more frames will come."""
        return self._ended

    def grow(self, frames: int) -> None:
        """There are now ``frames`` frames in the file."""
        with self._changed:
            self._frames = frames
            self._changed.notify_all()

    def end(self) -> None:
        """No more frames will come."""
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    def wait_beyond(self, frames: int, timeout_s: float) -> bool:
        """Wait until there are more than ``frames`` frames; False at the end or too late."""
        with self._changed:
            self._changed.wait_for(lambda: self._frames > frames or self._ended, timeout_s)
            return self._frames > frames
