"""Diagonal Fisher information of a model: per example, of the loss of its words.

``F_i = mean over examples of (d log p(y | x) / d theta_i)^2`` with the transcripts that are there
(the empirical Fisher information), without dropout and masks. An example is one scene of training.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import islice
from pathlib import Path

import torch
from torch import Tensor

from engine import checkpoint
from engine.config import ModelConfig, from_dict
from engine.data.targets import Batch
from engine.errors import EngineError
from engine.fairness.consolidation import Importance
from engine.model import SeparatorTransducerSegmenter
from engine.training.objective import Losses, Objective, ObjectiveConfig
from engine.training.trainer import read_run

WORDS_ONLY = ObjectiveConfig(
    fastemit=0.0, activity=0.0, phones=0.0, voices=0.0, marks=0.0, eot_early=0.0, eot_late=0.0
)
"""Minus the log-probability of the tokens, and nothing else."""

Say = Callable[[str], None]


def fisher_information(
    model: SeparatorTransducerSegmenter,
    batches: Iterable[Batch],
    examples: int,
    say: Say = lambda _: None,
) -> Importance:
    """Of ``examples`` batches of one scene each; scenes without words are passed over.

    Raises:
        EngineError: when none has words.
    """
    parameters = dict(model.named_parameters())
    squares = {name: torch.zeros_like(p) for name, p in parameters.items()}
    modes = {p: p.requires_grad for p in parameters.values()}
    model.eval().requires_grad_(True)
    count = 0
    for batch in islice((b for b in batches if _tokens(b)), examples):
        gradients = torch.autograd.grad(
            words_loss(model, batch), list(parameters.values()), allow_unused=True
        )
        for square, gradient in zip(squares.values(), gradients, strict=True):
            if gradient is not None:
                square += gradient.square()
        count += 1
        if count % 20 == 0:
            say(f"{count} of {examples} examples")
    for parameter, mode in modes.items():
        parameter.requires_grad_(mode)
    if not count:
        raise EngineError("No example has words: give the data that the model was trained on.")
    start = {name: p.detach().clone() for name, p in parameters.items()}
    return Importance(start, {name: s / count for name, s in squares.items()}, count)


def words_loss(model: SeparatorTransducerSegmenter, batch: Batch) -> Tensor:
    """Minus the log-probability of all tokens of a batch, nats."""
    frames, _ = model.frontend.step(batch.audio, model.frontend.initial_state(len(batch.audio)))
    losses: Losses = Objective(model, WORDS_ONLY, [])(model, model.encode(frames), batch)
    return losses.total * _tokens(batch)


def _tokens(batch: Batch) -> int:
    """How many are to be learned: of the rows (channels) of scenes with known words."""
    rows = batch.transcribed.repeat_interleave(len(batch.token_lengths) // len(batch.transcribed))
    return int(batch.token_lengths[rows].sum())


def read_model(source: Path) -> SeparatorTransducerSegmenter:
    """The model of a run folder (its averaged weights) or of a model file.

    Raises:
        EngineError: when it is neither.
    """
    if source.is_file():
        return checkpoint.load(source).model
    saved = read_run(source)
    config = from_dict(ModelConfig, saved["config"])
    model = SeparatorTransducerSegmenter(config, len(saved["averaged"]["transducer.output.bias"]))
    model.load_state_dict(saved["averaged"])
    return model
