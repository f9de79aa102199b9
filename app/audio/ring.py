"""The one thing an audio callback may do: copy frames into memory that is there already."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Stretch:
    """Consecutive frames, (n, channels) int16; ``lost``: silence in place of dropped ones."""

    frames: NDArray[np.int16]
    lost: bool


class CaptureRing:
    """Frames from one callback thread to one reader thread, without a lock.

    Each counter has one writer, and a write becomes visible only when its counter moves, so neither
    side ever waits for the other. What does not fit is counted and comes out as lost.
    """

    def __init__(self, capacity: int, channels: int, longest_loss: int) -> None:
        """Room for ``capacity`` frames; at most ``longest_loss`` frames of silence per loss."""
        self._frames = np.zeros((capacity, channels), np.int16)
        self._written = 0
        self._read = 0
        self._pending: int | None = None  # frames lost since the last write
        self._losses: deque[tuple[int, int]] = deque()  # (written when it happened, frames)
        self._longest_loss = longest_loss

    def write(self, block: NDArray[np.int16], lost: int | None = None) -> None:
        """Append (n, channels) frames, before which ``lost`` frames went missing (0: unknown)."""
        if lost is not None:
            self._pending = (self._pending or 0) + lost
        if len(block) > len(self._frames) - (self._written - self._read):
            self._pending = (self._pending or 0) + len(block)
            return
        if self._pending is not None:
            self._losses.append((self._written, self._pending))
            self._pending = None
        at = self._written % len(self._frames)
        head = min(len(block), len(self._frames) - at)
        self._frames[at : at + head] = block[:head]
        self._frames[: len(block) - head] = block[head:]
        self._written += len(block)

    def read(self) -> Iterator[Stretch]:
        """Everything written so far, in order, losses at their places."""
        end = self._written
        while self._losses and self._losses[0][0] <= end:
            position, lost = self._losses.popleft()
            yield from self._until(position)
            yield self._silence(lost)
        yield from self._until(end)

    def close(self) -> Iterator[Stretch]:
        """The rest, after the last write."""
        yield from self.read()
        if self._pending is not None:
            yield self._silence(self._pending)
            self._pending = None

    def _until(self, end: int) -> Iterator[Stretch]:
        while self._read < end:
            at = self._read % len(self._frames)
            size = min(end - self._read, len(self._frames) - at)
            yield Stretch(self._frames[at : at + size].copy(), lost=False)
            self._read += size

    def _silence(self, frames: int) -> Stretch:
        shape = (min(frames, self._longest_loss), self._frames.shape[1])
        return Stretch(np.zeros(shape, np.int16), lost=True)
