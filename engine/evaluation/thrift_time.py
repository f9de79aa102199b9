"""How long amortized encoders take, as trained and with everything on, and what a stack costs."""

from __future__ import annotations

import dataclasses
import time
from dataclasses import dataclass
from statistics import median

import torch
from torch import Tensor

from engine.config import EncoderConfig, ModelConfig
from engine.encoders.arbiter import dense_cost
from engine.encoders.spending import set_bias
from engine.errors import EngineError
from engine.model import SeparatorTransducerSegmenter
from engine.training.encoder_stacks import EncoderStack

EVERYTHING_ON = 1e6
"""A bias that no odds withstand."""

RUNS = 7
"""Timed runs of each kind, in turn."""


@dataclass(frozen=True)
class Seconds:
    """Time of one core in the encoders for the same audio: as trained, and with everything on."""

    trained: float
    everything: float

    @property
    def saved(self) -> float:
        """The share of time that is saved."""
        return 1.0 - self.trained / self.everything


def stack_cost(config: ModelConfig, frames: int, left: int | None = None) -> int:
    """Multiply-adds of a model's encoders with everything on, for so many frames.

    Args:
        config: of the model; each channel is a stream of its own.
        frames: from the beginning of a stream.
        left: another window of attention than the model's.
    """
    stack = EncoderStack.of(config)
    stack = stack if left is None else stack.seeing(left)
    mixture, separation, recognition = stack.mixture, stack.separation, stack.recognition
    channel = dense_cost(separation, mixture.size, frames)
    channel += dense_cost(recognition, separation.size, frames)
    return dense_cost(mixture, config.frontend.size, frames) + config.separator.channels * channel


def usual_cost(config: ModelConfig, frames: int) -> int:
    """The same with the window that models have unless told otherwise."""
    return stack_cost(config, frames, EncoderConfig().left)


def timing(model: SeparatorTransducerSegmenter, frames: Tensor, live: bool) -> Seconds:
    """Median times for ``frames`` (1, time, input), in one piece or chunk by chunk as ``live``.

    Everything on is the faster of two: the model itself, and a dense one with its weights, which
    gathers nothing. Time is that of this thread, so that other programs disturb it little.
    """
    piece = max(1, model.config.separator.mixture.chunk) if live else frames.shape[1]
    stages = {"trained": model, "on": model, "dense": densified(model)}
    times: dict[str, list[float]] = {name: [] for name in stages}
    for _ in range(RUNS + 1):
        for name, stage in stages.items():
            set_bias(model, EVERYTHING_ON if name == "on" else 0.0)
            times[name].append(_encode(stage, frames, piece))
    set_bias(model, 0.0)
    middle = {name: median(values[1:]) for name, values in times.items()}  # the first warms up
    return Seconds(middle["trained"], min(middle["on"], middle["dense"]))


@torch.inference_mode()
def _encode(model: SeparatorTransducerSegmenter, frames: Tensor, piece: int) -> float:
    separator = model.separator.initial_state(1)
    recognition = model.transducer.initial_state(model.channels)
    began = time.thread_time()
    for part in torch.split(frames, piece, dim=1):
        streams, separator = model.separator.step(part, separator)
        rows = streams.transpose(1, 2).flatten(0, 1)
        _, recognition = model.transducer.recognition.step(rows, recognition)
    return time.thread_time() - began


def densified(model: SeparatorTransducerSegmenter) -> SeparatorTransducerSegmenter:
    """A model with dense encoders and the same weights.

    Raises:
        EngineError: when its encoders are of a shape that no dense one has.
    """
    stack = EncoderStack.of(model.config)
    encoders = (stack.mixture, stack.separation, stack.recognition)
    dense = EncoderStack(*(dataclasses.replace(e, kind="conv_attention") for e in encoders))
    made = SeparatorTransducerSegmenter(dense.in_place_of(model.config), model.vocabulary)
    left = made.load_state_dict(model.state_dict(), strict=False)
    if left.missing_keys:
        raise EngineError(f"a dense model needs {left.missing_keys[0]}, which this one has not")
    return made.eval().requires_grad_(False)
