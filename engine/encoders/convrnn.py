"""The encoder of ConvRNN-T (arXiv 2209.14868), every part of it causal; no look-ahead.

A local encoder of convolutions over time and frequency, a global one that sums up everything so
far, and an LSTM stack that hears both.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.config import EncoderConfig
from engine.encoders.causal import CausalConvolution, Excitation, MeanState
from engine.encoders.lstm import LstmConfig, LstmEncoder, LstmState
from engine.errors import ConfigError
from engine.streaming import Encoder

KERNEL = 5
"""Frames, and bands of the spectrum, that a local convolution sees."""

Planes = tuple[Tensor, ...]
BlockState = tuple[Tensor, MeanState]


@dataclass(frozen=True)
class ConvRnnState:
    """The past that each part still sees.

    Attributes:
        planes: of each local convolution, (batch, planes, KERNEL - 1, bands).
        blocks: of each global block: inputs of its convolution (batch, 2 * dilation, size), and
            the running mean.
        rnn: of the LSTM stack.
    """

    planes: Planes
    blocks: tuple[BlockState, ...]
    rnn: LstmState


class ConvRnnEncoder(Encoder[ConvRnnState]):
    """``(batch, time, input_size)`` to ``(batch, time, config.size)``."""

    def __init__(self, input_size: int, config: EncoderConfig) -> None:
        super().__init__()
        self.size = config.size
        self.look_ahead = 0
        self.local = LocalEncoder(input_size, config)
        self.project = nn.Linear(input_size, config.size)
        self.blocks = nn.ModuleList(
            GlobalBlock(config.size, 2**i, config) for i in range(config.blocks)
        )
        self.normalise = nn.LayerNorm(2 * config.size)
        self.rnn = LstmEncoder(
            LstmConfig(2 * config.size, config.size, config.layers, config.dropout)
        )

    def initial_state(self, batch: int) -> ConvRnnState:
        """Nothing heard."""
        return ConvRnnState(
            self.local.initial_state(batch),
            tuple(block.initial_state(batch) for block in self._blocks),
            self.rnn.initial_state(batch),
        )

    @property
    def _blocks(self) -> list[GlobalBlock]:
        return [block for block in self.blocks if isinstance(block, GlobalBlock)]

    def step(self, x: Tensor, state: ConvRnnState) -> tuple[Tensor, ConvRnnState]:
        """Encode every frame of ``x``; none waits."""
        if x.shape[1] == 0:
            return x.new_zeros(x.shape[0], 0, self.size), state
        near, planes = self.local(x, state.planes)
        far, states = self.project(x), []
        for block, past in zip(self._blocks, state.blocks, strict=True):
            far, past = block(far, past)
            states.append(past)
        y, rnn = self.rnn.step(self.normalise(torch.cat([near, far], dim=-1)), state.rnn)
        return y, ConvRnnState(planes, tuple(states), rnn)

    def flush(self, state: ConvRnnState) -> Tensor:
        """No frame, since none waits."""
        return self.rnn.flush(state.rnn)


class LocalEncoder(nn.Module):
    """Convolutions over time and frequency, padded on the left in time.

    Each halves the bands, which the paper does not need to: it spares a core most of the work. The
    spectra of an input frame are planes of its first convolution.
    """

    def __init__(self, input_size: int, config: EncoderConfig) -> None:
        super().__init__()
        if input_size % config.parts:
            raise ConfigError(
                f"convrnn encoder: parts must divide the {input_size} features of its input"
            )
        self.parts = config.parts
        self.bands = [input_size // config.parts]
        self.planes = (config.parts, *config.planes)
        for _ in config.planes:
            self.bands.append((self.bands[-1] + 1) // 2)
        self.convolutions = nn.ModuleList(
            nn.Conv2d(a, b, KERNEL, stride=(1, 2), padding=(0, KERNEL // 2))
            for a, b in pairwise(self.planes)
        )
        self.project = nn.Linear(self.planes[-1] * self.bands[-1], config.size)

    def initial_state(self, batch: int) -> Planes:
        """Silence before the first frame."""
        zeros = self.project.weight.new_zeros
        sizes = zip(self.planes[:-1], self.bands[:-1], strict=True)
        return tuple(zeros(batch, planes, KERNEL - 1, bands) for planes, bands in sizes)

    def forward(self, x: Tensor, past: Planes) -> tuple[Tensor, Planes]:
        """(batch, time, input size) to (batch, time, size), and the past of what comes next."""
        batch, time, _ = x.shape
        y = x.view(batch, time, self.parts, self.bands[0]).transpose(1, 2)
        states = []
        for convolution, before in zip(self.convolutions, past, strict=True):
            y = torch.cat([before.to(y.dtype), y], dim=2)
            states.append(y[:, :, y.shape[2] - (KERNEL - 1) :])
            y = F.silu(convolution(y))
        return self.project(y.transpose(1, 2).flatten(2)), tuple(states)


class GlobalBlock(nn.Module):
    """Pointwise, dilated depthwise, pointwise, squeeze-and-excitation; added to its input."""

    def __init__(self, size: int, dilation: int, config: EncoderConfig) -> None:
        super().__init__()
        self.before = nn.Sequential(nn.LayerNorm(size), nn.Linear(size, size), nn.SiLU())
        self.depthwise = CausalConvolution(size, 3, dilation)
        self.after = nn.Sequential(nn.LayerNorm(size), nn.SiLU(), nn.Linear(size, size))
        self.excitation = Excitation(size, config.memory)
        self.dropout = nn.Dropout(config.dropout)

    def initial_state(self, batch: int) -> BlockState:
        """Nothing heard."""
        return self.depthwise.initial_state(batch), self.excitation.initial_state(batch)

    def forward(self, x: Tensor, state: BlockState) -> tuple[Tensor, BlockState]:
        """(batch, time, size) to the same."""
        past, mean = state
        y, past = self.depthwise(self.before(x), past)
        y, mean = self.excitation(self.after(y), mean)
        return x + self.dropout(y), (past, mean)
