"""The WAV header that is valid at any moment of a recording.

Layout: ``RIFF`` or ``RF64``, a 28-byte ``JUNK`` chunk, ``fmt``, ``data``; 80 bytes in all. Past
4 GiB the JUNK chunk becomes the ``ds64`` chunk of RF64 (EBU Tech 3306) in place, so no sample ever
moves.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

from app.errors import RecordingError
from app.words import translate

SAMPLE_BYTES = 2  # int16
_LAYOUT = struct.Struct("<4sI4s 4sIQQQI 4sIHHIIHH 4sI")
HEADER_BYTES = _LAYOUT.size
_FMT_AT = 48
_FORMAT_FIELDS = struct.Struct("<HI")
_DS64_BYTES = 28
_FMT_BYTES = 16
_PCM = 1
_SEE_DS64 = 0xFFFF_FFFF


@dataclass(frozen=True, slots=True)
class WavFormat:
    """Rate (frames per second) and channels of an int16 recording."""

    rate: int
    channels: int

    @property
    def frame_bytes(self) -> int:
        """Bytes of one frame."""
        return SAMPLE_BYTES * self.channels

    def header(self, frames: int) -> bytes:
        """The header of a file that holds ``frames`` frames."""
        data = frames * self.frame_bytes
        riff = HEADER_BYTES - 8 + data
        large = riff >= _SEE_DS64
        return _LAYOUT.pack(
            *(b"RF64" if large else b"RIFF", _SEE_DS64 if large else riff, b"WAVE"),
            *(b"ds64" if large else b"JUNK", _DS64_BYTES),
            *((riff, data, frames) if large else (0, 0, 0)),
            0,  # entries of the table of further large chunks
            *(b"fmt ", _FMT_BYTES, _PCM, self.channels, self.rate),
            *(self.rate * self.frame_bytes, self.frame_bytes, 8 * SAMPLE_BYTES),
            *(b"data", _SEE_DS64 if large else data),
        )

    @classmethod
    def of_header(cls, header: bytes, path: Path) -> WavFormat:
        """The format that the header of the file ``path`` tells.

        Raises:
            RecordingError: the bytes are not a header that this module wrote.
        """
        if len(header) >= HEADER_BYTES and header[12:16] in (b"JUNK", b"ds64"):
            channels, rate = _FORMAT_FIELDS.unpack_from(header, _FMT_AT + 10)
            wav = cls(rate, channels)
            if (
                rate
                and channels
                and wav.header(0)[_FMT_AT:-4] == header[_FMT_AT : HEADER_BYTES - 4]
            ):
                return wav
        raise RecordingError(
            translate(
                "app",
                "{path} is not a recording that this program made; nothing was changed. "
                "Transcribe it as an audio file instead.",
            ).format(path=path)
        )
