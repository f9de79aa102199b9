from __future__ import annotations

from hypothesis import given

from engine.evaluation.alignment import channel_recall, found_words, overlapped_later
from engine.evaluation.error_rates import orc_errors
from engine.evaluation.segments import HypothesisTurn, ReferenceTurn

from .strategies import hypotheses, hypothesis, reference, references


@given(references, hypotheses)
def test_words_not_found_are_the_substituted_and_deleted_ones(
    asked: list[ReferenceTurn], said: list[HypothesisTurn]
) -> None:
    counted, assignment = orc_errors(asked, said)
    found = found_words(asked, said, assignment)
    lost = sum(answer is None for words in found for _, answer in words)
    assert lost == counted.substitutions + counted.deletions


@given(references, hypotheses)
def test_a_word_is_found_by_the_same_word_and_no_word_finds_two(
    asked: list[ReferenceTurn], said: list[HypothesisTurn]
) -> None:
    found = found_words(asked, said, orc_errors(asked, said)[1])
    pairs = [(word, answer) for words in found for word, answer in words if answer]
    assert all(word.text == answer.text for word, answer in pairs)
    assert len({id(answer) for _, answer in pairs}) == len(pairs)


@given(references)
def test_the_earliest_turn_is_never_the_later_one(asked: list[ReferenceTurn]) -> None:
    assert overlapped_later(asked)[:1] in ([], [False])


def test_only_a_start_inside_another_persons_turn_is_overlapped() -> None:
    asked = [
        reference("X", 0, 2, "a"),
        reference("Y", 1, 3, "b"),
        reference("Y", 1.5, 1.8, "c"),
        reference("X", 3, 4, "a"),
    ]
    assert overlapped_later(asked) == [False, True, True, False]


def test_recall_is_told_apart_by_overlap() -> None:
    asked = [reference("X", 0, 2, "a b"), reference("Y", 1, 3, "c a")]
    said = [hypothesis("1", 0, 2, "a b"), hypothesis("2", 1, 3, "c", channel=1)]
    found = found_words(asked, said, orc_errors(asked, said)[1])
    overlapped, others = channel_recall(asked, found)
    assert (overlapped.recall, others.recall) == (0.5, 1.0)
