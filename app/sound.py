"""The sound of a meeting: its recordings, each at its place, heard together as one.

A meeting has one file for each source and for each stretch of time without interruption. Between
them there is silence.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol, Self

import numpy as np
import soxr
from numpy.typing import NDArray

from app.errors import RecordingError
from app.recorder import RecordingReader
from app.words import translate
from engine.audio import INT16_SCALE
from engine.audio_file import AudioInfo, AudioReader
from engine.errors import AudioError
from engine.timeline import SAMPLE_RATE

MARGIN_S = 0.25
"""Heard around each second before it is resampled: the filter is far shorter."""

SECONDS_KEPT = 8


class Source(StrEnum):
    """What a recording is of."""

    MICROPHONE = "microphone"
    SYSTEM = "system"  # what the computer played
    FILE = "file"


@dataclass(frozen=True, slots=True)
class Segment:
    """One recording of a meeting; ``start`` in samples at 16 kHz since the meeting began."""

    path: Path
    source: Source
    start: int


class SoundFile(Protocol):
    """A file that can be read from anywhere; mono float32."""

    rate: int

    @property
    def frames(self) -> int:
        """How many there are by now."""

    def read(self, start: int, count: int) -> NDArray[np.float32]:
        """Up to ``count`` frames from ``start`` on."""

    def close(self) -> None:
        """Close the file."""


class MeetingSound:
    """All recordings of a meeting, mixed to mono; for one thread, each opens its own.

    Also one that still grows: ``frames`` grows with it.

    Attributes:
        rate: frames per second.
        missing: recordings that cannot be read; there is silence in their place.
    """

    def __init__(self, segments: Iterable[Segment], rate: int = 48_000) -> None:
        """Open the recordings.

        Raises:
            AudioError: none of them can be read; the message says what to do.
        """
        self.rate = rate
        self.missing: tuple[Path, ...] = ()
        self._open = ExitStack()
        self._parts: list[_Part] = []
        problem: AudioError | None = None
        for segment in segments:
            try:
                file = open_sound(segment.path)
            except AudioError as error:
                problem = problem or missed(segment.path) or error
                self.missing += (segment.path,)
                continue
            self._open.callback(file.close)
            self._parts.append(_Part(file, round(segment.start * rate / SAMPLE_RATE), rate))
        if problem and not self._parts:
            raise problem

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close all files."""
        self._open.close()

    @property
    def frames(self) -> int:
        """How long the meeting is by now, in frames at ``rate``."""
        return max((part.end for part in self._parts), default=0)

    def read(self, start: int, count: int) -> NDArray[np.float32]:
        """Frames from ``start`` (not negative) on: (count,) in [-1, 1], silence past the end.

        The same, however the reading is cut.

        Raises:
            AudioError: a file can be read no more.
        """
        mixed = np.zeros(count, np.float32)
        for part in self._parts:
            part.add_to(mixed, start)
        return np.clip(mixed, -1.0, 1.0, out=mixed)


class _Part:
    """A recording at its place, resampled in whole seconds: those begin on a frame at any rate."""

    def __init__(self, file: SoundFile, start: int, rate: int) -> None:
        self._file = file
        self._start = start
        self._rate = rate
        self._seconds: OrderedDict[int, NDArray[np.float32]] = OrderedDict()

    @property
    def end(self) -> int:
        return self._start + self._file.frames * self._rate // self._file.rate

    def add_to(self, mixed: NDArray[np.float32], start: int) -> None:
        """Add what is heard from ``start`` on, at the meeting's frames."""
        at = max(start, self._start)
        end = min(start + len(mixed), self.end)
        while at < end:
            number, offset = divmod(at - self._start, self._rate)
            piece = self._second(number)[offset : offset + end - at]
            mixed[at - start : at - start + len(piece)] += piece
            at += self._rate - offset

    def _second(self, number: int) -> NDArray[np.float32]:
        if number in self._seconds:
            self._seconds.move_to_end(number)
            return self._seconds[number]
        heard, complete = self._resampled(number)
        if complete:
            self._seconds[number] = heard
            if len(self._seconds) > SECONDS_KEPT:
                self._seconds.popitem(last=False)
        return heard

    def _resampled(self, number: int) -> tuple[NDArray[np.float32], bool]:
        """The second of that number, and whether nothing of it is still to come."""
        native, rate = self._file.rate, self._rate
        if native == rate:
            heard = self._file.read(number * native, native)
            return heard, len(heard) == native
        before = 1 if number else 0
        begin = (number - before) * native
        wanted = (before + 1) * native + round(MARGIN_S * native)
        heard = self._file.read(begin, wanted)
        resampled = np.asarray(soxr.resample(heard, native, rate), np.float32)
        return resampled[before * rate : (before + 1) * rate], len(heard) == wanted


def missed(path: Path) -> AudioError | None:
    """What to say of a recording that is not where it was; None of one that is there."""
    if path.exists():
        return None
    said = translate(
        "app",
        "The recording {path} does not exist any more: put it back to where it was. The text can "
        "be read, corrected and exported without it.",
    )
    return AudioError(said.format(path=path))


def open_sound(path: Path) -> SoundFile:
    """Open a recording of ours, also while it grows, or any audio file.

    Raises:
        AudioError: it cannot be read; the message says what to do.
    """
    try:
        return _Recording(RecordingReader(path))
    except RecordingError:
        return _Other(path)


class _Recording:
    """A file that a Recorder wrote or writes: its size tells how long it is, not its header."""

    def __init__(self, reader: RecordingReader) -> None:
        self._reader = reader
        self.rate = reader.wav.rate

    @property
    def frames(self) -> int:
        return self._reader.frames

    def read(self, start: int, count: int) -> NDArray[np.float32]:
        self._reader.position = start
        try:
            frames = self._reader.read(count)
        except RecordingError as error:
            raise AudioError(str(error)) from error
        mono = frames.astype(np.float32).mean(axis=1, dtype=np.float32)
        return np.asarray(mono / INT16_SCALE, np.float32)

    def close(self) -> None:
        self._reader.close()


class _Other:
    """Whatever libsndfile reads."""

    def __init__(self, path: Path) -> None:
        self._reader = AudioReader(path)
        self._info = self._reader.info if self._reader.frames_known else _counted(path)
        self.rate = self._info.sample_rate

    @property
    def frames(self) -> int:
        return self._info.frames

    def read(self, start: int, count: int) -> NDArray[np.float32]:
        if self._reader.position != start:
            self._reader.seek(start)
        block = next(self._reader.blocks(count), None) if count else None
        if block is None:
            return np.zeros(0, np.float32)
        heard = np.nan_to_num(block, nan=0.0, posinf=0.0, neginf=0.0)
        return np.asarray(heard.mean(axis=1), np.float32)

    def close(self) -> None:
        self._reader.__exit__()


def _counted(path: Path) -> AudioInfo:
    with AudioReader(path) as reader:
        return reader.count()
