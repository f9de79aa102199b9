"""The sound of a meeting as one file: its recordings, each at its place, with silence between.

Nothing larger than a second of sound is held. Samples have 16 bits, as recordings do, so that WAV
and FLAC are exact.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import soundfile
from numpy.typing import NDArray

from app.exports.audible import Audible
from app.exports.document import ExportDocument
from app.exports.joining import Frames, joined, shape_of
from app.files import OutputError
from app.words import translate
from engine.audio import INT16_SCALE
from engine.errors import AudioError

SAMPLE_BYTES = 2
WAV_LIMIT_BYTES = 4_000_000_000
"""From about here on a WAV needs the 64-bit sizes of RF64."""

FULL_BYTES = 1 << 20
"""A disk with less room than this is why writing failed."""


@dataclass(frozen=True, slots=True)
class Codec:
    """How samples are stored, as libsndfile calls it; ``rates`` in Hz, empty: any."""

    container: str
    subtype: str
    rates: tuple[int, ...] = ()


WAV = Codec("WAV", "PCM_16")
FLAC = Codec("FLAC", "PCM_16")
OPUS = Codec("OGG", "OPUS", (8_000, 12_000, 16_000, 24_000, 48_000))


def stream(document: ExportDocument, path: Path, codec: Codec) -> None:
    """Write the sound of the document to a new file.

    Raises:
        OutputError: there is no sound, it cannot be read, or the format does not take it.
        OSError: the disk is full.
    """
    if not document.sound:
        raise OutputError(
            translate("app", "There is no recording of this meeting: choose a format for text.")
        )
    try:
        if not _write(document, path, codec):
            raise OutputError(
                translate(
                    "app", "There is no sound in this part of the meeting: choose another one."
                )
            )
    except AudioError as error:
        raise OutputError(str(error)) from error
    except (soundfile.SoundFileError, AssertionError) as error:  # the latter: soundfile's own
        raise _explanation(path, codec, error) from error


def whole(document: ExportDocument, codec: Codec) -> bytes:
    """The same as bytes, for a short piece; errors as :func:`stream`."""
    with TemporaryDirectory(prefix="crosstalk-") as folder:
        path = Path(folder) / "sound"
        stream(document, path, codec)
        return path.read_bytes()


def _write(document: ExportDocument, path: Path, codec: Codec) -> int:
    """Write the file; how many frames it has."""
    shape = shape_of(document.sound, codec.rates)
    frames = 0
    with soundfile.SoundFile(
        path, "w", shape.rate, shape.channels, codec.subtype, format=_container(document, codec)
    ) as file:
        for block in _heard(document, joined(document, shape), shape.rate):
            file.write(_int16(block))
            frames += len(block)
    return frames


def _container(document: ExportDocument, codec: Codec) -> str:
    if codec != WAV:
        return codec.container
    shape = shape_of(document.sound)
    end_s = shape.end_s if document.end_s is None else min(document.end_s, shape.end_s)
    size = (end_s - document.start_s) * shape.rate * shape.channels * SAMPLE_BYTES
    return "RF64" if size > WAV_LIMIT_BYTES else codec.container


def _heard(document: ExportDocument, blocks: Iterator[Frames], rate: int) -> Iterator[Frames]:
    """Silence where nobody of the selection speaks."""
    if document.audible is None:
        yield from blocks
        return
    audible, frame = Audible.of(document.audible), 0
    for block in blocks:
        moments_s = document.start_s + (frame + np.arange(len(block))) / rate
        yield block * audible.at(moments_s)[:, None]
        frame += len(block)


def _int16(block: Frames) -> NDArray[np.int16]:
    # By hand: libsndfile scales float samples by another factor than it read them with.
    scaled = np.rint(block * np.float32(INT16_SCALE))
    return np.asarray(np.clip(scaled, -INT16_SCALE, INT16_SCALE - 1), np.int16)


def _explanation(path: Path, codec: Codec, error: Exception) -> Exception:
    if shutil.disk_usage(path.parent).free < FULL_BYTES:
        return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    reason = str(error) or translate("app", "not everything was written")
    return OutputError(
        translate(
            "app",
            "The sound was not written as {form} ({reason}): choose another format, for "
            "example wav.",
        ).format(form=codec.subtype, reason=reason.rstrip("."))
    )
