"""Torchaudio's Emformer (arXiv 2010.10759) as an encoder of ours.

It hears segments of ``chunk`` frames with ``right`` frames after them. Frames come in any number:
the stage collects them until a segment and what follows it are there. Torchaudio is not part of the
desktop app's installation and is imported only when such an encoder is built.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor, nn

from engine.config import EncoderConfig
from engine.errors import ConfigError, ModelError
from engine.streaming import Encoder


@dataclass(frozen=True)
class EmformerState:
    """What waits, and what the layers remember.

    Attributes:
        pending: frames of which no segment was made yet, (batch, < chunk + right, input).
        keys, values: of each layer, (left, batch, width).
        heard: frames that went through the layers, counted up to ``left``.
    """

    pending: Tensor
    keys: tuple[Tensor, ...]
    values: tuple[Tensor, ...]
    heard: int


class EmformerEncoder(Encoder[EmformerState]):
    """``(batch, time, input_size)`` to ``(batch, time, config.size)``.

    An input frame of several ``parts`` is projected part by part, which is torchaudio's reduction
    in time. Inside, frames have ``config.width`` features; where that is another number than
    ``config.size``, as in torchaudio's transducer, a projection follows.

    Raises:
        ModelError: when torchaudio is not installed.
    """

    def __init__(self, input_size: int, config: EncoderConfig) -> None:
        super().__init__()
        width = config.width or config.size
        for name, value in (("input size", input_size), ("width", width)):
            if value % config.parts:
                raise ConfigError(f"emformer encoder: parts must divide its {name}, {value}")
        self.config = config
        self.input_size = input_size
        self.size = config.size
        self.right = config.right
        self.look_ahead = config.chunk - 1 + config.right
        self.width = width
        self.project = nn.Linear(input_size // config.parts, width // config.parts, bias=False)
        self.layers = _torchaudio().Emformer(
            width,
            config.heads,
            4 * width,
            config.layers,
            config.chunk,
            dropout=config.dropout,
            activation="gelu",
            left_context_length=config.left,
            right_context_length=config.right,
            tanh_on_mem=True,
        )
        self.output = nn.Linear(width, config.size) if config.width else nn.Identity()
        self.normalise = nn.LayerNorm(config.size)

    def initial_state(self, batch: int) -> EmformerState:
        """Nothing heard: zeros that are not attended to."""
        weight = self.project.weight
        past = (weight.new_zeros(self.config.left, batch, self.width),) * self.config.layers
        return EmformerState(weight.new_zeros(batch, 0, self.input_size), past, past, 0)

    def step(self, x: Tensor, state: EmformerState) -> tuple[Tensor, EmformerState]:
        """Encode the segments that are whole and followed by enough; the rest waits.

        In training all frames wait for :meth:`flush`, which has all segments at once.
        """
        x = torch.cat([state.pending.to(x.dtype), x], dim=1)
        if self.training:
            return x[:, :0, :1].expand(-1, -1, self.size), replace(state, pending=x)
        outputs = [x.new_zeros(x.shape[0], 0, self.size)]
        for _ in range(self.frames_after(x.shape[1]) // self.chunk):
            y, state = self._segment(x[:, : self.chunk + self.right], state)
            outputs.append(y.to(x.dtype))
            x = x[:, self.chunk :]
        return torch.cat(outputs, dim=1), EmformerState(x, state.keys, state.values, state.heard)

    def flush(self, state: EmformerState) -> Tensor:
        """Encode what waits, completed with zeros as torchaudio's own pipelines do."""
        frames = state.pending.shape[1]
        missing = -frames % self.chunk + self.right
        silence = state.pending.new_zeros(len(state.pending), missing, self.input_size)
        if self.training:
            return self._at_once(torch.cat([state.pending, silence], dim=1))[:, :frames]
        return self.step(silence, state)[0][:, :frames]

    def _at_once(self, x: Tensor) -> Tensor:
        """All segments side by side, as torchaudio trains: three times faster."""
        lengths = torch.full((len(x),), x.shape[1] - self.right, device=x.device)
        if not lengths[0]:
            return x[:, :0, :1].expand(-1, -1, self.size)
        return self._finished(self.layers(self._reduced(x), lengths)[0])

    def _reduced(self, x: Tensor) -> Tensor:
        batch, time, _ = x.shape
        parts = x.reshape(batch, time * self.config.parts, -1)
        reduced: Tensor = self.project(parts)
        return reduced.reshape(batch, time, self.width)

    def _finished(self, y: Tensor) -> Tensor:
        normalised: Tensor = self.normalise(self.output(y))
        return normalised

    def _segment(self, x: Tensor, state: EmformerState) -> tuple[Tensor, EmformerState]:
        batch, time, _ = x.shape
        lengths = torch.full((batch,), time, device=x.device)
        past = self._theirs(state, batch, x.device)
        y, _, states = self.layers.infer(self._reduced(x), lengths, past)
        heard = min(self.config.left, state.heard + self.chunk)
        keys, values = (tuple(layer[i] for layer in states) for i in (1, 2))
        return self._finished(y), EmformerState(state.pending, keys, values, heard)

    def _theirs(
        self, state: EmformerState, batch: int, device: torch.device
    ) -> list[list[Tensor]] | None:
        """The state as torchaudio has it: memory, of which there is none, keys, values, frames."""
        heard = torch.full((1, batch), state.heard, dtype=torch.int32, device=device)
        none = torch.zeros(0, batch, self.width, device=device)
        return [[none, k, v, heard] for k, v in zip(state.keys, state.values, strict=True)]


def _torchaudio() -> Any:
    """Its models, imported by name: the app must start without them."""
    try:
        return importlib.import_module("torchaudio.models")
    except ImportError as error:
        raise ModelError(
            "This model has an Emformer, which needs the package torchaudio: install it with "
            "pip install torchaudio==2.11.*, or choose another model."
        ) from error
