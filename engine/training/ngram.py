"""Text to a trigram model: interpolated Kneser-Ney, pruned by counts (Chen and Goodman 1998).

Own code, because the usual tools are programs that a package index does not have, and because a
pruned model of these few arrays is what travels with a recogniser.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.errors import EngineError
from engine.language_model import EDGE, NGram

Ids = NDArray[np.int64]
Reals = NDArray[np.floating[Any]]

UNKNOWN = -1
"""Stands for a word that is not in the list; n-grams with it are not counted."""

_LEAST = 1e-9


@dataclass(frozen=True)
class _Counts:
    """N-grams of one order, sorted: what comes before their last word, that word, how often."""

    keys: Ids
    seen: Reals
    words: int

    @property
    def last(self) -> Ids:
        return self.keys % self.words

    @property
    def before(self) -> Ids:
        """Keys of the n-grams without their last word."""
        return self.keys // self.words

    @property
    def discount(self) -> float:
        """Of every count, by how many n-grams were seen once and twice (Ney et al. 1994)."""
        once, twice = (
            int((self.seen < 1.5).sum()),
            int(((self.seen >= 1.5) & (self.seen < 2.5)).sum()),
        )
        return min(0.95, max(0.1, once / max(1, once + 2 * twice)))


def train(
    sentences: Iterable[tuple[Sequence[int], int]], words: int, least: tuple[int, int] = (2, 2)
) -> NGram:
    """A model of sentences of word numbers (``UNKNOWN`` where one is not in the list).

    Args:
        sentences: numbers of the words of each, and how often it counts.
        words: how many numbers there are, that of the edge included.
        least: bigrams and trigrams seen less often are pruned; the second is not the smaller.

    Raises:
        EngineError: when there is no text.
    """
    text, weight = _joined(sentences)
    if len(text) < 4:
        raise EngineError("There is no text to learn a language model from: give some.")
    two, three = (_count(text, weight, order, words) for order in (2, 3))
    head = np.searchsorted(two.keys, three.before)
    tail = np.searchsorted(two.keys, three.keys % words**2)
    p1 = np.bincount(two.last, minlength=words) + 0.5
    p1 /= p1.sum()
    # how many words came before a pair says more than how often it came, but at the start none can
    before = np.bincount(tail, minlength=len(two.keys)).astype(np.float64)
    pairs = np.where(two.before == EDGE, two.seen, before)
    p2 = _interpolated(pairs, two.before, words, two.discount, p1[two.last])
    p3 = _interpolated(three.seen, head, len(two.keys), three.discount, p2[tail])
    keep2 = two.seen >= least[0]
    keep3 = (three.seen >= least[1]) & keep2[head]
    back1 = _back_off(p2[keep2], p1[two.last[keep2]], two.before[keep2], words)
    lower = np.where(keep2, p2, back1[two.before] * p1[two.last])
    kept = int(keep2.sum())
    history = (np.cumsum(keep2) - 1)[head[keep3]]
    back2 = _back_off(p3[keep3], lower[tail[keep3]], history, kept)
    return NGram(
        unigram=_log(p1),
        back1=_log(back1),
        first=_begins(two.before[keep2], words),
        second=two.last[keep2].astype(np.int32),
        bigram=_log(p2[keep2]),
        back2=_log(back2),
        third_of=_begins(history, kept),
        third=three.last[keep3].astype(np.int32),
        trigram=_log(p3[keep3]),
    )


def _joined(sentences: Iterable[tuple[Sequence[int], int]]) -> tuple[Ids, Reals]:
    """All sentences in a row with edges between them, and the weight of each position."""
    text, weights = [EDGE], [0]
    for sentence, weight in sentences:
        text += [*sentence, EDGE]
        weights += [weight] * (len(sentence) + 1)
    return np.array(text, dtype=np.int64), np.array(weights, dtype=np.float64)


def _count(text: Ids, weight: Reals, order: int, words: int) -> _Counts:
    grams = np.lib.stride_tricks.sliding_window_view(text, order)
    whole = (grams != UNKNOWN).all(axis=1) & (grams[:, 1:-1] != EDGE).all(axis=1)
    keys = grams[whole] @ words ** np.arange(order - 1, -1, -1, dtype=np.int64)
    unique, which = np.unique(keys, return_inverse=True)
    seen = np.bincount(which, weights=weight[order - 1 :][whole]).astype(np.float64)
    return _Counts(unique, seen, words)


def _interpolated(
    count: Reals, history: Ids, histories: int, discount: float, lower: Reals
) -> Reals:
    """Discounted shares, and what was taken off them spread as the shorter history says."""
    total = np.bincount(history, count, histories)[history]
    kinds = np.bincount(history, count > 0, histories)[history]
    shares = np.maximum(count - discount, 0.0) + discount * kinds * lower
    # a history that was seen after unknown words only says nothing by itself
    known: Reals = np.where(total > 0, shares / np.maximum(total, _LEAST), lower)
    return known


def _back_off(kept: Reals, lower: Reals, history: Ids, histories: int) -> Reals:
    """What scales the shorter history's probabilities of all words that were not kept."""
    left = 1.0 - np.bincount(history, kept, histories)
    weights: Reals = np.maximum(left, _LEAST) / np.maximum(
        1.0 - np.bincount(history, lower, histories), _LEAST
    )
    return weights


def _begins(history: Ids, histories: int) -> NDArray[np.int32]:
    return np.searchsorted(history, np.arange(histories + 1)).astype(np.int32)


def _log(probabilities: Reals) -> NDArray[np.float32]:
    return np.log(np.maximum(probabilities, _LEAST)).astype(np.float32)
