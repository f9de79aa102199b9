"""A recording that grows on one thread while others follow it."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path

from app.wav import WavFormat
from engine.timeline import SAMPLE_RATE, to_seconds


@dataclass(eq=False, slots=True)
class Reel:
    """One file of a tape, for :class:`app.recorder.RecordingReader`.

    Attributes:
        start: where it begins, in samples at 16 kHz since the start of the meeting.
        frames: frames in the file by now; it only grows.
    """

    path: Path
    wav: WavFormat
    start: int
    frames: int = 0

    def at(self, frame: int) -> int:
        """The sample of the meeting at which a frame of the file is."""
        return self.start + frame * SAMPLE_RATE // self.wav.rate


class Tape:
    """How far the recording of one source has come, and whether it has ended.

    It consists of one file after the other: a device may go away and come back.
    """

    def __init__(self) -> None:
        """Nothing recorded yet."""
        self._reels: list[Reel] = []
        self._ended = False
        self._changed = threading.Condition()

    @property
    def ended(self) -> bool:
        """Whether no more frames will come."""
        return self._ended

    @property
    def length(self) -> int:
        """Where the last file ends so far, in samples at 16 kHz."""
        with self._changed:
            last = self._reels[-1] if self._reels else None
            return last.at(last.frames) if last else 0

    @property
    def seconds(self) -> float:
        """The same in seconds, exact to the frame."""
        with self._changed:
            last = self._reels[-1] if self._reels else None
            return to_seconds(last.start) + last.frames / last.wav.rate if last else 0.0

    def begin(self, path: Path, wav: WavFormat, start: int) -> None:
        """The recording goes on in a new file, at a sample of the meeting."""
        with self._changed:
            self._reels.append(Reel(path, wav, start))

    def grow(self, frames: int) -> None:
        """There are now ``frames`` frames in the last file."""
        with self._changed:
            self._reels[-1].frames = frames
            self._changed.notify_all()

    def end(self) -> None:
        """No more frames will come."""
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    def reel(self, number: int, timeout_s: float) -> Reel | None:
        """The file of that number from 0, once there is one; None at the end or too late."""
        with self._changed:
            self._changed.wait_for(lambda: len(self._reels) > number or self._ended, timeout_s)
            return self._reels[number] if len(self._reels) > number else None

    def wait_beyond(self, number: int, frames: int, timeout_s: float) -> bool:
        """Wait until a file has more than ``frames`` frames; False at its end or too late."""
        with self._changed:
            reel = self._reels[number]
            self._changed.wait_for(lambda: reel.frames > frames or self._is_over(number), timeout_s)
            return reel.frames > frames

    def is_over(self, number: int, frames: int) -> bool:
        """Whether nothing comes in a file beyond ``frames`` frames."""
        with self._changed:
            return self._is_over(number) and self._reels[number].frames <= frames

    def _is_over(self, number: int) -> bool:
        return self._ended or len(self._reels) > number + 1
