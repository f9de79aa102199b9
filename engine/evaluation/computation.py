"""What an encoder costs: weights, multiply-adds for a second of audio, and time on one core."""

from __future__ import annotations

import dataclasses
import math
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import torch
from torch import Tensor
from torch.utils.flop_counter import FlopCounterMode

from engine.config import ModelConfig
from engine.evaluation.grid import Grid
from engine.model import SeparatorTransducerSegmenter
from engine.timeline import SAMPLE_RATE

BLOCK = 5
"""Frames that are heard at once, as in a live session of the default model."""

RUNS = 5
"""Timed runs after one that is not; their median counts."""


@dataclass(frozen=True)
class EncoderCost:
    """The cost of all encoders of a model together.

    Attributes:
        parameters: their weights.
        multiply_adds: of matrix products and convolutions for a second of audio; those that are
            masked away count, and additions, norms and activations do not.
        real_time_factor: processor seconds for a second of audio, streamed in blocks; not the
            clock's, so that what else the computer does hardly matters.
        look_ahead_ms: how long a frame waits for what follows it.
    """

    kind: str
    parameters: int
    multiply_adds: float
    real_time_factor: float
    look_ahead_ms: float

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        return dataclasses.asdict(self)


def cost(kind: str, config: ModelConfig, seconds: float = 10.0) -> EncoderCost:
    """Measure the encoders of a model with random weights, in the calling thread alone.

    Args:
        kind: what to call it.
        config: of the model.
        seconds: of audio that is streamed in each run.
    """
    torch.manual_seed(0)
    model = SeparatorTransducerSegmenter(config, 20).eval().requires_grad_(False)
    frame_s = config.frontend.frame / SAMPLE_RATE
    frames = torch.randn(1, round(seconds / frame_s), config.frontend.size)
    run = partial(stream, model, frames, BLOCK)
    encoders = (model.separator.mixture, model.separator.separation, model.transducer.recognition)
    return EncoderCost(
        kind,
        sum(p.numel() for encoder in encoders for p in encoder.parameters()),
        count_multiply_adds(run) / (frames.shape[1] * frame_s),
        _median_seconds(run) / (frames.shape[1] * frame_s),
        1000 * model.look_ahead / SAMPLE_RATE,
    )


@torch.inference_mode()
def stream(model: SeparatorTransducerSegmenter, frames: Tensor, block: int) -> Tensor:
    """What the encoders make of frames (1, time, input), heard in blocks, without their flush."""
    separator, recognition = model.separator.initial_state(1), model.transducer.initial_state(1)
    encoded = []
    for piece in torch.split(frames, block, dim=1):
        streams, separator = model.separator.step(piece, separator)
        rows = streams.transpose(1, 2).flatten(0, 1)
        y, recognition = model.transducer.recognition.step(rows, recognition)
        encoded.append(y)
    return torch.cat(encoded, dim=1)


def count_multiply_adds(run: Callable[[], object]) -> float:
    """Multiply-adds of the matrix products and convolutions that ``run`` computes.

    Torch's own counter, and LSTMs, which on a CPU are one operation that it does not know.
    """
    lstm = torch.ops.aten.lstm  # looked up by its overload to be kept whole, then without
    counter = FlopCounterMode(display=False, custom_mapping={lstm.input: _lstm, lstm: _lstm})
    with counter, torch.inference_mode():
        run()
    return counter.get_total_flops() / 2


def _lstm(x: Any, _: Any, weights: Any, *__: Any, out_shape: Any = None, **___: Any) -> int:
    """Operations of an LSTM over (batch, time, size): each weight once for each frame."""
    each = sum(math.prod(shape) for shape in weights if len(shape) == 2)
    return int(2 * x[0] * x[1] * each)


def _median_seconds(run: Callable[[], object]) -> float:
    run()
    seconds = []
    for _ in range(RUNS):
        began = time.process_time()
        run()
        seconds.append(time.process_time() - began)
    return statistics.median(seconds)


def grid(costs: Sequence[EncoderCost]) -> Grid:
    """The costs as a table."""
    rows = tuple(
        (
            one.kind,
            f"{one.parameters / 1e6:.2f}",
            f"{one.multiply_adds / 1e6:.0f}",
            f"{one.real_time_factor:.4f}",
            f"{one.look_ahead_ms:.0f}",
        )
        for one in costs
    )
    head = ("encoders", "parameters, M", "M multiply-adds/s", "real-time factor", "look-ahead, ms")
    note = f"One channel, one core, {BLOCK} frames at a time; median of {RUNS} runs after one."
    return Grid("Encoders", head, rows, note)
