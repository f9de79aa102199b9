"""Beam search for words of a lexicon, with a language model, while the meeting goes on.

Frame by frame (at most one token each) every hypothesis walks down the tree of spellings. Where a
word ends, the language model has its say; inside a word the likeliest word of the branch stands for
it (Ney and Ortmanns 1999, look-ahead). Turn tokens are possible between words only, and whether a
turn has begun or ended is decided as soon as it is more likely than not. Hypotheses that agree in
their last two words, their place in the tree and the tokens that the prediction network sees have
the same future: the better one goes on.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engine.config import SearchConfig
from engine.errors import ConfigError
from engine.language_model import START, State
from engine.search import BeamSearch, Emission, Reading, log_probabilities
from engine.tokens import BLANK, CHANGE, EOT, SOT, SPECIAL, UNKNOWN
from engine.transducer import PredictionState, StatelessPrediction, Transducer
from engine.turn_watch import TurnWatch
from engine.word_model import WordModel

ROOT = 0
TURN_TOKENS = [token for token in range(SPECIAL) if token not in (BLANK, UNKNOWN)]
Scores = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class WordHypothesis(Reading):
    """Words and turn tokens, and where in a word a channel is.

    The score is of sound and language together, inside a word with the promise of the branch.

    Attributes:
        history: the last tokens, as the prediction network sees them.
        node: place in the tree of spellings.
        state: last words.
        begun: frame of the first token of the word that is being said.
        heard: sum of the acoustic log-probabilities of its tokens so far.
        length: how many there are.
        is_open: whether a turn is open.
    """

    history: tuple[int, ...]
    node: int = ROOT
    state: State = START
    begun: int = 0
    heard: float = 0.0
    length: int = 0
    is_open: bool = False


class LexiconSearch(BeamSearch[WordHypothesis]):
    """The search of K channels of one meeting.

    Args:
        transducer: with a stateless prediction network.
        channels: K.
        config: ``beam``, ``lm_scale``, ``word_bonus``, ``margin``, ``turn_share`` and the biases.
        words: lexicon and language model.

    Raises:
        ConfigError: for another prediction network.
    """

    def __init__(
        self,
        transducer: Transducer,
        channels: int,
        config: SearchConfig,
        words: WordModel,
    ) -> None:
        if not isinstance(transducer.prediction, StatelessPrediction):
            raise ConfigError("A lexicon needs a model with a stateless prediction network.")
        start = WordHypothesis((), 0.0, (BLANK,) * transducer.prediction.context)
        super().__init__(transducer, channels, config, start)
        self._tree = words.tree
        self._language = words.language
        self._promise = config.lm_scale * self._tree.promise
        self._promise[ROOT] = 0.0  # between words nothing is promised yet
        self._predicted: dict[tuple[int, ...], Tensor] = {}
        self._watches = [TurnWatch(config.turn_share) for _ in range(channels)]

    def _extend(
        self, channel: int, beam: Sequence[WordHypothesis], projected: Tensor
    ) -> list[WordHypothesis]:
        predicted = torch.stack([self._prediction(h.history) for h in beam])
        log_probs = log_probabilities(self._transducer, projected, predicted, self._config)
        spoken: Scores = log_probs.cpu().numpy()
        totals = self._totals(beam, spoken)
        best: dict[tuple[int, State, tuple[int, ...]], WordHypothesis] = {}
        least = totals.max() - self._config.margin
        for row, token in self._best(totals, least):
            score, heard = float(totals[row, token]), float(spoken[row, token])
            for found in self._said(channel, beam[row], token, score, heard):
                key = (found.node, found.state, found.history)
                same = best.get(key)
                if same is None or found.score > same.score:
                    best[key] = found
        ranked = sorted(best.values(), key=lambda h: -h.score)[: self._config.beam]
        return self._decided(channel, beam[0], spoken[0], ranked)

    def _decided(
        self,
        channel: int,
        before: WordHypothesis,
        spoken: NDArray[np.float32],
        ranked: list[WordHypothesis],
    ) -> list[WordHypothesis]:
        """The hypotheses that go on: within the margin, and of one mind about the turn."""
        tokens = (EOT, CHANGE) if before.is_open else (SOT, CHANGE)
        chance = float(np.exp(spoken[list(tokens)]).sum())
        watch = self._watches[channel]
        if before.node == ROOT and watch.due(before.is_open, chance):
            changed = [h for h in ranked if h.is_open != before.is_open]
            if not changed:
                token = max(tokens, key=lambda t: float(spoken[t]))
                changed = list(
                    self._said(channel, before, token, before.score, float(spoken[token]))
                )
            # the words of a turn that is over are settled
            ranked = changed if changed[0].is_open else changed[:1]
        return [h for h in ranked if h.score >= ranked[0].score - self._config.margin]

    def _totals(self, beam: Sequence[WordHypothesis], spoken: Scores) -> Scores:
        """Scores of all continuations (hypotheses, vocabulary), with the promise of branches."""
        nodes = np.array([h.node for h in beam])
        children = self._tree.children[nodes]
        gain = self._promise[children] - self._promise[nodes][:, None]
        plain = np.array([h.score for h in beam], dtype=np.float32)[:, None] + spoken
        totals = np.where(children >= 0, plain + gain, -np.inf)
        totals[:, BLANK] = plain[:, BLANK]
        between = np.ix_(nodes == ROOT, TURN_TOKENS)
        totals[between] = plain[between]
        return totals

    def _best(self, totals: Scores, least: float) -> Iterator[tuple[int, int]]:
        flat = totals.ravel()
        count = min(2 * self._config.beam, flat.size)
        for index in np.argpartition(flat, -count)[-count:].tolist():
            if flat[index] >= least:
                yield divmod(index, totals.shape[1])

    def _said(
        self, channel: int, before: WordHypothesis, token: int, score: float, heard: float
    ) -> Iterator[WordHypothesis]:
        """What a hypothesis becomes with one more token: inside a word, or with words ended."""
        if token == BLANK:
            yield replace(before, score=score)
            return
        history = (*before.history[1:], token)
        if token < SPECIAL:
            is_open = token == SOT or (token == CHANGE and (channel == 0 or not before.is_open))
            yield self._turned(before, token, score, history, heard, is_open)
            return
        node = int(self._tree.children[before.node, token])
        began = self._frame if before.node == ROOT else before.begun
        heard, length = before.heard + heard, before.length + 1
        inside = WordHypothesis(
            before.emissions,
            score,
            history,
            node,
            before.state,
            began,
            heard,
            length,
            before.is_open,
        )
        if self._tree.inner[node]:
            yield inside
        for word in self._tree.words[node]:
            yield self._ended(inside, word)

    def _turned(
        self,
        before: WordHypothesis,
        token: int,
        score: float,
        history: tuple[int, ...],
        heard: float,
        is_open: bool,
    ) -> WordHypothesis:
        spoken = Emission(token, self._frame, math.exp(heard))
        state = START if token in (SOT, EOT) else before.state
        return WordHypothesis(
            (*before.emissions, spoken), score, history, ROOT, state, is_open=is_open
        )

    def _ended(self, inside: WordHypothesis, word: int) -> WordHypothesis:
        likely, state = self._language.score(inside.state, word)
        score = inside.score - float(self._promise[inside.node])
        score += self._config.lm_scale * likely + self._config.word_bonus
        confidence = math.exp(inside.heard / inside.length)
        spoken = Emission(SPECIAL + word, self._frame, confidence, inside.begun)
        return WordHypothesis(
            (*inside.emissions, spoken),
            score,
            inside.history,
            ROOT,
            state,
            is_open=inside.is_open,
        )

    def _prediction(self, history: tuple[int, ...]) -> Tensor:
        """What the tokens predict, as the joiner takes it, (joint size,)."""
        known = self._predicted.get(history)
        if known is None:
            if len(self._predicted) > MOST_KNOWN:
                self._predicted.clear()
            device = self._transducer.output.weight.device
            empty = torch.zeros(1, 0, device=device)
            state = PredictionState(torch.tensor([history], device=device), empty, empty)
            output = self._transducer.prediction.output(state)
            known = self._predicted[history] = self._transducer.prediction_projection(output)[0]
        return known


MOST_KNOWN = 20_000
"""Predictions that are kept: a few tokens of history come again and again."""
