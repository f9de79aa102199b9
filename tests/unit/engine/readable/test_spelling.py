"""Words are written in their case, whatever they are made of."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.evaluation.text import normalise
from engine.readable.features import RESERVED, WIDTH, rows, word_features
from engine.readable.spelling import MARKS, Case, Look, case_of, cased, sentence_cased, written

MIXED = {"ipod": "iPod"}
LOWER, CAPITAL, UPPER = Case.LOWER, Case.CAPITAL, Case.UPPER

words = st.text(min_size=1, max_size=9).map(normalise).filter(lambda w: w and " " not in w)
looks = st.builds(Look, st.sampled_from(Case), st.integers(0, len(MARKS) - 1))


@pytest.mark.parametrize(
    ("word", "case", "text"),
    [
        ("yes", LOWER, "yes"),
        ("yes", CAPITAL, "Yes"),
        ("i'm", CAPITAL, "I'm"),
        ("'kay", CAPITAL, "'Kay"),
        ("o'brien", CAPITAL, "O'brien"),
        ("bbc", UPPER, "BBC"),
        ("mcdonald", CAPITAL, "McDonald"),
        ("mcdonald's", CAPITAL, "McDonald's"),
        ("mcdonald", LOWER, "mcdonald"),
        ("mc", CAPITAL, "Mc"),
        ("ipod", UPPER, "iPod"),
        ("ipod", LOWER, "ipod"),
        ("élan", CAPITAL, "Élan"),
        ("'", CAPITAL, "'"),
        ("90s", CAPITAL, "90s"),
    ],
)
def test_a_word_in_its_case(word: str, case: Case, text: str) -> None:
    assert cased(word, case, MIXED) == text


@given(words, looks)
def test_the_raw_word_can_be_read_off_the_written_one(word: str, look: Look) -> None:
    text = written(word, look, MIXED)
    assert text.endswith(MARKS[look.mark])
    assert normalise(text) == normalise(word.upper()) or normalise(text) == word


@pytest.mark.parametrize(
    ("form", "case"),
    [
        ("it", LOWER),
        ("I", CAPITAL),
        ("I'm", CAPITAL),
        ("LED", UPPER),
        ("LEDs", CAPITAL),
        ("'Kay", CAPITAL),
        ("1990", LOWER),
    ],
)
def test_the_case_of_a_written_word(form: str, case: Case) -> None:
    assert case_of(form) is case


@given(st.lists(looks))
def test_turns_and_sentences_begin_with_a_capital(said: list[Look]) -> None:
    shown = list(sentence_cased(said))
    assert [look.mark for look in shown] == [look.mark for look in said]
    before = [True, *(look.ends_sentence for look in said)]
    for begins, old, new in zip(before, said, shown, strict=False):
        assert new.case == (CAPITAL if begins and old.case is LOWER else old.case)


@given(words, st.integers(RESERVED + 1, 100_000))
def test_any_word_has_features_within_the_buckets(word: str, buckets: int) -> None:
    numbers = word_features(word, buckets)
    assert len(numbers) == WIDTH
    assert all(number == 0 or RESERVED <= number < buckets for number in numbers)
    assert numbers[0]


def test_features_are_the_same_in_every_process_and_ignore_quotes() -> None:
    assert word_features("meeting", 24_576)[:3] == (21_949, 17_350, 16_810)
    assert word_features("'meeting'", 24_576) == word_features("meeting", 24_576)
    assert word_features("meeting", 24_576) != word_features("meetings", 24_576)
    assert rows([], 10).shape == (0, WIDTH)
