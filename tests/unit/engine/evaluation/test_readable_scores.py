"""Figures of case and marks, against counts by hand."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from engine.evaluation.readable import Looks, baseline, evaluate, qualities
from engine.evaluation.readable_live import speak
from engine.readable.readable import Readable
from engine.readable.spelling import MARKS, Case, Look
from engine.training.readable.texts import (
    COMMA,
    ENDING,
    GOING_ON,
    NO_MARK,
    QUESTION,
    STOP,
    UNKNOWN,
    Text,
    text_of,
)
from tests.unit.engine import small_readable

TEXT = text_of(
    ["Well", "I", "think", "Anna", "is", "Does", "she", "So", "BBC", "it", "is"],
    [COMMA, NO_MARK, NO_MARK, NO_MARK, STOP, NO_MARK, QUESTION, NO_MARK, NO_MARK, NO_MARK, STOP],
    [*[False] * 6, True, *[False] * 3, True],
)


def always(case: Case, mark: str) -> Looks:
    return lambda words: [Look(case, MARKS.index(mark))] * len(words)


def oracle(text: Text) -> Looks:
    """The reference itself."""

    def looks(words: Sequence[str]) -> list[Look]:
        first = next(i for i in range(len(text.words)) if text.words[i:][: len(words)] == words)
        return [
            Look(Case(int(text.cases[i])), int(text.marks[i]).bit_length() - 1)
            for i in range(first, first + len(words))
        ]

    return looks


def test_the_reference_itself_is_perfect() -> None:
    made = qualities([[TEXT], [TEXT]], oracle(TEXT))
    assert {(q.precision.value, q.recall.value, q.f1.low) for q in made.values()} == {(1, 1, 1)}
    assert {name: q.there for name, q in made.items()} == {
        "comma": 2,
        "full stop": 4,
        "question mark": 2,
        "all marks": 8,
        "end of a sentence": 6,
        "case": 8,  # the first word of a turn has its capital anyway
    }


def test_the_baseline_by_hand() -> None:
    made = qualities([[TEXT]], baseline)
    stop, case, every = made["full stop"], made["case"], made["all marks"]
    assert (stop.precision.value, stop.recall.value) == (0.5, 0.5)
    assert (every.precision.value, every.recall.value) == (0.5, 0.25)
    assert (case.precision.value, case.recall.value) == (1.0, 0.25)
    ends = made["end of a sentence"]
    assert (ends.precision.value, ends.recall.value, ends.f1.value) == (1.0, 2 / 3, 0.8)


def test_a_case_that_is_not_that_of_the_reference_is_wrong() -> None:
    made = qualities([[TEXT]], always(Case.UPPER, ""))["case"]
    assert (made.precision.value, made.recall.value) == (1 / 9, 1 / 4)


def test_only_what_is_known_counts() -> None:
    marks = [ENDING, GOING_ON, UNKNOWN, STOP]
    text = text_of(["so", "it", "is", "so"], marks, [False, False, False, True])
    made = qualities([[text]], always(Case.LOWER, "."))
    ends = made["end of a sentence"]
    assert (ends.there, ends.precision.value, ends.recall.value) == (2, 2 / 3, 1.0)
    assert (made["full stop"].there, made["full stop"].precision.value) == (1, 1.0)
    assert "comma" not in made


def test_several_sentences_are_one_turn() -> None:
    marks = [STOP, STOP, STOP, STOP]
    text = text_of(["so", "it", "is", "so"], marks, [True] * 4)
    made = qualities([[text]], baseline, stops=2)["full stop"]
    assert (made.precision.value, made.recall.value) == (1.0, 0.5)


def test_the_report_is_a_table() -> None:
    lines = evaluate(small_readable.readable(), [[TEXT]] * 3).to_markdown().splitlines()
    assert lines[0].startswith("|  | precision | recall | F1 |")
    assert len(lines) == 2 + 6
    assert lines[-1].endswith("| 40.0 (40.0 to 40.0) | 12 |")


def test_what_is_revised_is_counted() -> None:
    random, settled = small_readable.readable(), small_readable.always(".")
    turns = [["yes", "so", "we", "agreed"], ["no"]]
    assert speak(settled, turns).revised == 0.0
    firsts = [_last_shown(random, turn[: i + 1]) for turn in turns for i in range(len(turn))]
    lasts = [t for turn in turns for t in random.texts(random.hear(random.begin(), turn), True)]
    wrong = sum(first != last for first, last in zip(firsts, lasts, strict=True))
    live = speak(random, turns)
    assert live.revised == wrong / 5 > 0
    assert live.word_ms > 0


def _last_shown(readable: Readable, words: Sequence[str]) -> str:
    return readable.texts(readable.hear(readable.begin(), words), over=False)[-1]


def test_nothing_to_score() -> None:
    assert qualities([], baseline) == {}


@pytest.mark.parametrize("words", [[], ["i"], ["i'm", "in"]])
def test_the_baseline_looks_at_each_word(words: list[str]) -> None:
    assert len(baseline(words)) == len(words)
