from __future__ import annotations

import pytest

from engine.errors import EngineError
from engine.evaluation.segments import TimedWord, reference_turns

SEGMENT = {"speaker": "A", "words": "Good day", "start_time": 1.0, "end_time": 2.0}


def test_word_times_are_taken() -> None:
    (turn,) = reference_turns([{**SEGMENT, "word_times": [[1.0, 1.25], [1.5, 2.0]]}])
    assert turn.words == (TimedWord("good", 16000, 20000), TimedWord("day", 24000, 32000))


def test_without_word_times_the_words_share_the_turn() -> None:
    (turn,) = reference_turns([SEGMENT])
    assert turn.words == (TimedWord("good", 16000, 24000), TimedWord("day", 24000, 32000))


def test_a_written_word_of_two_spoken_ones_shares_its_time() -> None:
    (turn,) = reference_turns([{**SEGMENT, "words": "twenty-one –"}])
    assert turn.words == (TimedWord("twenty", 16000, 20000), TimedWord("one", 20000, 24000))


def test_turns_are_ordered_by_start() -> None:
    later = {**SEGMENT, "speaker": "B", "start_time": 0.5}
    assert [turn.speaker for turn in reference_turns([SEGMENT, later])] == ["B", "A"]


def test_a_missing_key_is_named() -> None:
    with pytest.raises(EngineError, match="'speaker'"):
        reference_turns([{"words": "", "start_time": 0, "end_time": 1}])


def test_word_times_must_fit_the_words() -> None:
    with pytest.raises(EngineError, match="1 word times for 2 words"):
        reference_turns([{**SEGMENT, "word_times": [[1.0, 1.2]]}])
