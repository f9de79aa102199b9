"""The LSTM encoder of the separator-transducer-segmenter (arXiv 2205.05199); no look-ahead."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from engine.errors import ConfigError
from engine.streaming import Encoder


@dataclass(frozen=True)
class LstmConfig:
    """Shape of an :class:`LstmEncoder`.

    Attributes:
        input_size: features of an input frame.
        size: features of every layer and of an output frame.
        layers: LSTM layers.
        dropout: share of layer outputs dropped in training, 0..1.
    """

    input_size: int
    size: int
    layers: int
    dropout: float = 0.0

    def validate(self) -> None:
        """Raise :class:`ConfigError` naming the first value out of its bounds."""
        for name in ("input_size", "size", "layers"):
            if getattr(self, name) < 1:
                raise ConfigError(f"LSTM encoder: {name} must be at least 1")
        if not 0.0 <= self.dropout < 1.0:
            raise ConfigError("LSTM encoder: dropout must be at least 0 and below 1")


@dataclass(frozen=True)
class LstmState:
    """Hidden and cell state of every layer, each ``(layers, batch, size)``."""

    h: Tensor
    c: Tensor


class LstmEncoder(Encoder[LstmState]):
    """Projection, then layers of LSTM, each followed by layer normalisation of its output.

    Shape:
        ``(batch, time, input_size)`` -> ``(batch, time, size)``, time may be 0.
    """

    def __init__(self, config: LstmConfig) -> None:
        super().__init__()
        config.validate()
        self.size = config.size
        self.look_ahead = 0
        self.project = nn.Linear(config.input_size, config.size)
        self.layers = nn.ModuleList(
            nn.LSTM(config.size, config.size, batch_first=True) for _ in range(config.layers)
        )
        self.norms = nn.ModuleList(nn.LayerNorm(config.size) for _ in range(config.layers))
        self.dropout = nn.Dropout(config.dropout)

    def initial_state(self, batch: int) -> LstmState:
        """Zeros, on the device and in the type of the weights."""
        zeros = self.project.weight.new_zeros(len(self.layers), batch, self.size)
        return LstmState(h=zeros, c=zeros)

    def step(self, x: Tensor, state: LstmState) -> tuple[Tensor, LstmState]:
        """Encode every frame of ``x``; none waits."""
        x = self.project(x)
        if x.shape[1] == 0:
            return x, state
        ends = []
        for layer, norm, h, c in zip(self.layers, self.norms, state.h, state.c, strict=True):
            y, end = layer(x, (h.unsqueeze(0), c.unsqueeze(0)))
            x = self.dropout(norm(y))
            ends.append(end)
        h, c = (torch.cat(parts) for parts in zip(*ends, strict=True))
        return x, LstmState(h, c)

    def flush(self, state: LstmState) -> Tensor:
        """No frame, since none waits."""
        return state.h.new_zeros(state.h.shape[1], 0, self.size)
