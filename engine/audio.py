"""Audio files and devices in, mono samples at 16 kHz out.

One resampler serves files and live capture alike, so that a recorded file gives the engine exactly
the samples that the live meeting gave it. Resampling is soxr's (HQ, linear phase, about 40 ms of
delay at 44.1 and 48 kHz, no time shift).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import soxr
from numpy.typing import NDArray

from engine.audio_file import AudioInfo, AudioReader, read_info
from engine.timeline import SAMPLE_RATE

__all__ = ["INT16_SCALE", "AudioInfo", "Resampler16k", "read_info", "stream_16k"]

INT16_SCALE = 32_768  # int16 -> [-1, 1)
_WARM_UP_S = 1  # the resampler's memory is far shorter


def stream_16k(path: Path, block_s: float = 0.1, start: int = 0) -> Iterator[NDArray[np.float32]]:
    """Read a file as mono blocks at 16 kHz.

    Args:
        path: any file that libsndfile reads, with any rate and number of channels.
        block_s: seconds of audio per block, about (the resampler's delay shifts the cuts).
        start: sample, at 16 kHz, to begin at.

    Yields:
        (samples,) float32 in [-1, 1], never empty; 16,000 samples for each second of the file.

    Raises:
        AudioError: as :func:`read_info`, and *after the last readable sample* of a file that is
            cut short or damaged.
    """
    with AudioReader(path) as reader:
        resampler = Resampler16k(reader.info.sample_rate, reader.info.channels)
        skip = _seek_16k(reader, start)
        for samples in _resampled(reader, resampler, block_s):
            if len(samples) > skip:
                yield samples[skip:]
            skip = max(0, skip - len(samples))
        reader.check_complete()


class Resampler16k:
    """Streaming conversion to mono at 16 kHz: mean of the channels, NaN and infinity as silence.

    The concatenated output is the same to the last bit however the input is cut into blocks.
    """

    def __init__(self, rate: int, channels: int) -> None:
        """Convert from ``rate`` frames per second with ``channels`` samples each."""
        if rate <= 0 or channels <= 0:
            raise ValueError(f"rate {rate} and channels {channels} must be positive")
        self._channels = channels
        self._stream = soxr.ResampleStream(rate, SAMPLE_RATE, 1) if rate != SAMPLE_RATE else None

    def push(self, frames: NDArray[np.int16] | NDArray[np.float32]) -> NDArray[np.float32]:
        """Convert a block: (n, channels) int16 or float32 -> (m,) float32, ``m`` may be 0."""
        if frames.ndim != 2 or frames.shape[1] != self._channels:
            raise ValueError(f"expected (n, {self._channels}) frames, got {frames.shape}")
        return self._resample(_to_mono(frames), last=False)

    def flush(self) -> NDArray[np.float32]:
        """The samples still inside, at the end of the stream: (m,) float32."""
        return self._resample(np.zeros(0, np.float32), last=True)

    def _resample(self, mono: NDArray[np.float32], last: bool) -> NDArray[np.float32]:
        if self._stream is None:
            return mono
        # A band-limited signal may overshoot its samples a little.
        resampled = np.clip(self._stream.resample_chunk(mono, last=last), -1.0, 1.0)
        return np.asarray(resampled, np.float32)


def _to_mono(frames: NDArray[np.int16] | NDArray[np.float32]) -> NDArray[np.float32]:
    if frames.dtype == np.int16:
        scaled = frames.astype(np.float32) / INT16_SCALE
    else:
        scaled = np.clip(np.nan_to_num(frames, nan=0.0, posinf=0.0, neginf=0.0), -1.0, 1.0)
    # Summed in float64 so that the order of summation cannot show.
    return np.asarray(scaled.mean(axis=1, dtype=np.float64), np.float32)


def _resampled(
    reader: AudioReader, resampler: Resampler16k, block_s: float
) -> Iterator[NDArray[np.float32]]:
    for frames in reader.blocks(max(1, round(block_s * reader.info.sample_rate))):
        yield resampler.push(frames)
    yield resampler.flush()


def _seek_16k(reader: AudioReader, start: int) -> int:
    """Seek shortly before a 16 kHz sample; returns how many output samples lie in between."""
    # A whole second is a whole number of samples at every rate: the output grid stays the same.
    seconds = max(0, start // SAMPLE_RATE - _WARM_UP_S)
    if seconds:
        reader.seek(seconds * reader.info.sample_rate)
    return start - seconds * SAMPLE_RATE
