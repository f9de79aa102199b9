from __future__ import annotations

import pytest

from engine.events import Word
from ui.delegates.words import text_of
from ui.review.finding import Finder, places, plain
from ui.rows import TurnRow


def turn(number: int, text: str) -> TurnRow:
    words = tuple(Word(word, n, n + 1, 0.9) for n, word in enumerate(text.split()))
    return TurnRow(number, 0, 0, 10, False, 1, None, words)


def found(text: str, wanted: str) -> list[str]:
    row = turn(1, text)
    return [text_of(row)[start : start + size] for _, (start, size) in Finder().find([row], wanted)]


@pytest.mark.parametrize(
    ("text", "wanted", "marked"),
    [
        ("the cat and the hat", "THE", ["the", "the"]),
        ("so the new office", "the  new ", ["the new"]),  # across words, blanks do not count
        ("Café crème, déjà vu", "cafe creme", ["Café crème"]),
        ("Cafe\u0301 cre\u0300me", "café", ["Cafe\u0301"]),  # letters and accents apart
        ("Die Straße ist weit", "strasse", ["Straße"]),
        ("ﬁnal oﬃce", "office", ["oﬃce"]),  # one letter that is three
        ("aaaa", "aa", ["aa", "aa"]),
        ("مرحبا بالعالم", "بالعالم", ["بالعالم"]),
        ("one (two) [three", "(two) [", ["(two) ["]),  # no pattern, just text
        ("nothing here", "zebra", []),
        ("nothing here", "  ", []),
    ],
)
def test_a_text_is_found_as_people_would(text: str, wanted: str, marked: list[str]) -> None:
    assert found(text, wanted) == marked


def test_a_turn_that_changed_is_read_again() -> None:
    finder = Finder()
    assert finder.find([turn(1, "good morning")], "evening") == []
    assert finder.find([turn(1, "good evening")], "evening") == [(1, (5, 7))]


def test_letters_that_become_several_keep_their_places() -> None:
    assert places("ßa", plain("ßa"), "a") == [(1, 1)]
    assert places("ßa", plain("ßa"), "s") == [(0, 1), (0, 1)]
