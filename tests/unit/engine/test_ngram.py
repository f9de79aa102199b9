"""The language model: a distribution over words, whatever was pruned."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import EngineError
from engine.language_model import EDGE, START, NGram, State
from engine.training import ngram

WORDS = 6
SENTENCES = st.lists(
    st.tuples(
        st.lists(st.sampled_from([*range(1, WORDS), ngram.UNKNOWN]), max_size=7), st.integers(1, 3)
    ),
    min_size=3,
    max_size=30,
)


def total(model: NGram, state: State) -> float:
    return math.fsum(math.exp(model.score(state, word)[0]) for word in range(WORDS))


@settings(deadline=None, max_examples=60)
@given(SENTENCES, st.sampled_from([(1, 1), (1, 2), (2, 2), (2, 4)]))
def test_after_every_history_the_words_add_up_to_one(
    sentences: list[tuple[list[int], int]], least: tuple[int, int]
) -> None:
    model = ngram.train([([1, 2], 1), ([2, 1, 3], 1), *sentences], WORDS, least)
    states: list[State] = [START, *((a, b) for a in range(WORDS) for b in range(1, WORDS))]
    assert [total(model, s) for s in states] == pytest.approx([1.0] * len(states), abs=1e-3)


def test_what_was_said_often_is_likely_and_the_rest_is_possible() -> None:
    model = ngram.train([([1, 2, 3], 5), ([1, 2, 4], 1), ([4, 2, 4], 3)], WORDS, (1, 1))
    _, state = model.score(START, 1)
    _, state = model.score(state, 2)
    after = [model.score(state, word)[0] for word in range(WORDS)]
    assert state == (1, 2)
    assert int(np.argmax(after)) == 3  # although 4 is the one after (4, 2)
    assert after[3] > after[4] > after[5]
    assert np.isfinite(after).all()


def test_the_end_of_a_turn_is_a_word_too() -> None:
    model = ngram.train([([1, 2], 9), ([1, 3, 2], 9)], WORDS, (1, 1))
    _, state = model.score((EDGE, 1), 2)
    assert model.score(state, EDGE)[0] > model.score((EDGE, 1), EDGE)[0] + 1


def test_unknown_words_part_what_is_around_them() -> None:
    sentences = [([1, ngram.UNKNOWN, 2], 4), ([1, 3], 2), ([2, 3], 2)]
    model = ngram.train(sentences, WORDS, (1, 1))
    assert model._bigram(1, 2) < 0 <= model._bigram(1, 3)
    lonely = ngram.train([([ngram.UNKNOWN, 4, 5], 2), ([1, 2, 3], 2)], WORDS, (1, 1))
    assert all(np.isfinite(lonely.score((4,), word)[0]) for word in range(WORDS))


def test_rare_pairs_are_pruned() -> None:
    sentences = [([1, 2, 3], 1), ([1, 2, 4], 3)]
    whole, small = (ngram.train(sentences, WORDS, least) for least in ((1, 1), (2, 2)))
    assert len(small.second) < len(whole.second)
    assert len(small.third) < len(whole.third)


def test_no_text_is_refused() -> None:
    with pytest.raises(EngineError, match="no text"):
        ngram.train([], WORDS)
