"""A prediction network of LSTM layers normalised inside, as torchaudio's transducers have it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.config import TransducerConfig

EPSILON = 1e-3


@dataclass(frozen=True)
class PredictionState:
    """What the prediction network remembers of a hypothesis.

    Attributes:
        history: the last tokens, (batch, context), oldest first; blank where there was none.
        hidden, cell: state of an LSTM network, (batch, size), its layers one after the other; empty
            for a stateless one.
    """

    history: Tensor
    hidden: Tensor
    cell: Tensor


class NormalisedLstm(nn.Module):
    """An LSTM whose gates and cells go through layer normalisation (arXiv 1607.06450)."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.x2g = nn.Linear(size, 4 * size, bias=False)
        self.p2g = nn.Linear(size, 4 * size, bias=False)
        self.c_norm = nn.LayerNorm(size, eps=EPSILON)
        self.g_norm = nn.LayerNorm(4 * size, eps=EPSILON)

    def forward(self, x: Tensor, hidden: Tensor, cell: Tensor) -> tuple[Tensor, Tensor]:
        """One step, everything (batch, size): the next hidden and cell state."""
        gates = self.g_norm(self.x2g(x) + self.p2g(hidden))
        let_in, keep, new, let_out = gates.chunk(4, dim=-1)
        cell = self.c_norm(keep.sigmoid() * cell + let_in.sigmoid() * new.tanh())
        return let_out.sigmoid() * cell.tanh(), cell


class NormalisedLstmPrediction(nn.Module):
    """Layers of :class:`NormalisedLstm` over all tokens so far, projected and normalised.

    Names of weights are those of ``torchaudio.models.RNNT.predictor``, so that they fit.
    """

    def __init__(self, vocabulary: int, config: TransducerConfig) -> None:
        super().__init__()
        width = config.prediction_width
        self.embedding = nn.Embedding(vocabulary, width)
        self.input_layer_norm = nn.LayerNorm(width)
        self.lstm_layers = nn.ModuleList(
            NormalisedLstm(width) for _ in range(config.prediction_layers)
        )
        self.linear = nn.Linear(width, config.prediction_size)
        self.output_layer_norm = nn.LayerNorm(config.prediction_size)

    def initial_state(self, batch: int) -> PredictionState:
        """The state after one blank, which stands for the start."""
        weight = self.embedding.weight
        blank = torch.zeros(batch, 1, dtype=torch.long, device=weight.device)
        zeros = weight.new_zeros(batch, weight.shape[1] * len(self.lstm_layers))
        return self.step(blank[:, 0], PredictionState(blank, zeros, zeros))[1]

    def step(self, tokens: Tensor, state: PredictionState) -> tuple[Tensor, PredictionState]:
        """Append ``tokens`` (batch,) and return the output (batch, size) that follows them."""
        x = self.input_layer_norm(self.embedding(tokens))
        count = len(self.lstm_layers)
        before = zip(state.hidden.chunk(count, 1), state.cell.chunk(count, 1), strict=True)
        after = []
        for layer, (hidden, cell) in zip(self.lstm_layers, before, strict=True):
            x, cell = cast("NormalisedLstm", layer)(x, hidden, cell)
            after.append((x, cell))
        hidden, cell = (torch.cat(parts, dim=1) for parts in zip(*after, strict=True))
        state = PredictionState(tokens[:, None], hidden, cell)
        return self.output(state), state

    def output(self, state: PredictionState) -> Tensor:
        """What the history predicts, (batch, size)."""
        last = state.hidden.chunk(len(self.lstm_layers), dim=1)[-1]
        normalised: Tensor = self.output_layer_norm(self.linear(last))
        return normalised

    def forward(self, tokens: Tensor) -> Tensor:
        """All prefixes of ``tokens`` (batch, length): (batch, length + 1, size)."""
        weight = self.embedding.weight
        zeros = weight.new_zeros(len(tokens), weight.shape[1] * len(self.lstm_layers))
        state, outputs = PredictionState(tokens[:, :1], zeros, zeros), []
        for token in F.pad(tokens, (1, 0)).unbind(1):
            y, state = self.step(token, state)
            outputs.append(y)
        return torch.stack(outputs, dim=1)
