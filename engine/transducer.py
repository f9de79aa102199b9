"""The transducer: recognition encoder, prediction network and joiner, tied over the channels.

There is one object of each; channels are rows of a batch (arXiv 2205.05199, 1211.3711).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.config import TransducerConfig
from engine.encoders import build_encoder
from engine.prediction import NormalisedLstmPrediction, PredictionState

__all__ = ["LstmPrediction", "PredictionState", "StatelessPrediction", "Transducer"]


class StatelessPrediction(nn.Module):
    """Sees the last ``context`` tokens only (arXiv 1911.02150 calls it a stateless decoder)."""

    def __init__(self, vocabulary: int, config: TransducerConfig) -> None:
        super().__init__()
        self.context = config.context
        self.embedding = nn.Embedding(vocabulary, config.prediction_size)
        self.combine = nn.Linear(config.context * config.prediction_size, config.prediction_size)

    def initial_state(self, batch: int) -> PredictionState:
        """No token said yet: a history of blanks."""
        weight = self.embedding.weight
        history = torch.zeros(batch, self.context, dtype=torch.long, device=weight.device)
        return PredictionState(history, weight.new_zeros(batch, 0), weight.new_zeros(batch, 0))

    def step(self, tokens: Tensor, state: PredictionState) -> tuple[Tensor, PredictionState]:
        """Append ``tokens`` (batch,) and return the output (batch, size) that follows them."""
        history = torch.cat([state.history[:, 1:], tokens[:, None]], dim=1)
        state = PredictionState(history, state.hidden, state.cell)
        return self.output(state), state

    def output(self, state: PredictionState) -> Tensor:
        """What the history predicts, (batch, size)."""
        return F.silu(self.combine(self.embedding(state.history).flatten(1)))

    def forward(self, tokens: Tensor) -> Tensor:
        """All prefixes of ``tokens`` (batch, length): (batch, length + 1, size)."""
        padded = F.pad(tokens, (self.context, 0))
        windows = padded.unfold(1, self.context, 1)
        return F.silu(self.combine(self.embedding(windows).flatten(2)))


class LstmPrediction(nn.Module):
    """One LSTM layer over all tokens so far, as in the original transducer."""

    def __init__(self, vocabulary: int, config: TransducerConfig) -> None:
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, config.prediction_size)
        self.lstm = nn.LSTM(config.prediction_size, config.prediction_size, batch_first=True)

    def initial_state(self, batch: int) -> PredictionState:
        """The state after one blank, which stands for the start."""
        weight = self.embedding.weight
        blank = torch.zeros(batch, 1, dtype=torch.long, device=weight.device)
        zeros = weight.new_zeros(batch, self.lstm.hidden_size)
        return self.step(blank[:, 0], PredictionState(blank, zeros, zeros))[1]

    def step(self, tokens: Tensor, state: PredictionState) -> tuple[Tensor, PredictionState]:
        """Append ``tokens`` (batch,) and return the output (batch, size) that follows them."""
        x = self.embedding(tokens)[:, None]
        y, (hidden, cell) = self.lstm(x, (state.hidden[None], state.cell[None]))
        return y[:, 0], PredictionState(tokens[:, None], hidden[0], cell[0])

    def output(self, state: PredictionState) -> Tensor:
        """What the history predicts, (batch, size)."""
        return state.hidden

    def forward(self, tokens: Tensor) -> Tensor:
        """All prefixes of ``tokens`` (batch, length): (batch, length + 1, size)."""
        y: Tensor = self.lstm(self.embedding(F.pad(tokens, (1, 0))))[0]
        return y


PREDICTIONS: dict[str, Callable[[int, TransducerConfig], Any]] = {
    "stateless": StatelessPrediction,
    "lstm": LstmPrediction,
    "normalised_lstm": NormalisedLstmPrediction,
}


class Transducer(nn.Module):
    """The tied part of the model. ``size`` is the width of the channel streams that it reads."""

    def __init__(self, size: int, vocabulary: int, config: TransducerConfig) -> None:
        super().__init__()
        self.config = config
        self.recognition = build_encoder(size, config.recognition)
        self.prediction = PREDICTIONS[config.prediction](vocabulary, config)
        self.encoder_projection = nn.Linear(config.recognition.size, config.joint_size)
        self.prediction_projection = nn.Linear(config.prediction_size, config.joint_size)
        self.output = nn.Linear(config.joint_size, vocabulary)

    def initial_state(self, batch: int) -> Any:
        """State of the recognition encoder."""
        return self.recognition.initial_state(batch)

    def joint(self, encoded: Tensor, predicted: Tensor) -> Tensor:
        """Unnormalised scores of the next token.

        Both inputs must broadcast: (..., recognition size) and (..., prediction size) to
        (..., vocabulary).
        """
        return self.scores(self.encoder_projection(encoded), self.prediction_projection(predicted))

    def scores(self, encoded: Tensor, predicted: Tensor) -> Tensor:
        """The same of inputs that were projected already, (..., joint size)."""
        x = encoded + predicted
        scores: Tensor = self.output(F.relu(x) if self.config.joint == "relu" else torch.tanh(x))
        return scores

    def lattice(self, encoded: Tensor, tokens: Tensor) -> Tensor:
        """Log-probabilities in float32 over the whole lattice.

        Shapes: (batch, time, size) and (batch, length) to (batch, time, length + 1, vocabulary).
        """
        predicted = self.prediction(tokens)
        scores = self.joint(encoded[:, :, None], predicted[:, None])
        return torch.log_softmax(scores.float(), dim=-1)
