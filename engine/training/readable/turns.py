"""Turns cut out of texts: of several sentences, and beginning and ending anywhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engine.readable.features import (
    NOTHING,
    TURN_ENDS,
    TURN_GOES_ON,
    WIDTH,
    word_features,
)
from engine.readable.spelling import Case
from engine.training.readable.texts import COMMA, GOING_ON, NO_MARK, UNKNOWN_CASE, Text

MEAN_WORDS = 24
MOST_WORDS = 64
TO_SENTENCE_END = 0.6
"""Share of the turns from books that end with a sentence."""
OVER_AT_STOP, OVER_INSIDE = 0.75, 0.25
"""Share of the turns that are over, of those that end at a stop and of those cut elsewhere."""
POOL_WORDS = 200_000
"""Turns of like length are put together within so many words."""
UNKNOWN_WORD = 0.1
"""Share of the words that are known by their parts alone, as rare words are."""


class Piece(NamedTuple):
    """Words ``start`` to ``stop`` of a text; ``over``: nothing follows, the turn has ended."""

    text: int
    start: int
    stop: int
    over: bool


class Batch(NamedTuple):
    """B turns of T words and their look-ahead.

    Attributes:
        x: features (B, T + look-ahead, WIDTH).
        cases: (B, T); -1 where it is not asked for.
        marks: sets of marks (B, T); 0 where it is not asked for.
        words: how many words there are.
    """

    x: Tensor
    cases: Tensor
    marks: Tensor
    words: int


def sentence_pieces(number: int, text: Text, rng: np.random.Generator) -> Iterator[Piece]:
    """A whole text as turns of random length."""
    start, count = 0, len(text.words)
    ends = np.append(np.flatnonzero(text.stops) + 1, count)
    while start < count:
        length = int(min(MOST_WORDS, 1 + rng.geometric(1 / MEAN_WORDS)))
        stop = min(count, start + length)
        following = int(ends[np.searchsorted(ends, stop)])
        if following <= start + MOST_WORDS and rng.random() < TO_SENTENCE_END:
            stop = following
        yield _piece(number, text, start, stop, rng)
        start = stop


def pause_pieces(number: int, text: Text, rng: np.random.Generator) -> Iterator[Piece]:
    """A person's turns; some of them as they are while the turn goes on."""
    for start, stop in turn_spans(text):
        if stop - start > 1 and rng.random() < OVER_INSIDE:
            stop = start + int(rng.integers(1, stop - start))
        yield _piece(number, text, start, stop, rng)


def turn_spans(text: Text, stops: int = 1) -> Iterator[tuple[int, int]]:
    """Start and end of the turns of a text, each of so many stops, or of the most words of one."""
    start = 0
    for stop in [*np.flatnonzero(text.stops)[stops - 1 :: stops] + 1, len(text.words)]:
        for begin in range(start, int(stop), MOST_WORDS):
            yield begin, min(int(stop), begin + MOST_WORDS)
        start = int(stop)


def _piece(number: int, text: Text, start: int, stop: int, rng: np.random.Generator) -> Piece:
    over = OVER_AT_STOP if text.stops[stop - 1] else OVER_INSIDE
    return Piece(number, start, stop, bool(rng.random() < over))


class Table:
    """The features of all words of some texts, for batches without Python's loops."""

    def __init__(self, texts: Sequence[Text], buckets: int) -> None:
        numbers: dict[str, int] = {}
        self._texts = texts
        self._ids = [
            np.array([numbers.setdefault(word, len(numbers)) for word in text.words], np.int32)
            for text in texts
        ]
        found = [word_features.__wrapped__(word, buckets) for word in numbers]
        self._rows = np.array(found, np.int32).reshape(len(numbers), WIDTH)

    def batch(
        self, pieces: Sequence[Piece], look_ahead: int, rng: np.random.Generator | None = None
    ) -> Batch:
        """Turns as a batch; ``rng`` takes some words away, for training."""
        longest = max(piece.stop - piece.start for piece in pieces)
        x = np.full((len(pieces), longest + look_ahead, WIDTH), NOTHING, np.int64)
        cases = np.full((len(pieces), longest), -1, np.int64)
        marks = np.zeros((len(pieces), longest), np.int64)
        for i, piece in enumerate(pieces):
            text, length = self._texts[piece.text], piece.stop - piece.start
            span = slice(piece.start, piece.stop)
            x[i, :length] = self._rows[self._ids[piece.text][span]]
            x[i, length : length + look_ahead, 0] = TURN_ENDS if piece.over else TURN_GOES_ON
            cases[i, :length] = _own_cases(text, span)
            marks[i, :length] = text.marks[span]
            if piece.over:
                marks[i, length - 1] = _last(int(marks[i, length - 1]))
        if rng is not None:
            _forget_words(x[:, :longest], rng)
        words = sum(piece.stop - piece.start for piece in pieces)
        return Batch(torch.from_numpy(x), torch.from_numpy(cases), torch.from_numpy(marks), words)


def _own_cases(text: Text, span: slice) -> NDArray[np.int64]:
    """-1 for capitals that come from where a word stands: the stage writes those by rule."""
    cases = text.cases[span].astype(np.int64)
    ended = np.append(True, text.marks[span][:-1] & GOING_ON == 0)
    unknown = (cases == UNKNOWN_CASE) | (ended & (cases == Case.CAPITAL))
    unknown[0] = True
    return np.where(unknown, -1, cases)


def _last(marks: int) -> int:
    """A turn that is over does not end with a comma."""
    return marks & ~COMMA or NO_MARK


def _forget_words(x: NDArray[np.int64], rng: np.random.Generator) -> None:
    unknown = rng.random(x.shape[:2]) < UNKNOWN_WORD
    x[unknown, 0] = NOTHING


def batches(pieces: Sequence[Piece], words: int, rng: np.random.Generator) -> Iterator[list[Piece]]:
    """Turns in random order, in batches of about so many words, of like length each."""
    shuffled = [pieces[i] for i in rng.permutation(len(pieces))]
    for pool in _groups(shuffled, POOL_WORDS):
        pool.sort(key=lambda piece: piece.stop - piece.start)
        made = list(_groups(pool, words))
        for i in rng.permutation(len(made)):
            yield made[i]


def _groups(pieces: Sequence[Piece], words: int) -> Iterator[list[Piece]]:
    group: list[Piece] = []
    count = 0
    for piece in pieces:
        group.append(piece)
        count += piece.stop - piece.start
        if count >= words:
            yield group
            group, count = [], 0
    if group:
        yield group
