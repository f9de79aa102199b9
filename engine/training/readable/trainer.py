"""Trains the readable stage: some minutes on one core, the same file for the same seed."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from engine.readable.model import CASES, ReadableConfig, ReadableModel
from engine.readable.readable import Readable, ReadableCard
from engine.readable.spelling import MARKS
from engine.training.readable.corpus import Corpus
from engine.training.readable.texts import mixed_forms
from engine.training.readable.turns import (
    Batch,
    Piece,
    Table,
    batches,
    pause_pieces,
    sentence_pieces,
)

CLIP = 1.0

_ALLOWED = torch.tensor(
    [[bool(marks >> i & 1) for i in range(len(MARKS))] for marks in range(1 << len(MARKS))]
)
"""Which marks are in a set of marks, (sets, marks)."""


@dataclass(frozen=True)
class ReadableTraining:
    """How to train.

    Attributes:
        steps: of the optimizer.
        batch_words: words a step, about.
        warm_up_steps: until the learning rate is at its highest; it falls as a cosine to zero.
        meeting_repeats: how often the meetings are heard for each time that the books are read.
        report_steps: from line to line.
    """

    steps: int = 3_000
    batch_words: int = 4_096
    learning_rate: float = 3e-3
    warm_up_steps: int = 200
    meeting_repeats: int = 3
    report_steps: int = 100
    seed: int = 7
    config: ReadableConfig = field(default_factory=ReadableConfig)


def train(
    corpus: Corpus,
    training: ReadableTraining,
    card: ReadableCard,
    report: Callable[[str], None],
    start: Readable | None = None,
) -> Readable:
    """A stage learned from a corpus; ``report`` gets a line of progress from time to time.

    Weights are taken from ``start``, of the same sizes, if there is one.
    """
    torch.manual_seed(training.seed)
    model = ReadableModel(training.config).train()
    if start is not None:
        model.load_state_dict(start.model.state_dict())
    texts = [text for unit in (*corpus.books, *corpus.meetings) for text in unit]
    stream = _stream(corpus, Table(texts, training.config.buckets), training)
    optimizer = torch.optim.AdamW(model.parameters(), training.learning_rate, weight_decay=1e-4)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: _rate(step, training))
    progress = _Progress(training, report)
    for step in range(1, training.steps + 1):
        batch = next(stream)
        case_loss, mark_loss = losses(model, batch)
        optimizer.zero_grad()
        (case_loss + mark_loss).backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(model.parameters(), CLIP)
        optimizer.step()
        schedule.step()
        progress.add(step, case_loss.item(), mark_loss.item(), batch.words)
    return Readable(model, mixed_forms(texts), card)


def losses(model: ReadableModel, batch: Batch) -> tuple[Tensor, Tensor]:
    """Mean negative log-likelihood of the cases, and of the sets of marks that are allowed."""
    logits, _ = model.step(batch.x, model.initial_state(len(batch.x)))
    case = F.cross_entropy(
        logits[..., :CASES].flatten(0, 1), batch.cases.flatten(), ignore_index=-1, reduction="sum"
    )
    scores = logits[..., CASES:].log_softmax(2)
    allowed = _ALLOWED[batch.marks]
    known = batch.marks > 0
    mark = scores.masked_fill(~allowed, -math.inf)[known].logsumexp(1)
    asked = (batch.cases >= 0).sum().clamp(min=1)
    return case / asked, -mark.sum() / known.sum().clamp(min=1)


def _stream(corpus: Corpus, table: Table, training: ReadableTraining) -> Iterator[Batch]:
    """Batches without end; the turns are cut anew each time that the books are read."""
    rng = np.random.default_rng(training.seed)
    while True:
        pieces = _pieces(corpus, training.meeting_repeats, rng)
        for chosen in batches(pieces, training.batch_words, rng):
            yield table.batch(chosen, training.config.look_ahead_words, rng)


def _pieces(corpus: Corpus, repeats: int, rng: np.random.Generator) -> Sequence[Piece]:
    pieces: list[Piece] = []
    number = 0
    for text in (text for unit in corpus.books for text in unit):
        pieces += sentence_pieces(number, text, rng)
        number += 1
    for text in (text for unit in corpus.meetings for text in unit):
        for _ in range(repeats):
            pieces += pause_pieces(number, text, rng)
        number += 1
    return pieces


def _rate(step: int, training: ReadableTraining) -> float:
    """The share of the learning rate at a step."""
    if step < training.warm_up_steps:
        return (step + 1) / training.warm_up_steps
    done = (step - training.warm_up_steps) / max(1, training.steps - training.warm_up_steps)
    return 0.5 * (1 + math.cos(math.pi * min(1.0, done)))


class _Progress:
    """Says how the losses fall and how long it will take."""

    def __init__(self, training: ReadableTraining, report: Callable[[str], None]) -> None:
        self._training = training
        self._report = report
        self._begin = time.monotonic()
        self._case = self._mark = 0.0
        self._words = 0

    def add(self, step: int, case: float, mark: float, words: int) -> None:
        self._case += case
        self._mark += mark
        self._words += words
        every = self._training.report_steps
        if step % every == 0:
            took = time.monotonic() - self._begin
            left = took / step * (self._training.steps - step) / 60
            self._report(
                f"step {step}/{self._training.steps} case {self._case / every:.4f} "
                f"mark {self._mark / every:.4f} {self._words / took:.0f} words/s, "
                f"{left:.0f} min left"
            )
            self._case = self._mark = 0.0
