"""What is known of the case and the marks of books and of transcribed meetings."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.data.text_files import book_lines
from engine.errors import EngineError
from engine.evaluation.text import normalise
from engine.readable.spelling import Case
from engine.training.readable.corpus import held_out_texts, training_texts
from engine.training.readable.texts import (
    COMMA,
    ENDING,
    EXCLAMATION,
    GOING_ON,
    NO_MARK,
    QUESTION,
    STOP,
    UNKNOWN,
    UNKNOWN_CASE,
    Text,
    book_text,
    lower_shares,
    mixed_forms,
    read_meetings,
    sentence_marks,
    spoken,
    text_of,
    token,
    written_words,
)

SIGNS = {NO_MARK: "", COMMA: ",", STOP: ".", QUESTION: "?", EXCLAMATION: "!"}


def plain(text: Text) -> str:
    """Words with their marks; ``|`` where a turn may end."""
    parts = zip(text.forms, text.marks.tolist(), text.stops.tolist(), strict=True)
    return " ".join(form + SIGNS[mark] + "|" * stop for form, mark, stop in parts)


@given(st.text(st.sampled_from("aZé9'’ _-.,\u0301"), max_size=20))
def test_written_words_are_those_that_a_scorer_knows(text: str) -> None:
    assert [word.lower() for word in written_words(text)] == normalise(text).split()


@pytest.mark.parametrize(
    ("raw", "words", "mark"),
    [
        ("hills", ("hills",), NO_MARK),
        ("chest,", ("chest",), COMMA),
        ('"upholding"', ("upholding",), NO_MARK),
        ('chin!"', ("chin",), EXCLAMATION),
        ("really?!", ("really",), QUESTION),
        ("dinner-time;", ("dinner", "time"), COMMA),
        ("Mr.", ("Mr",), NO_MARK),
        ("J.", ("J",), NO_MARK),
        ("I.", ("I",), STOP),
        ("3.5", ("3", "5"), NO_MARK),
        (",", (), COMMA),
        ("(", (), NO_MARK),
    ],
)
def test_a_piece_of_a_line(raw: str, words: tuple[str, ...], mark: int) -> None:
    assert token(raw) == (words, mark)


def test_books_become_one_text_without_headings_and_quotes() -> None:
    lines = [
        "CHAPTER THE FIRST.",
        "A heading without an end",
        '"What is it?" he asked Mr. Darcy--who said:',
        '"Nothing;',
        "I'm well!\"",
    ]
    assert plain(book_text(lines)) == (
        "What is it, he asked Mr Darcy, who said, Nothing, I'm well!|"
    )


def test_a_capital_where_a_quote_opens_tells_nothing() -> None:
    text = book_text(['He said, "Yes to Anna," and "no to me."'])
    assert text.cases.tolist() == [1, 0, UNKNOWN_CASE, 0, 1, 0, 0, 0, 0]


def test_capitals_of_a_meeting_tell_where_sentences_begin() -> None:
    lower = {"yeah": 0.1, "so": 0.5, "anna": 0.0, "a": 0.9, "v": 0.9}
    forms = ["Yeah", "So", "it", "is", "Anna", "A", "V", "Yeah"]
    assert sentence_marks(forms, lower) == [
        *(ENDING, GOING_ON, GOING_ON, UNKNOWN, ENDING, UNKNOWN, ENDING, UNKNOWN)
    ]
    assert sentence_marks([], lower) == []


def test_shares_of_lower_case() -> None:
    assert lower_shares(["So", "so", "So", "Anna"]) == {"so": 1 / 3, "anna": 0.0}


def test_a_turn_ends_with_a_pause_also_after_what_is_no_word() -> None:
    forms, stops = spoken([("T_V_", 0, 1), ("mm-hmm", 1.1, 2), ("so", 3, 4), ("-", 4, 5)])
    assert forms == ["T", "V", "mm", "hmm", "so"]
    assert stops == [False, False, False, True, True]


def test_words_with_capitals_inside_are_collected() -> None:
    said = ["McDonald"] * 3 + ["LED"] * 3 + ["Yes"] * 9 + ["iPod", "IPod"] * 2 + ["'O'Brien'"] * 3
    text = text_of(said, [NO_MARK] * len(said), [False] * len(said))
    assert mixed_forms([text]) == {"mcdonald": "McDonald", "o'brien": "O'Brien"}
    assert mixed_forms([text], least=4) == {}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A hundred lines of books and the words of three meetings."""
    (tmp_path / "text").mkdir()
    (tmp_path / "meetings").mkdir()
    with gzip.open(tmp_path / "text" / "books.txt.gz", "wt") as books:
        books.writelines(f"This is line {number}.\n" for number in range(100))
    with gzip.open(tmp_path / "meetings" / "ami_words.jsonl.gz", "wt") as words:
        for meeting in ("ES2002a", "ES2004a", "ES2011c"):
            said = [["Okay", 0, 1], ["okay", 1, 2]]
            record = {"meeting": meeting, "speaker": "A", "words": said}
            words.write(json.dumps(record) + "\n")
    return tmp_path


def test_what_is_held_out_is_not_learned_from(data: Path) -> None:
    parts = [training_texts(data), held_out_texts(data, "dev"), held_out_texts(data, "test")]
    lines = [
        {word for page in part.books for text in page for word in text.words if word.isdigit()}
        for part in parts
    ]
    assert [len(part) for part in lines] == [95, 1, 4]
    assert len(set.union(*lines)) == 100
    assert [len(part.meetings) for part in parts] == [1, 1, 1]


def test_meetings_are_read_with_what_their_capitals_tell(data: Path) -> None:
    (text,) = read_meetings(data)["ES2002a"]
    assert text.words == ("okay", "okay")
    assert text.cases.tolist() == [Case.CAPITAL, Case.LOWER]
    assert text.marks.tolist() == [GOING_ON, UNKNOWN]
    assert np.array_equal(text.stops, [False, True])


def test_missing_texts_say_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="--data"):
        list(book_lines(tmp_path))
    with pytest.raises(EngineError, match="--data"):
        read_meetings(tmp_path)
