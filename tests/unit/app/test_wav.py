"""The header is a WAV header at any length."""

from __future__ import annotations

from pathlib import Path

import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from app.errors import RecordingError
from app.wav import HEADER_BYTES, WavFormat

FOUR_GIB = 1 << 32


@given(rate=st.integers(1, 768_000), channels=st.integers(1, 64), frames=st.integers(0, 1 << 40))
def test_the_format_can_be_read_back_at_any_length(rate: int, channels: int, frames: int) -> None:
    header = WavFormat(rate, channels).header(frames)
    assert len(header) == HEADER_BYTES
    assert WavFormat.of_header(header, Path("a.wav")) == WavFormat(rate, channels)


@pytest.mark.parametrize("channels", [1, 2, 6, 8])
@pytest.mark.parametrize("seconds", [0.5, 100_000])  # 100,000 s are far past 4 GiB
def test_libsndfile_reads_it(tmp_path: Path, channels: int, seconds: float) -> None:
    wav = WavFormat(48_000, channels)
    frames = round(seconds * wav.rate)
    path = tmp_path / "a.wav"
    with path.open("xb") as file:
        file.write(wav.header(frames))
        file.truncate(HEADER_BYTES + frames * wav.frame_bytes)  # sparse: takes no room
    info = soundfile.info(path)
    assert (info.frames, info.samplerate, info.channels) == (frames, 48_000, channels)
    large = frames * wav.frame_bytes > FOUR_GIB
    assert info.format == ("RF64" if large else "WAV")


def test_rf64_begins_where_32_bits_end() -> None:
    wav = WavFormat(16_000, 1)
    last = (FOUR_GIB - HEADER_BYTES + 8) // 2 - 1
    assert wav.header(last)[:4] == b"RIFF"
    assert wav.header(last + 1)[:4] == b"RF64"


@pytest.mark.parametrize(
    "header", [b"", b"RIFF", bytes(HEADER_BYTES), b"fLaC" * 20, WavFormat(1, 1).header(0)[:-1]]
)
def test_foreign_headers_are_refused(header: bytes) -> None:
    with pytest.raises(RecordingError, match="not a recording that this program made"):
        WavFormat.of_header(header, Path("a.wav"))
