"""Word pieces with the special tokens at their fixed places."""

from __future__ import annotations

import pytest

from engine.data.small_world import WORDS
from engine.errors import ModelError
from engine.tokens import BLANK, CHANGE, EOT, SOT, SPECIAL, UNKNOWN, Tokens
from tests.unit.engine import tiny

SENTENCE = "the slow slower slowest low lower lowest new newer newest"


def pieces() -> Tokens:
    return Tokens.train([SENTENCE] * 20, 22, "unigram")


@pytest.mark.parametrize("tokens", [tiny.word_tokens(), pieces()], ids=["words", "pieces"])
def test_special_tokens_have_fixed_ids(tokens: Tokens) -> None:
    special = [tokens.piece(t) for t in (BLANK, SOT, EOT, UNKNOWN, CHANGE)]
    assert special == ["<blank>", "<sot>", "<eot>", "<unk>", "<cc>"]
    assert [tokens.is_text(t) for t in range(6)] == [False] * 5 + [True]
    assert not any(tokens.starts_word(t) for t in (BLANK, SOT, EOT, UNKNOWN, CHANGE))


def test_a_word_is_a_token() -> None:
    tokens = tiny.word_tokens()
    ids = tokens.encode("echo alpha alpha")
    assert len(ids) == 3
    assert ids[1] == ids[2] != ids[0]
    assert [tokens.text([t]) for t in ids] == ["echo", "alpha", "alpha"]
    assert tokens.whole_words
    assert tokens.size == len(tiny.WORDS) + SPECIAL


def test_a_word_that_is_not_there_is_unknown() -> None:
    assert tiny.word_tokens().encode("alpha zulu") == [
        tiny.word_tokens().encode("alpha")[0],
        UNKNOWN,
    ]


def test_pieces_join_to_words() -> None:
    tokens = pieces()
    assert tokens.size == 22
    assert not tokens.whole_words
    ids = tokens.encode(SENTENCE)
    words: list[list[int]] = []
    for token in ids:
        assert tokens.is_text(token)
        if tokens.starts_word(token):
            words.append([])
        words[-1].append(token)
    assert len(ids) > len(words)
    assert " ".join(map(tokens.text, words)) == SENTENCE


def test_no_words_are_no_tokens() -> None:
    assert tiny.word_tokens().encode("") == []


def test_the_bytes_of_a_model_are_all_that_travels() -> None:
    tokens = pieces()
    again = Tokens(tokens.model)
    assert again.model == tokens.model
    assert again.encode(SENTENCE) == tokens.encode(SENTENCE)


@pytest.mark.parametrize("damaged", [b"", b"no model", tiny.word_tokens().model[:-9]])
def test_damaged_bytes_are_a_model_error(damaged: bytes) -> None:
    with pytest.raises(ModelError, match="install the model again"):
        Tokens(damaged)


def test_every_word_of_the_small_world_is_one_token() -> None:
    from engine.training.worlds import small_world_tokens

    tokens = small_world_tokens()
    assert tokens.size == len(WORDS) + SPECIAL
    for word in WORDS:
        (token,) = tokens.encode(word)
        assert tokens.text([token]) == word
    assert tokens.whole_words
