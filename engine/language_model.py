"""A trigram model of words with back-off, small enough to travel with a recogniser."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

EDGE = 0
"""The word number that stands for the start and the end of a turn."""

State = tuple[int, ...]
"""The last two words at most, the newest last."""

START: State = (EDGE,)


@dataclass(frozen=True)
class NGram:
    """Natural log-probabilities of one to three words (Katz's back-off form).

    Attributes:
        unigram, back1: (words,): log-probability of each word, and its back-off weight as a
            history.
        first: (words + 1,): where the bigrams of each history begin.
        second, bigram, back2: (bigrams,): the next word, sorted within a history, its
            log-probability, and the back-off weight of the two as a history.
        third_of: (bigrams + 1,): where the trigrams of each bigram begin.
        third, trigram: (trigrams,): the third word, sorted, and its log-probability.
    """

    unigram: NDArray[np.float32]
    back1: NDArray[np.float32]
    first: NDArray[np.int32]
    second: NDArray[np.int32]
    bigram: NDArray[np.float32]
    back2: NDArray[np.float32]
    third_of: NDArray[np.int32]
    third: NDArray[np.int32]
    trigram: NDArray[np.float32]
    _known: dict[tuple[State, int], tuple[float, State]] = field(
        default_factory=dict, repr=False, compare=False
    )

    def score(self, state: State, word: int) -> tuple[float, State]:
        """Log-probability of a word after a state, and the state that follows."""
        key = (state, word)
        known = self._known.get(key)
        if known is None:
            if len(self._known) > MOST_KNOWN:
                self._known.clear()
            known = self._known[key] = (self._look_up(state, word), (*state[-1:], word))
        return known

    def _look_up(self, state: State, word: int) -> float:
        last = state[-1]
        pair = self._bigram(last, word)
        short = (
            float(self.bigram[pair])
            if pair >= 0
            else float(self.back1[last]) + float(self.unigram[word])
        )
        history = self._bigram(state[-2], last) if len(state) > 1 else -1
        if history < 0:
            return short
        begin, end = self.third_of[history], self.third_of[history + 1]
        at = int(begin + np.searchsorted(self.third[begin:end], word))
        if at < end and self.third[at] == word:
            return float(self.trigram[at])
        return float(self.back2[history]) + short

    def _bigram(self, first: int, second: int) -> int:
        begin, end = self.first[first], self.first[first + 1]
        at = int(begin + np.searchsorted(self.second[begin:end], second))
        return at if at < end and self.second[at] == second else -1


MOST_KNOWN = 200_000
"""Answers that are kept: in a beam the same questions come again and again."""
