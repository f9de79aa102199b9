from __future__ import annotations

import pytest

from engine.events import Word
from ui.delegates.words import text_of
from ui.review.finding import Finder, Match, Search, places, plain
from ui.rows import TurnRow


def turn(number: int, text: str) -> TurnRow:
    words = tuple(Word(word, n, n + 1, 0.9) for n, word in enumerate(text.split()))
    return TurnRow(number, 0, 0, 10, False, 1, None, words)


def found(text: str, wanted: str) -> list[str]:
    row = turn(1, text)
    matches = found_in([row], wanted, Finder())
    return [text_of(row)[start : start + size] for _, (start, size) in matches]


def found_in(rows: list[TurnRow], wanted: str, finder: Finder) -> list[Match]:
    search = Search(finder, rows, wanted)
    search.go_on()
    assert search.done
    return [search.match(number) for number in range(search.total)]


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
        ("nothing here", "\u0301", []),  # an accent alone
    ],
)
def test_a_text_is_found_as_people_would(text: str, wanted: str, marked: list[str]) -> None:
    assert found(text, wanted) == marked


def test_a_turn_that_changed_is_read_again() -> None:
    finder = Finder()
    assert found_in([turn(1, "good morning")], "evening", finder) == []
    assert found_in([turn(1, "good evening")], "evening", finder) == [(1, (5, 7))]
    assert found_in([turn(1, "good evening")], "good", finder) == [(1, (0, 4))]


def test_matches_are_counted_in_the_order_of_the_turns_and_found_again() -> None:
    rows = [turn(7, "a b a"), turn(3, "none"), turn(5, "b a")]
    search = Search(Finder(), rows, "a")
    search.look_at(rows[2:])
    assert search.places == {5: [(2, 1)]}
    assert search.total == 0
    search.go_on()
    matches = [search.match(number) for number in range(search.total)]
    assert matches == [(7, (0, 1)), (7, (4, 1)), (5, (2, 1))]
    assert [search.number(match) for match in matches] == [0, 1, 2]
    assert search.number((7, (2, 1))) is None
    assert search.number((3, (0, 1))) is None
    assert search.first_of(rows[1:]) == 2
    assert search.first_of(rows[1:2]) == 0


def test_a_search_goes_on_where_it_stopped() -> None:
    rows = [turn(number, "again") for number in range(1, 6)]
    search, seen = Search(Finder(), rows, "again"), []
    while not search.done:
        search.go_on(0)
        seen.append(search.total)
    assert seen == [1, 2, 3, 4, 5, 5]


def test_letters_that_become_several_keep_their_places() -> None:
    assert places("ßa", plain("ßa"), "a") == [(1, 1)]
    assert places("ßa", plain("ßa"), "s") == [(0, 1), (0, 1)]
