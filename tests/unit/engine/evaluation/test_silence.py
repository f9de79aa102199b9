from __future__ import annotations

from engine.evaluation.silence import FalseWords, false_words

from .strategies import hypothesis


def test_every_word_on_silence_is_false() -> None:
    turns = [hypothesis("1", 0, 1, "a b"), hypothesis("1", 3, 4, "c")]
    counted = false_words(turns, samples=30 * 16000)
    assert counted.per_minute == 6.0


def test_false_words_are_pooled_over_recordings() -> None:
    assert (FalseWords(2, 60 * 16000) + FalseWords(0, 60 * 16000)).per_minute == 1.0
