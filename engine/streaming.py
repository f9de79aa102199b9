"""The contract of every streaming stage.

A stage turns a sequence into another one, a piece at a time::

    state = stage.initial_state(batch)
    y, state = stage.step(x, state)  # any number of frames, also none
    tail = stage.flush(state)  # what was still waiting for look-ahead

The concatenation of all ``y`` and ``tail`` is the same, to rounding, however ``x`` was cut: stages
keep what they need in the state. A state is a frozen dataclass of named tensors and is never
changed in place. The weights live in the stage, a meeting lives in its state, whose size does not
grow.
"""

from __future__ import annotations

import math
from abc import abstractmethod
from collections.abc import Sequence
from typing import Any, Generic, TypeVar

import torch
from torch import Tensor, nn

StateT = TypeVar("StateT")


class StreamingStage(nn.Module, Generic[StateT]):
    """A module with named streaming state. ``forward`` is one step and a flush on a fresh state."""

    @abstractmethod
    def initial_state(self, batch: int) -> StateT:
        """The state before the first sample of ``batch`` parallel streams."""

    @abstractmethod
    def step(self, x: Tensor, state: StateT) -> tuple[Tensor, StateT]:
        """Consume ``x`` and return what can be said so far, with the next state."""

    @abstractmethod
    def flush(self, state: StateT) -> Tensor:
        """What remains when nothing follows; the state must not be used afterwards."""

    def forward(self, x: Tensor) -> Tensor:
        """The whole of ``x`` at once: one step and a flush on a fresh state."""
        y, state = self.step(x, self.initial_state(x.shape[0]))
        return torch.cat([y, self.flush(state)], dim=1)


class Encoder(StreamingStage[StateT]):
    """A stage from frames to frames at one rate: ``(batch, time, input) -> (batch, time, size)``.

    Attributes:
        size: features of an output frame.
        look_ahead: how many future frames an output frame can see at most.
        right: how many of them come after the chunk of a frame. Frames come out in chunks, counted
            from the first frame of a stream, each when so many frames after it are there.
    """

    size: int
    look_ahead: int
    right: int = 0

    @property
    def chunk(self) -> int:
        """Frames that come out together."""
        return self.look_ahead + 1 - self.right

    def frames_after(self, frames: int) -> int:
        """How many frames the steps over the first ``frames`` of a stream have said."""
        whole = max(0, frames - self.right)
        return whole - whole % self.chunk

    def frames_before(self, frames: int) -> int:
        """How many frames must be there until ``frames`` have been said."""
        return math.ceil(frames / self.chunk) * self.chunk + self.right


def stacked_look_ahead(encoders: Sequence[Encoder[Any]]) -> int:
    """The look-ahead, in frames, of encoders one after another.

    Chunks of equal length end together and add nothing; others wait for each other.
    """
    worst = 0
    for frame in range(math.lcm(*(encoder.chunk for encoder in encoders))):
        needed = frame + 1
        for encoder in reversed(encoders):
            needed = encoder.frames_before(needed)
        worst = max(worst, needed - 1 - frame)
    return worst
