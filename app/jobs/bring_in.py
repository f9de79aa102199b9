"""Copies the sound of a file into the library, where it stays whatever becomes of the file."""

from __future__ import annotations

import errno
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.errors import AppError, RecordingError
from app.recorder import Recorder
from app.words import translate
from engine.audio import INT16_SCALE
from engine.audio_file import AudioReader
from engine.errors import AudioError

BLOCK_S = 0.5
LONGEST_NAME = 80

Progress = Callable[[float, float | None], None]
"""Takes how many seconds were copied, of how many (None: the file does not tell)."""


class ImportFailed(AppError):  # noqa: N818 - reads better where it is caught
    """The sound of a file cannot be written into the library; the file itself is untouched."""


class Brought(NamedTuple):
    """How long the sound is; ``damage`` says what of the file could not be read."""

    duration_s: float
    damage: str = ""


def bring_in(source: Path, target: Path, on_progress: Progress) -> Brought:
    """Write the sound of ``source`` to the recording ``target``: mono, at its own rate.

    Whatever ends it early leaves no ``target`` behind. What ``on_progress`` raises ends it.

    Raises:
        AudioError: nothing can be read; the message says what to do.
        ImportFailed: the disk is full, or the folder cannot be written.
    """
    target.unlink(missing_ok=True)  # of an attempt that was cut off
    try:
        return _copy(source, target, on_progress)
    except RecordingError as error:
        target.unlink(missing_ok=True)
        raise ImportFailed(_advice(source, target, error)) from error
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def free_name(folder: Path, source: Path) -> Path:
    """A name for the recording of a file that is like its own and not taken yet."""
    kept = "".join(c if c.isalnum() or c in " -_." else "-" for c in source.stem)
    stem = kept.strip(" .-")[:LONGEST_NAME].strip() or "import"
    path, number = folder / f"{stem}.wav", 1
    while path.exists():
        number += 1
        path = folder / f"{stem}_{number}.wav"
    return path


def written_at(source: Path) -> datetime:
    """When a file was written last; now, if nobody knows."""
    try:
        return datetime.fromtimestamp(source.stat().st_mtime, UTC)
    except (OSError, OverflowError, ValueError):
        return datetime.now(UTC)


def _copy(source: Path, target: Path, on_progress: Progress) -> Brought:
    with AudioReader(source) as reader:
        rate = reader.info.sample_rate
        length_s = reader.info.duration_s if reader.frames_known else None
        with Recorder(target, rate, 1) as recorder:
            for block in reader.blocks(max(1, round(BLOCK_S * rate))):
                recorder.write(_mono(block))
                on_progress(recorder.frames_written / rate, length_s)
            damage = _damage(reader)
            if not recorder.frames_written:
                raise AudioError(
                    damage
                    or translate(
                        "app", "{source} holds no sound. Choose another recording."
                    ).format(source=source)
                )
            return Brought(recorder.frames_written / rate, damage)


def _damage(reader: AudioReader) -> str:
    try:
        reader.check_complete()
    except AudioError as error:
        return str(error)
    return ""


def _mono(frames: NDArray[np.float32]) -> NDArray[np.int16]:
    finite = np.nan_to_num(frames, nan=0.0, posinf=0.0, neginf=0.0)
    steps = np.rint(finite.mean(axis=1, dtype=np.float64) * INT16_SCALE)
    return np.asarray(np.clip(steps, -INT16_SCALE, INT16_SCALE - 1), np.int16)[:, None]


def _advice(source: Path, target: Path, error: RecordingError) -> str:
    cause = error.__cause__
    if isinstance(cause, OSError) and cause.errno in (errno.ENOSPC, errno.EDQUOT):
        return translate(
            "app",
            "The disk of {folder} is full: {name} was not brought in. Free some space and "
            "try again.",
        ).format(folder=target.parent, name=source.name)
    return translate("app", "{name} was not brought in. {why}").format(name=source.name, why=error)
