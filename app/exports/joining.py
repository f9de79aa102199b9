"""Recordings of one meeting as one stream of sound, each at its place in time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

import numpy as np
import soxr
from numpy.typing import NDArray

from app.exports.document import ExportDocument, SoundPart
from app.sound import missed
from engine.audio_file import AudioReader, read_info

Frames = NDArray[np.float32]
"""(n, channels) samples in [-1, 1]."""


@dataclass(frozen=True, slots=True)
class Shape:
    """Frames per second and channels of a stream; ``end_s``: where its last recording ends."""

    rate: int
    channels: int
    end_s: float


def shape_of(parts: Sequence[SoundPart], rates: tuple[int, ...] = ()) -> Shape:
    """What the best of the recordings has; the rate is one of ``rates``, if any are given.

    Raises:
        AudioError: a recording cannot be read.
    """
    for part in parts:
        if problem := missed(part.path):
            raise problem
    infos = [read_info(part.path) for part in parts]
    rate = max(info.sample_rate for info in infos)
    if rates and rate not in rates:
        rate = min((each for each in rates if each > rate), default=max(rates))
    end_s = max(p.start_s + i.duration_s for p, i in zip(parts, infos, strict=True))
    return Shape(rate, max(info.channels for info in infos), end_s)


def joined(document: ExportDocument, shape: Shape) -> Iterator[Frames]:
    """The sound of the document from its start to its end, at most a second at a time.

    Sources are mixed. Where recordings of one source overlap, as clocks that drift may have it,
    the earlier one is heard.
    """
    sources = dict.fromkeys(part.source for part in document.sound)
    tracks = [_track(document, source, shape) for source in sources]
    if len(tracks) == 1:
        yield from tracks[0]
        return
    for blocks in zip_longest(*(_in_seconds(track, shape) for track in tracks)):
        mixed = np.zeros((max(len(b) for b in blocks if b is not None), shape.channels), np.float32)
        for block in blocks:
            if block is not None:
                mixed[: len(block)] += block
        yield np.clip(mixed, -1.0, 1.0)


def _track(document: ExportDocument, source: str, shape: Shape) -> Iterator[Frames]:
    end = None if document.end_s is None else _frame(document.end_s - document.start_s, shape)
    position = 0
    for part in (part for part in document.sound if part.source == source):
        begin = _frame(part.start_s - document.start_s, shape)
        stop = end if end is not None else begin + _frame(read_info(part.path).duration_s, shape)
        for block in _silence(min(begin, stop) - position, shape):
            position += len(block)
            yield block
        for block in _from(part, max(0, position - begin), shape):
            block = block[: None if end is None else max(0, end - position)]
            if not len(block):
                break
            position += len(block)
            yield block


def _in_seconds(blocks: Iterator[Frames], shape: Shape) -> Iterator[Frames]:
    """The same frames in blocks of one second, the last one shorter."""
    rest = np.zeros((0, shape.channels), np.float32)
    for block in blocks:
        rest = np.concatenate([rest, block])
        while len(rest) >= shape.rate:
            yield rest[: shape.rate]
            rest = rest[shape.rate :]
    if len(rest):
        yield rest


def _frame(seconds: float, shape: Shape) -> int:
    return round(seconds * shape.rate)


def _silence(frames: int, shape: Shape) -> Iterator[Frames]:
    for start in range(0, max(0, frames), shape.rate):
        yield np.zeros((min(shape.rate, frames - start), shape.channels), np.float32)


def _from(part: SoundPart, frame: int, shape: Shape) -> Iterator[Frames]:
    """The frames of a recording from the stream's ``frame`` of it on."""
    with AudioReader(part.path) as reader:
        rate = reader.info.sample_rate
        reader.seek(round(frame * rate / shape.rate))
        blocks = reader.blocks(rate)
        for block in blocks if rate == shape.rate else _resampled(blocks, rate, shape.rate):
            yield _with_channels(np.nan_to_num(block), shape.channels)


def _resampled(blocks: Iterator[Frames], rate: int, wanted: int) -> Iterator[Frames]:
    stream: soxr.ResampleStream | None = None
    channels = 1
    for block in blocks:
        channels = block.shape[1]
        stream = stream or soxr.ResampleStream(rate, wanted, channels)
        yield np.asarray(stream.resample_chunk(block), np.float32).reshape(-1, channels)
    if stream is not None:
        tail = stream.resample_chunk(np.zeros((0, channels), np.float32), last=True)
        yield np.asarray(tail, np.float32).reshape(-1, channels)


def _with_channels(block: Frames, channels: int) -> Frames:
    """One voice for all channels where a recording has fewer than the others."""
    if block.shape[1] == channels:
        return block
    return np.repeat(block.mean(axis=1, keepdims=True), channels, axis=1)
