"""Videos and their like, made with FFmpeg's libraries."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

PICTURES = 10
"""Pictures a second."""


def bursts(seconds: float, rate: int = 48_000) -> NDArray[np.float32]:
    """A tone in every second half second: (samples,) float32."""
    moments = np.arange(round(seconds * rate)) / rate
    return np.where(moments % 1 < 0.5, 0, 0.4 * np.sin(2 * np.pi * 440 * moments)).astype(
        np.float32
    )


def write_media(
    path: Path,
    sound: NDArray[np.float32] | None,
    audio: str = "aac",
    video: str | None = None,
    rate: int = 48_000,
    start_s: float = 0.0,
    seconds: float | None = None,
    options: dict[str, str] | None = None,
) -> Path:
    """A file with a picture, a sound that begins at ``start_s``, or both."""
    length = seconds or (0 if sound is None else start_s + len(sound) / rate)
    with av.open(str(path), "w", options=options or {}) as file:
        pictures = _picture_track(file, video) if video else None
        track = _sound_track(file, audio, rate) if sound is not None else None
        if pictures is not None:
            _show(file, pictures, round(length * PICTURES))
        if track is not None and sound is not None:
            _sound(file, track, sound, rate, start_s)
    return path


def _picture_track(file: av.container.OutputContainer, codec: str) -> av.VideoStream:
    track = file.add_stream(codec, rate=PICTURES)
    assert isinstance(track, av.VideoStream)
    track.width = track.height = 32
    track.pix_fmt = "yuv420p"
    return track


def _sound_track(file: av.container.OutputContainer, codec: str, rate: int) -> av.AudioStream:
    track = file.add_stream(codec, rate=rate, layout="mono")
    assert isinstance(track, av.AudioStream)
    return track


def _show(file: av.container.OutputContainer, stream: av.VideoStream, count: int) -> None:
    for number in range(count):
        shade = np.full((32, 32, 3), number % 255, np.uint8)
        picture = av.VideoFrame.from_ndarray(shade, format="rgb24")
        picture.pts = number
        file.mux(stream.encode(picture))
    file.mux(stream.encode(None))


def _sound(
    file: av.container.OutputContainer,
    stream: av.AudioStream,
    sound: NDArray[np.float32],
    rate: int,
    start_s: float,
) -> None:
    for begin in range(0, len(sound), rate):
        frame = av.AudioFrame.from_ndarray(
            sound[None, begin : begin + rate], format="flt", layout="mono"
        )
        frame.sample_rate = rate
        frame.time_base = Fraction(1, rate)
        frame.pts = begin + round(start_s * rate)
        file.mux(stream.encode(frame))
    file.mux(stream.encode(None))
