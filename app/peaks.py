"""How loud a meeting is, moment by moment, for drawing its waveform.

Kept at several resolutions, so that eight hours are drawn as fast as a second, and in a small file
beside the library, so that the recordings are read once.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.files import OutputError, write_file
from app.sound import MeetingSound, Segment
from engine.timeline import SAMPLE_RATE

BUCKET = 256
"""Samples at 16 kHz of one value at the finest resolution."""
COARSER = 4
LEVELS = 6
READ_RATE = 48_000  # what we record at: nothing has to be resampled
CHUNK_BUCKETS = 3750  # a minute
FOLDER = "peaks"
MOST_FILES = 300
FORMAT = b"crosstalk peaks 1\n"

Loudness = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class Peaks:
    """The loudest sample of each piece of time, as 255 times its square root.

    ``levels[n]`` has one value for each ``BUCKET * COARSER ** n`` samples.
    """

    levels: tuple[Loudness, ...]

    @classmethod
    def of(cls, finest: Loudness) -> Peaks:
        """All resolutions from the finest one."""
        levels = [finest]
        for _ in range(1, LEVELS):
            finer = levels[-1]
            padded = np.pad(finer, (0, -len(finer) % COARSER))
            levels.append(padded.reshape(-1, COARSER).max(axis=1, initial=0))
        return cls(tuple(levels))

    @property
    def samples(self) -> int:
        """How much of the meeting is covered."""
        return BUCKET * len(self.levels[0])

    def between(self, start: int, end: int, count: int) -> Loudness:
        """The loudest moment of each of ``count`` equal pieces: (count,), 0 where nothing is."""
        piece = (end - start) / count
        level = int(np.clip(np.log(max(piece / BUCKET, 1)) / np.log(COARSER) - 1, 0, LEVELS - 1))
        values = np.append(self.levels[level], np.uint8(0))  # the last stands for what is not there
        step = BUCKET * COARSER**level
        edges = np.linspace(start, end, count + 1) / step
        first = np.clip(edges[:-1].astype(int), 0, len(values) - 1)
        last = np.clip(np.ceil(edges[1:]).astype(int) - 1, first, len(values) - 1)
        # reduceat takes each piece up to the first value of the next, and that of the end to all.
        inner = np.maximum.reduceat(np.append(values[: last[-1] + 1], np.uint8(0)), first)
        return np.asarray(np.maximum(inner, values[last]))


def load_peaks(
    segments: Sequence[Segment],
    folder: Path,
    grown: Callable[[Peaks], None] = lambda peaks: None,
    stopping: threading.Event | None = None,
) -> Peaks:
    """The peaks of a meeting: from the file that was kept, or from its recordings.

    Args:
        segments: its recordings.
        folder: of the library; the file is kept below it.
        grown: told what there is so far, every few minutes of sound.
        stopping: gives up early once it is set; what there is so far is returned and not kept.

    Raises:
        AudioError: none of the recordings can be read.
    """
    path = folder / FOLDER / f"{_fingerprint(segments)}.peaks"
    if (kept := _read(path)) is not None:
        return kept
    finest = np.zeros(0, np.uint8)
    for part in _compute(segments, stopping or threading.Event()):
        finest = np.concatenate([finest, part])
        grown(Peaks.of(finest))
    if stopping is None or not stopping.is_set():
        _keep(path, finest)
    return Peaks.of(finest)


def _compute(segments: Iterable[Segment], stopping: threading.Event) -> Iterable[Loudness]:
    """Pieces of the finest level, each longer than the one before: the first is drawn soon."""
    bucket = BUCKET * READ_RATE // SAMPLE_RATE
    with MeetingSound(segments, READ_RATE) as sound:
        at, parts, wanted = 0, [], 1
        while at < sound.frames and not stopping.is_set():
            count = min(CHUNK_BUCKETS, -(-(sound.frames - at) // bucket))
            parts.append(_loudest(sound.read(at, count * bucket).reshape(-1, bucket)))
            at += count * bucket
            if len(parts) == wanted:
                yield np.concatenate(parts)
                parts, wanted = [], min(2 * wanted, 32)
        if parts:
            yield np.concatenate(parts)


def _loudest(pieces: NDArray[np.float32]) -> Loudness:
    peaks = np.maximum(pieces.max(axis=1), -pieces.min(axis=1))
    return np.asarray(np.rint(255 * np.sqrt(peaks)), np.uint8)


def _fingerprint(segments: Iterable[Segment]) -> str:
    """Another one as soon as a recording is another one, or longer."""
    facts = []
    for each in segments:
        with suppress(OSError):
            status = each.path.stat()
            facts.append((each.path.name, each.start, status.st_size, status.st_mtime_ns))
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:32]


def _read(path: Path) -> Peaks | None:
    try:
        content = path.read_bytes()
    except OSError:
        return None
    if not content.startswith(FORMAT):
        return None
    return Peaks.of(np.frombuffer(content, np.uint8, offset=len(FORMAT)))


def _keep(path: Path, finest: Loudness) -> None:
    """Keep it for the next time; where that fails the recordings are read again."""
    with suppress(OSError, OutputError):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_file(path, FORMAT + finest.tobytes())
        files = sorted(path.parent.glob("*.peaks"), key=lambda each: each.stat().st_mtime_ns)
        for old in files[:-MOST_FILES]:
            old.unlink(missing_ok=True)
