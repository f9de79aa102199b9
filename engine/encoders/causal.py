"""Convolutions and means that see the past only, with the past as their state.

All padding is on the left and is itself the state, so a stream in pieces and a whole one compute
the same. Shapes are (batch, time, size) throughout.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import torch
from torch import Tensor, nn

MEAN_BLOCK = 128
"""Frames whose running means are computed at once, with a matrix of its square."""


class CausalConvolution(nn.Module):
    """A convolution over time of each feature alone (depthwise)."""

    def __init__(self, size: int, kernel: int, dilation: int = 1) -> None:
        super().__init__()
        self.reach = (kernel - 1) * dilation  # frames of the past that it needs
        self.convolution = nn.Conv1d(size, size, kernel, groups=size, dilation=dilation)

    def initial_state(self, batch: int) -> Tensor:
        """Silence before the first frame, (batch, reach, size)."""
        weight = self.convolution.weight
        return weight.new_zeros(batch, self.reach, weight.shape[0])

    def forward(self, x: Tensor, past: Tensor) -> tuple[Tensor, Tensor]:
        """As many frames as ``x`` has, and the past of the next ones."""
        x = torch.cat([past.to(x.dtype), x], dim=1)
        y = self.convolution(x.transpose(1, 2)).transpose(1, 2)
        return y, x[:, x.shape[1] - self.reach :]


@dataclass(frozen=True)
class MeanState:
    """A running mean (batch, size) in float32, of ``count`` frames, at most the memory."""

    mean: Tensor
    count: int


def running_mean(x: Tensor, state: MeanState, memory: int) -> tuple[Tensor, MeanState]:
    """The mean of everything up to each frame, which after ``memory`` frames begins to forget.

    The mean moves by ``(x - mean) / min(frames heard, memory)``: at first it is the plain mean of
    all frames, as in a sentence, and from then on one that forgets exponentially. So in a meeting
    of hours nothing grows, a frame late in it counts as much as one of the first minute, and there
    is no moment at which it would have to be reset. In float32, since rounding would add up.

    Shapes: (batch, time, size) to the same.
    """
    if x.shape[1] == 0:
        return x, state
    means = []
    with torch.autocast(x.device.type, enabled=False):
        for piece in torch.split(x.float(), MEAN_BLOCK, dim=1):
            length = piece.shape[1]
            weights = _weights(length, state.count, memory).to(x.device)
            mean = weights[:, :1] * state.mean[:, None] + weights[:, 1:] @ piece
            state = MeanState(mean[:, -1], min(memory, state.count + length))
            means.append(mean)
    return torch.cat(means, dim=1).to(x.dtype), state


@lru_cache(maxsize=1024)
def _weights(length: int, count: int, memory: int) -> Tensor:
    """What the mean before, and each frame, add to each mean: (length, 1 + length)."""
    with torch.inference_mode(False):  # they are kept, and training may be next
        heard = torch.arange(count + 1, count + length + 1, dtype=torch.float64).clamp(max=memory)
        kept = 1.0 - 1.0 / heard  # of the mean before, at each frame
        if count == 0:
            kept[0] = 1.0  # there was none, as is said below: its logarithm would spoil the sums
        kept_so_far = kept.log().cumsum(0)
        earlier = (kept_so_far[:, None] - kept_so_far[None, :]).exp().tril() / heard
        before = kept_so_far.exp()[:, None] * (count > 0)
        return torch.cat([before, earlier], dim=1).float()


class Excitation(nn.Module):
    """Squeeze-and-excitation (arXiv 1709.01507) whose squeeze is a running mean."""

    def __init__(self, size: int, memory: int, reduction: int = 8) -> None:
        super().__init__()
        self.size = size
        self.memory = memory
        inner = max(1, size // reduction)
        self.gate = nn.Sequential(
            nn.Linear(size, inner), nn.SiLU(), nn.Linear(inner, size), nn.Sigmoid()
        )

    def initial_state(self, batch: int) -> MeanState:
        """Nothing heard."""
        device = next(self.gate.parameters()).device
        return MeanState(torch.zeros(batch, self.size, device=device), 0)

    def forward(self, x: Tensor, state: MeanState) -> tuple[Tensor, MeanState]:
        """Each feature of ``x`` times how much the past makes of it."""
        mean, state = running_mean(x, state, self.memory)
        return x * self.gate(mean), state
