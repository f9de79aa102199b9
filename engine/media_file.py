"""The sound of videos, and of audio that libsndfile does not know, by FFmpeg's libraries.

Read as a stream: neither the file nor its sound is ever in memory as a whole. Times are those that
a player shows, so a track that begins after the picture, or has holes, keeps its place.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import soxr
from numpy.typing import NDArray

from engine.errors import AudioError

if TYPE_CHECKING:
    from av import AudioFrame, AudioStream, Packet
    from av.container import InputContainer

UNKNOWN_FRAMES = 1 << 60
"""The length of a file that does not say how long it is."""

_LONG_FORMATS = {"mov", "matroska", "asf", "avi", "mpegts", "flv"}
"""Those that write down their length; that of others is guessed, often badly."""

_BUFFER = 1 << 20
_HOLE_S = 0.1  # what timestamps may be out without meaning anything
_SLACK_S = 1.0  # tracks of one file do not end together
_MOST_HOLE_S = 3_600.0
_PIECE = 1 << 16


class MediaFile:
    """The default audio track of a file, mono, with the methods of ``soundfile.SoundFile``.

    Attributes:
        frames: how long the file says it is, at ``samplerate``; UNKNOWN_FRAMES if it does not.
        samplerate: of the sound as it was decoded first.
    """

    channels = 1

    def __init__(self, path: Path) -> None:
        """Open the file and find its sound.

        Raises:
            AudioError: it is no audio or video, has no sound, or lost its index.
        """
        self._path = path
        self._open = ExitStack()
        try:
            self._begin()
            self.frames = self._promised()
        except BaseException:
            self._open.close()
            raise

    def close(self) -> None:
        """Close the file."""
        self._open.close()

    def read(self, out: NDArray[np.float32]) -> NDArray[np.float32]:
        """Fill ``out``, (frames, 1), as far as there is sound; returns what was filled."""
        filled = 0
        while filled < len(out) and len(self._left):
            piece = self._left[: len(out) - filled]
            out[filled : filled + len(piece), 0] = piece
            filled += len(piece)
            self._take(len(piece))
        return out[:filled]

    def seek(self, frame: int) -> int:
        """Go on at ``frame``, or at the end; returns where that is. Backwards is slow."""
        if frame < self._position:
            self.close()
            self._begin()
        while self._position < frame and len(self._left):
            self._take(min(len(self._left), frame - self._position))
        return self._position

    def check_complete(self) -> None:
        """Raise :class:`AudioError` if something of the file could not be read."""
        promised, rate = self._duration_s, self.samplerate
        if promised is not None and promised - self._reach_s > _SLACK_S:
            raise cut_short(self._path, self._position / rate, promised)
        if self._spoiled:
            raise _spoiled(self._path, self._spoiled)

    def _begin(self) -> None:
        self._container = self._open.enter_context(_container(self._path))
        self.samplerate = 0
        self._written = self._position = self._spoiled = 0
        self._start_s = (self._container.start_time or 0) / 1e6
        self._reach_s = 0.0
        self._duration_s = _duration_s(self._container)
        self._pieces = self._open.enter_context(closing(self._decoded()))
        self._left = _NOTHING
        self._take(0)
        if not len(self._left):
            raise AudioError(
                "{path} holds no sound that can be read. Choose another recording.", path=self._path
            )

    def _promised(self) -> int:
        if self._duration_s is None:
            return UNKNOWN_FRAMES
        return max(1, round(self._duration_s * self.samplerate))

    def _take(self, count: int) -> None:
        """Go on by ``count`` frames of what is decoded, and decode more if that was all."""
        self._position += count
        self._left = self._left[count:]
        if not len(self._left):
            self._left = next(self._pieces, _NOTHING)

    def _decoded(self) -> Generator[NDArray[np.float32], None, None]:
        """Mono pieces, one after the other without a hole, never empty."""
        from av import FFmpegError

        track = self._container.streams.best("audio")
        if track is None:
            raise AudioError(
                "{path} is a video without sound: it has no audio track. Choose another one.",
                path=self._path,
            )
        try:
            for packet in self._container.demux():
                self._note(packet)
                if packet.stream.index == track.index:
                    yield from self._sound(cast("Packet[AudioStream]", packet))
        except (FFmpegError, OSError):
            self._spoiled += 1

    def _note(self, packet: Packet[Any]) -> None:
        """How far the file reaches, whatever the packet holds."""
        if packet.pts is not None and packet.time_base is not None:
            end_s = float((packet.pts + (packet.duration or 0)) * packet.time_base)
            self._reach_s = max(self._reach_s, end_s - self._start_s)

    def _sound(self, packet: Packet[AudioStream]) -> Iterator[NDArray[np.float32]]:
        from av import FFmpegError

        try:
            frames = packet.decode()
        except FFmpegError:
            self._spoiled += 1
            return
        for frame in frames:
            if frame.samples:
                self.samplerate = self.samplerate or frame.sample_rate
                yield from self._silence_before(frame)
                yield from self._grown(_mono(frame, self.samplerate))

    def _silence_before(self, frame: AudioFrame) -> Iterator[NDArray[np.float32]]:
        if frame.time is None:
            return
        rate = self.samplerate
        hole = round((frame.time - self._start_s) * rate) - self._written
        longest = _MOST_HOLE_S if self._duration_s is None else self._duration_s
        if not _HOLE_S * rate < hole <= longest * rate:
            return
        while hole > 0:
            piece = np.zeros(min(hole, _PIECE), np.float32)
            hole -= len(piece)
            yield from self._grown(piece)

    def _grown(self, piece: NDArray[np.float32]) -> Iterator[NDArray[np.float32]]:
        if len(piece):
            self._written += len(piece)
            yield piece


_NOTHING = np.zeros(0, np.float32)


@contextmanager
def _container(path: Path) -> Iterator[InputContainer]:
    """By its content, not its name; what the file names inside itself is not opened."""
    import av

    with path.open("rb") as file:
        try:
            container = av.open(file, buffer_size=_BUFFER, options={"protocol_whitelist": "none"})
        except (av.FFmpegError, OSError, ValueError) as error:
            raise _refusal(path) from error
        with container:
            yield cast("InputContainer", container)


def cut_short(path: Path, read_s: float, promised_s: float | None) -> AudioError:
    """What to say of a file that has less sound than it promised."""
    if promised_s is None:
        return AudioError(
            "{path} is cut short or damaged: {seconds} s could be read. Everything before that was "
            "used; copy the file again from where it came from.",
            path=path,
            seconds=f"{read_s:.1f}",
        )
    return AudioError(
        "{path} is cut short or damaged: {seconds} s of {all} s could be read. Everything before "
        "that was used; copy the file again from where it came from.",
        path=path,
        seconds=f"{read_s:.1f}",
        all=f"{promised_s:.1f}",
    )


def _spoiled(path: Path, places: int) -> AudioError:
    if places == 1:
        return AudioError(
            "{path} is damaged: in one place its sound could not be read, and there is silence "
            "instead. Everything else was used; copy the file again from where it came from.",
            path=path,
        )
    return AudioError(
        "{path} is damaged: in {count} places its sound could not be read, and there is silence "
        "instead. Everything else was used; copy the file again from where it came from.",
        path=path,
        count=places,
    )


def _refusal(path: Path) -> AudioError:
    with suppress(OSError), path.open("rb") as file:
        if file.read(8)[4:] == b"ftyp":
            return AudioError(
                "{path} is cut short: the index at its end is missing, and without it nothing can "
                "be read. Copy the file again from where it came from.",
                path=path,
            )
    return AudioError(
        "{path} is not audio or video that can be read. Convert it to WAV or FLAC, for example "
        "with: ffmpeg -i INPUT OUTPUT.wav",
        path=path,
    )


def _duration_s(container: InputContainer) -> float | None:
    if not _LONG_FORMATS & set(container.format.name.split(",")):
        return None
    return container.duration / 1e6 if container.duration and container.duration > 0 else None


def _mono(frame: AudioFrame, rate: int) -> NDArray[np.float32]:
    """The mean of the channels, (samples,) float32."""
    values = frame.to_ndarray()
    if not frame.format.is_planar:
        values = values.reshape(-1, frame.layout.nb_channels).T
    mixed = np.asarray(_scaled(values).mean(axis=0, dtype=np.float64), np.float32)
    if frame.sample_rate != rate:
        mixed = np.asarray(soxr.resample(mixed, frame.sample_rate, rate), np.float32)
    return mixed


def _scaled(values: NDArray[Any]) -> NDArray[np.float64]:
    floats: NDArray[np.float64] = values.astype(np.float64)
    if values.dtype == np.uint8:
        return (floats - 128.0) / 128.0
    if np.issubdtype(values.dtype, np.signedinteger):
        return floats / -float(np.iinfo(values.dtype).min)
    return np.clip(np.nan_to_num(floats, posinf=0.0, neginf=0.0), -1.0, 1.0)
