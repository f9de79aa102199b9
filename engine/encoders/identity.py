"""No encoder: frames go through as they are, where a model has one stage less than others."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from engine.config import EncoderConfig
from engine.errors import ConfigError
from engine.streaming import Encoder


@dataclass(frozen=True)
class IdentityState:
    """Nothing is remembered; ``nothing``: no frames, (batch, 0, size), for the end."""

    nothing: Tensor


class IdentityEncoder(Encoder[IdentityState]):
    """``(batch, time, size)`` to the same; without weights and without look-ahead."""

    nothing: Tensor

    def __init__(self, input_size: int, config: EncoderConfig) -> None:
        super().__init__()
        if input_size != config.size:
            raise ConfigError(
                f"identity encoder: size must be that of its input, {input_size}, not {config.size}"
            )
        self.size = config.size
        self.look_ahead = 0
        self.register_buffer("nothing", torch.zeros(1, 0, config.size), persistent=False)

    def initial_state(self, batch: int) -> IdentityState:
        """No frame waits."""
        return IdentityState(self.nothing.expand(batch, 0, self.size))

    def step(self, x: Tensor, state: IdentityState) -> tuple[Tensor, IdentityState]:
        """All frames."""
        return x, state

    def flush(self, state: IdentityState) -> Tensor:
        """No frame, since none waits."""
        return state.nothing
