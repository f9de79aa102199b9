"""Audio files, and the sound of videos, with messages that say what to do about a bad one.

What libsndfile knows is read by it; everything else by :mod:`engine.media_file`.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from os import SEEK_CUR
from pathlib import Path
from typing import BinaryIO, Self

import numpy as np
import soundfile
from numpy.typing import NDArray

from engine.containers import is_cut_off
from engine.errors import AudioError
from engine.media_file import UNKNOWN_FRAMES, MediaFile, cut_short

_UNKNOWN_SIZE = 0x7FFF_0000  # sizes from here on are written by programs that cannot know them
_TOLERANCE_S = 0.1  # MP3 headers count the padding of the encoder


@dataclass(frozen=True, slots=True)
class AudioInfo:
    """What the header of an audio file says; ``frames`` are samples per channel."""

    frames: int
    sample_rate: int
    channels: int

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return self.frames / self.sample_rate


def read_info(path: Path) -> AudioInfo:
    """Length and shape of an audio file.

    Raises:
        AudioError: the file is missing, a folder, empty, without sound, or not audio; the message
            says what to do.
    """
    with AudioReader(path) as reader:
        return reader.info if reader.frames_known else reader.count()


class AudioReader:
    """An open audio file, read to its last readable frame even where it is damaged.

    Attributes:
        info: what the header says.
        position: frames read so far.
    """

    def __init__(self, path: Path) -> None:
        """Open ``path``; raises :class:`AudioError` as :func:`read_info` does."""
        _check_path(path)
        self._path = path
        self._file = _open(path)
        self.position = 0
        self.info = AudioInfo(self._file.frames, self._file.samplerate, self._file.channels)
        if self.info.frames <= 0:
            self._file.close()
            raise AudioError(
                "{path} holds no sound, only a header. Choose another recording.", path=path
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    @property
    def frames_known(self) -> bool:
        """Whether the header tells the length; streamed FLAC does not."""
        return self.info.frames < UNKNOWN_FRAMES

    def count(self) -> AudioInfo:
        """Read on to the end to learn the true length."""
        for _ in self.blocks(self.info.sample_rate):
            pass
        return AudioInfo(self.position, self.info.sample_rate, self.info.channels)

    def seek(self, frame: int) -> None:
        """Go on at ``frame``, or at the end of a shorter file."""
        self.position = self._file.seek(min(frame, self.info.frames))

    def blocks(self, size: int) -> Iterator[NDArray[np.float32]]:
        """Blocks of up to ``size`` frames: (frames, channels) float32, never empty.

        A damaged place ends them; :meth:`check_complete` then tells.
        """
        while len(block := self._read(size)):
            self.position += len(block)
            yield block

    def _read(self, size: int) -> NDArray[np.float32]:
        block = np.full((size, self.info.channels), np.nan, np.float32)
        try:
            return block[: len(self._file.read(out=block))]
        except soundfile.SoundFileError:
            # The frames before the damage are in the block, but nobody says how many.
            decoded = np.flatnonzero(~np.isnan(block[:, 0]))
            return block[: decoded[-1] + 1 if len(decoded) else 0]

    def check_complete(self) -> None:
        """Raise :class:`AudioError` if the file promised more than could be read."""
        if isinstance(self._file, MediaFile):
            self._file.check_complete()
        rate = self.info.sample_rate
        promised = _promised_frames(self._path, self.info.frames)
        exact = self.frames_known and not isinstance(self._file, MediaFile)
        short = exact and promised - self.position > _TOLERANCE_S * rate
        if short or is_cut_off(self._path):
            raise cut_short(self._path, self.position / rate, promised / rate if short else None)


def _open(path: Path) -> soundfile.SoundFile | MediaFile:
    try:
        return soundfile.SoundFile(_name(path))
    except TypeError as error:  # how soundfile takes a name that ends in .raw
        raise AudioError(
            "{path} is raw samples without a header, so its rate is unknown. Convert it to WAV.",
            path=path,
        ) from error
    except soundfile.LibsndfileError:
        return MediaFile(path)


def _name(path: Path) -> str | bytes:
    """The name as libsndfile takes it, also where its bytes are no text."""
    name = str(path)
    try:
        name.encode()
    except UnicodeEncodeError:
        return os.fsencode(path)
    return name


def _check_path(path: Path) -> None:
    try:
        if path.is_dir():
            raise AudioError("{path} is a folder. Name the audio file inside it.", path=path)
        with path.open("rb") as file:
            if not file.read(1):
                raise AudioError("{path} is empty (0 bytes). Choose another recording.", path=path)
    except FileNotFoundError as error:
        raise AudioError(
            "{path} does not exist. Check the name and the folder.", path=path
        ) from error
    except OSError as error:
        raise AudioError(
            "{path} cannot be opened ({why}). Check its permissions.", path=path, why=error.strerror
        ) from error


def _promised_frames(path: Path, readable: int) -> int:
    """Frames that the header promises; libsndfile quietly shortens those of a truncated WAV."""
    with path.open("rb") as file:
        if file.read(4) != b"RIFF" or file.read(8)[4:] != b"WAVE":
            return readable
        return max(readable, _data_frames(file))


def _data_frames(file: BinaryIO) -> int:
    """Frames of the data chunk by its own word, 0 where it says nothing sensible."""
    frame_bytes = 0
    while len(head := file.read(8)) == 8:
        name, size = struct.unpack("<4sI", head)
        if name == b"data":
            known = frame_bytes and size < _UNKNOWN_SIZE
            return size // frame_bytes if known else 0
        body = file.read(min(size, 16) if name == b"fmt " else 0)
        if len(body) >= 14:
            frame_bytes = struct.unpack("<H", body[12:14])[0]
        file.seek(size + size % 2 - len(body), SEEK_CUR)
    return 0
