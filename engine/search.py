"""Streaming search: encodings to tokens, channel by channel, as they come.

Greedy search says each token once and for good. Beam search keeps several hypotheses a channel:
what all of them share is committed, the rest of the best one is partial and may change.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Generic, Protocol, TypeVar

import torch
from torch import Tensor

from engine.config import SearchConfig
from engine.tokens import BLANK, EOT
from engine.transducer import PredictionState, Transducer


@dataclass(frozen=True, slots=True)
class Emission:
    """A token that a channel said at a frame (counted from the start of the meeting)."""

    token: int
    frame: int
    confidence: float
    begun: int | None = None  # frame at which the word began, where the search knows it


@dataclass(frozen=True)
class Found:
    """What a channel said: ``committed`` since the last call, and the ``partial`` tail for now."""

    committed: tuple[Emission, ...]
    partial: tuple[Emission, ...] = ()


class Search(Protocol):
    """A search over K channels; it holds the hypotheses of one meeting."""

    def accept(self, encoded: Tensor) -> list[Found]:
        """Go on with encodings (time, channels, size); one result a channel."""

    def finish(self) -> list[Found]:
        """Commit what is still partial."""


def make_search(transducer: Transducer, channels: int, config: SearchConfig) -> Search:
    """The search for tokens that ``config`` asks for."""
    if config.beam == 1:
        return GreedySearch(transducer, channels, config)
    return TokenBeamSearch(transducer, channels, config)


def _project(transducer: Transducer, state: PredictionState) -> Tensor:
    """What a history predicts, as the joiner takes it, (batch, joint size)."""
    projected: Tensor = transducer.prediction_projection(transducer.prediction.output(state))
    return projected


def log_probabilities(
    transducer: Transducer, encoded: Tensor, predicted: Tensor, config: SearchConfig
) -> Tensor:
    """Log-probabilities of the next token, (batch, vocabulary), of projected inputs."""
    scores = transducer.scores(encoded, predicted).float()
    scores[:, BLANK] += config.blank_bias
    scores[:, EOT] += config.turn_bias
    return torch.log_softmax(scores, dim=-1)


class GreedySearch:
    """The best token at each step, all channels side by side."""

    def __init__(self, transducer: Transducer, channels: int, config: SearchConfig) -> None:
        self._transducer = transducer
        self._config = config
        self._state = transducer.prediction.initial_state(channels)
        self._predicted = _project(self._transducer, self._state)
        self._frame = 0

    def accept(self, encoded: Tensor) -> list[Found]:
        """Go on with encodings (time, channels, size); all that is found is committed."""
        said: list[list[Emission]] = [[] for _ in range(encoded.shape[1])]
        for projected in self._transducer.encoder_projection(encoded):
            for _ in range(self._config.max_symbols):
                if not self._say(projected, said):
                    break
            self._frame += 1
        return [Found(tuple(emissions)) for emissions in said]

    def finish(self) -> list[Found]:
        """Nothing, since nothing was partial."""
        return [Found(()) for _ in range(len(self._predicted))]

    def _say(self, projected: Tensor, said: list[list[Emission]]) -> bool:
        """One token at most for each channel; whether any said one."""
        scored = log_probabilities(self._transducer, projected, self._predicted, self._config)
        best = scored.max(dim=-1)
        tokens = best.indices.tolist()
        if not any(token != BLANK for token in tokens):
            return False
        confidences = best.values.exp().tolist()
        for k, token in enumerate(tokens):
            if token != BLANK:
                said[k].append(Emission(token, self._frame, confidences[k]))
        self._advance(best.indices)
        return True

    def _advance(self, tokens: Tensor) -> None:
        """Move the prediction on where a token was said, and leave it alone elsewhere."""
        _, moved = self._transducer.prediction.step(tokens, self._state)
        spoke = (tokens != BLANK)[:, None]
        self._state = PredictionState(
            torch.where(spoke, moved.history, self._state.history),
            torch.where(spoke, moved.hidden, self._state.hidden),
            torch.where(spoke, moved.cell, self._state.cell),
        )
        self._predicted = _project(self._transducer, self._state)


@dataclass(frozen=True, slots=True)
class Reading:
    """A way to understand a channel so far.

    Attributes:
        emissions: tokens since the last commitment.
        score: log-probability, relative to the best at the last commitment.
    """

    emissions: tuple[Emission, ...]
    score: float

    @property
    def tokens(self) -> tuple[int, ...]:
        """Token ids since the last commitment."""
        return tuple(e.token for e in self.emissions)


R = TypeVar("R", bound=Reading)

LONGEST_DOUBT_FRAMES = 75
"""How long readings may differ in a token: three seconds."""


class BeamSearch(ABC, Generic[R]):
    """Frame-synchronous beam search with one token a frame at most; a beam for each channel."""

    def __init__(
        self, transducer: Transducer, channels: int, config: SearchConfig, start: R
    ) -> None:
        self._transducer = transducer
        self._config = config
        self._beams: list[list[R]] = [[start] for _ in range(channels)]
        self._frame = 0

    @abstractmethod
    def _extend(self, channel: int, beam: Sequence[R], projected: Tensor) -> list[R]:
        """The best readings after one more frame (joint size,), the best one first."""

    def accept(self, encoded: Tensor) -> list[Found]:
        """Go on with encodings (time, channels, size)."""
        said: list[list[Emission]] = [[] for _ in self._beams]
        for projected in self._transducer.encoder_projection(encoded):
            for k, beam in enumerate(self._beams):
                self._beams[k] = self._extend(k, beam, projected[k])
                said[k] += self._commit(k)
            self._frame += 1
        partial = [beam[0].emissions for beam in self._beams]
        return [Found(tuple(s), p) for s, p in zip(said, partial, strict=True)]

    def finish(self) -> list[Found]:
        """Commit the best reading of each channel; a word that it is inside of is dropped."""
        for k, beam in enumerate(self._beams):
            self._beams[k] = beam[:1]
        return [Found(self._commit(k)) for k in range(len(self._beams))]

    def _commit(self, channel: int) -> tuple[Emission, ...]:
        """Take off what all readings share; scores are made relative to the best.

        What the best one said long ago is taken off too, with the readings that differ in it: two
        that never agree must not keep a meeting's words from being final.
        The times are those of the best reading. Others may have said the same earlier, so what
        they said after it is moved to that time at the earliest.
        """
        beam = self._beams[channel]
        best = beam[0]
        shared = agreed([r.tokens for r in beam], best.emissions, self._frame)
        said = best.emissions[:shared]
        self._beams[channel] = [
            replace(r, emissions=_after(said, r.emissions[shared:]), score=r.score - best.score)
            for r in beam
            if r.tokens[:shared] == best.tokens[:shared]
        ]
        return said


@dataclass(frozen=True, slots=True)
class Hypothesis(Reading):
    """Tokens with the prediction that follows them."""

    state: PredictionState
    projected: Tensor


class TokenBeamSearch(BeamSearch[Hypothesis]):
    """Beam search for tokens; equal sequences of them merge."""

    def __init__(self, transducer: Transducer, channels: int, config: SearchConfig) -> None:
        state = transducer.prediction.initial_state(1)
        start = Hypothesis((), 0.0, state, _project(transducer, state))
        super().__init__(transducer, channels, config, start)

    def _extend(
        self, channel: int, beam: Sequence[Hypothesis], projected: Tensor
    ) -> list[Hypothesis]:
        predicted = torch.cat([h.projected for h in beam])
        log_probs = log_probabilities(self._transducer, projected, predicted, self._config)
        totals = log_probs + torch.tensor([[h.score] for h in beam], device=log_probs.device)
        best = totals.flatten().topk(min(2 * self._config.beam, totals.numel()))
        merged: dict[tuple[int, ...], Hypothesis] = {}
        for score, index in zip(best.values.tolist(), best.indices.tolist(), strict=True):
            row, token = divmod(index, log_probs.shape[1])
            confidence = math.exp(log_probs[row, token].item())
            self._add(merged, beam[row], token, score, confidence)
        return sorted(merged.values(), key=lambda h: -h.score)[: self._config.beam]

    def _add(
        self,
        merged: dict[tuple[int, ...], Hypothesis],
        parent: Hypothesis,
        token: int,
        score: float,
        confidence: float,
    ) -> None:
        tokens = parent.tokens if token == BLANK else (*parent.tokens, token)
        same = merged.get(tokens)
        if same is not None:
            total = max(same.score, score) + math.log1p(math.exp(-abs(same.score - score)))
            merged[tokens] = replace(same, score=total)
        elif token == BLANK:
            merged[tokens] = replace(parent, score=score)
        else:
            spoken = Emission(token, self._frame, confidence)
            _, state = self._transducer.prediction.step(
                torch.tensor([token], device=parent.projected.device), parent.state
            )
            projected = _project(self._transducer, state)
            merged[tokens] = Hypothesis((*parent.emissions, spoken), score, state, projected)


def agreed(readings: Sequence[tuple[int, ...]], best: Sequence[Emission], frame: int) -> int:
    """How many tokens of the best reading are final: all say them, or they are old by now."""
    shared = 0
    for tokens in zip(*readings, strict=False):
        if len(set(tokens)) > 1:
            break
        shared += 1
    return max(shared, sum(e.frame < frame - LONGEST_DOUBT_FRAMES for e in best))


def _after(said: Sequence[Emission], tail: tuple[Emission, ...]) -> tuple[Emission, ...]:
    """``tail``, no part of it earlier than what was said."""
    if not said:
        return tail
    return tuple(replace(e, frame=max(e.frame, said[-1].frame)) for e in tail)
