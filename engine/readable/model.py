"""The network: a causal recurrence over words that waits for two more before it decides."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.errors import ConfigError
from engine.readable.features import NOTHING, RESERVED, TURN_ENDS, TURN_GOES_ON, WIDTH
from engine.readable.spelling import MARKS, Case
from engine.streaming import StreamingStage

CASES = len(Case)
LOGITS = CASES + len(MARKS)
"""Size of an output frame: first the cases, then the marks."""


@dataclass(frozen=True)
class ReadableConfig:
    """Sizes of the network.

    Attributes:
        buckets: hash buckets of the word features.
        size: of a word's embedding.
        hidden: of the recurrence, and of the layer after it.
        look_ahead_words: how many later words a decision waits for.
        dropout: of embeddings and the last layer, in training.
    """

    buckets: int = 24_576
    size: int = 64
    hidden: int = 224
    look_ahead_words: int = 2
    dropout: float = 0.1

    def validate(self) -> None:
        """Raises: ConfigError."""
        small = min(self.buckets - RESERVED, self.size, self.hidden, self.look_ahead_words)
        if small < 1 or not 0 <= self.dropout < 1:
            raise ConfigError(f"These sizes make no network for readable text: {self}.")


@dataclass(frozen=True)
class ReadableState:
    """What was heard of a turn.

    Attributes:
        hidden: of the recurrence (1, batch, hidden).
        waiting: embeddings of the last words, not decided yet (batch, up to look-ahead, size).
    """

    hidden: Tensor
    waiting: Tensor


class ReadableModel(StreamingStage[ReadableState]):
    """Word features (batch, words, WIDTH) to logits (batch, words, LOGITS), a turn a stream."""

    def __init__(self, config: ReadableConfig) -> None:
        super().__init__()
        config.validate()
        self.config = config
        self.embedding = nn.EmbeddingBag(
            config.buckets, config.size, mode="sum", padding_idx=NOTHING
        )
        nn.init.normal_(self.embedding.weight, std=0.1)
        self.norm = nn.LayerNorm(config.size)
        self.recurrence = nn.GRU(config.size, config.hidden, batch_first=True)
        seen = config.hidden + (config.look_ahead_words + 1) * config.size
        self.inner = nn.Linear(seen, config.hidden)
        self.output = nn.Linear(config.hidden, LOGITS)
        self.dropout = nn.Dropout(config.dropout)

    def initial_state(self, batch: int) -> ReadableState:
        """A turn begins."""
        weight = self.output.weight
        hidden = weight.new_zeros(1, batch, self.config.hidden)
        return ReadableState(hidden, weight.new_zeros(batch, 0, self.config.size))

    def step(self, x: Tensor, state: ReadableState) -> tuple[Tensor, ReadableState]:
        """Go on with some words; out come those that have their look-ahead now."""
        ahead = self.config.look_ahead_words
        if not x.shape[1]:
            return x.new_zeros(x.shape[0], 0, LOGITS, dtype=state.waiting.dtype), state
        embedded = self._embed(x)
        heard, hidden = self.recurrence(embedded, state.hidden)
        words = torch.cat([state.waiting, embedded], dim=1)
        decided = max(0, words.shape[1] - ahead)
        heard = heard[:, heard.shape[1] - decided :]
        window = [words[:, i : i + decided] for i in range(ahead + 1)]
        inner = F.relu(self.inner(torch.cat([heard, *window], dim=2)))
        return self.output(self.dropout(inner)), ReadableState(hidden, words[:, decided:])

    def flush(self, state: ReadableState) -> Tensor:
        """The last words of a turn that is over."""
        return self._end(state, TURN_ENDS)

    def peek(self, state: ReadableState) -> Tensor:
        """A first guess at the last words of a turn that goes on; the state can be used further."""
        return self._end(state, TURN_GOES_ON)

    def _end(self, state: ReadableState, feature: int) -> Tensor:
        batch = state.waiting.shape[0]
        ending = torch.full((batch, self.config.look_ahead_words, WIDTH), NOTHING)
        ending[:, :, 0] = feature
        y, _ = self.step(ending.to(state.waiting.device), state)
        return y

    def _embed(self, x: Tensor) -> Tensor:
        bags = self.embedding(x.reshape(-1, x.shape[2]))
        embedded: Tensor = self.dropout(self.norm(bags.view(*x.shape[:2], -1)))
        return embedded
