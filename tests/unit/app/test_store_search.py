"""What was said is found: whatever is typed, in every meeting, and only as long as it is there."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from app.store import Library
from app.store_filter import MeetingFilter, folded
from app.store_search import MOST_TERMS, Hit, HitKind, match_expression
from app.transcript import Transcript, Turn
from engine.events import Word
from engine.timeline import SAMPLE_RATE

MONDAY = datetime(2026, 1, 5, 12).astimezone()


def turn(number: int, text: str, speaker: int = 1, shown: str = "") -> Turn:
    said, readable = text.split(), shown.split() or [""] * len(text.split())
    start = number * SAMPLE_RATE
    words = tuple(
        Word(word, start, start + 9, 0.5, readable=reads)
        for word, reads in zip(said, readable, strict=True)
    )
    return Turn(number, 0, start, start + SAMPLE_RATE, speaker, words)


def add(library: Library, title: str, *turns: Turn, days: int = 0) -> int:
    began = MONDAY + timedelta(days=days)
    number = library.create_meeting(title, library.path.parent / f"{title}.wav", began).id
    library.save_turns(number, Transcript(turns={each.number: each for each in turns}))
    library.finish_meeting(number, 60.0)
    return number


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library(tmp_path / "library.sqlite") as opened:
        yield opened


def turns(hits: list[Hit]) -> list[int | None]:
    return [hit.turn for hit in hits]


def marked(hits: list[Hit]) -> list[str]:
    return [hit.snippet.marked("<", ">") for hit in hits]


def test_a_hit_names_meeting_turn_time_and_speaker(library: Library) -> None:
    number = add(library, "Plans", turn(1, "good morning"), turn(2, "the budget is fine", 2))
    library.rename_speaker(number, 2, "Ada")
    (hit,) = library.search("budget")
    assert (hit.kind, hit.meeting_id, hit.title) == (HitKind.WORDS, number, "Plans")
    assert (hit.turn, hit.start, hit.speaker, hit.name) == (2, 2 * SAMPLE_RATE, 2, "Ada")
    assert hit.started_at == MONDAY
    assert marked([hit]) == ["the <budget> is fine"]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("budget", [1]),
        ("BUDGET", [1]),
        ("bud", [1]),
        ("bud ", []),  # the word is typed to its end
        ("fine budget", [1]),
        ('"fine budget"', []),
        ('"budget is fi', [1]),
        ('"budget is fi"', []),
        ("“is fine”", [1]),
        ("cafe", [2]),
        ("Café", [2]),
        ("cafe\u0301", [2]),
        ("twenty", [3]),
        ("25", [3]),
        ('"twenty five may"', [3]),
        ("may.", [3]),
        ("i'm", [4]),
        ("the", [1, 4]),
        ("the NOT budget", []),
        ("budget*", [1]),
        ("shown:budget", []),
        ("", []),
        ("   ", []),
        ('"', []),
        ("!?", []),
    ],
)
def test_what_is_typed_finds_what_was_said(library: Library, typed: str, found: list[int]) -> None:
    add(
        library,
        "Plans",
        turn(1, "the budget is fine"),
        turn(2, "le café"),
        turn(3, "twenty five may", shown="25 – May."),
        turn(4, "i'm at the door", shown="I'm at the door."),
    )
    assert turns(library.search(typed)) == found


def test_titles_and_people_are_found(library: Library) -> None:
    number = add(library, "Köln offer", turn(1, "hello"), turn(5, "well", 2), turn(6, "yes", 2))
    library.rename_speaker(number, 2, "Zoë Okafor")
    (title,), (person,) = library.search("koln"), library.search("zoe")
    assert (title.kind, title.turn, marked([title])) == (HitKind.TITLE, None, ["<Köln> offer"])
    assert (person.kind, person.turn, person.start) == (HitKind.PERSON, 5, 5 * SAMPLE_RATE)
    assert marked([person]) == ["<Zoë> Okafor"]


def test_hits_come_by_meeting_then_title_people_and_time(library: Library) -> None:
    old = add(library, "may", turn(1, "may"), turn(2, "may"), days=-1)
    new = add(library, "may", turn(2, "may"), turn(7, "may"))
    library.rename_speaker(new, 1, "May")
    hits = library.search("may")
    assert [(hit.meeting_id, hit.turn) for hit in hits] == [
        *((new, None), (new, 2), (new, 2), (new, 7)),
        *((old, None), (old, 1), (old, 2)),
    ]
    assert [hit.kind for hit in hits[:2]] == [HitKind.TITLE, HitKind.PERSON]
    assert len(library.search("may", limit=3)) == 3


def test_the_index_follows_every_change(library: Library) -> None:
    number = add(library, "Plans", turn(1, "first"), turn(2, "second"))
    library.save_turn(number, turn(1, "other"))
    library.save_turn(number, turn(1, "other", speaker=2))
    assert (turns(library.search("first")), turns(library.search("other"))) == ([], [1])
    library.save_turns(number, Transcript(turns={1: turn(1, "third")}))
    assert (turns(library.search("second")), turns(library.search("third"))) == ([], [1])
    for name in ("Ada", "Grace"):
        library.rename_speaker(number, 1, name)
    assert (len(library.search("ada")), len(library.search("grace"))) == (0, 1)
    library.rename_speaker(number, 1, "")
    library.rename_meeting(number, "Choir")
    assert (len(library.search("grace")), len(library.search("plans"))) == (0, 0)
    library.rename_speaker(number, 1, "Ada")
    library.discard_meeting(number)
    assert not any(map(library.search, ("third", "choir", "ada")))
    (count,) = library._database.execute("SELECT count(*) FROM search").fetchone()
    assert count == 0


def test_the_index_is_part_of_the_transaction(library: Library) -> None:
    number = add(library, "Plans", turn(1, "before"))
    library._database.execute("BEGIN")
    library._database.execute("UPDATE turns SET words = '[]'")
    library._database.execute("UPDATE meetings SET title = 'gone'")
    assert not library.search("before")
    library._database.execute("ROLLBACK")
    assert (turns(library.search("before")), len(library.search("plans"))) == ([1], 1)
    assert library.load(number).turns[1].text == "before"


words = st.text(st.characters(categories=("L", "N", "M", "P", "S", "Z")), max_size=6)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(words, min_size=1, max_size=3), max_size=4))
def test_the_index_equals_one_built_anew(library: Library, said: list[list[str]]) -> None:
    number = add(library, "Plans")
    for index, texts in enumerate(said, 1):
        spoken = tuple(Word(text, 0, 1, 0.5) for text in texts)
        library.save_turn(number, Turn(index, 0, 0, 1, 1, spoken))
    database = library._database
    database.execute("INSERT INTO search (search) VALUES ('integrity-check')")
    sql = "SELECT shown FROM search WHERE rowid >> 32 = ? AND (rowid >> 30) & 3 = 0 ORDER BY rowid"
    indexed = [shown for (shown,) in database.execute(sql, (number,))]
    assert indexed == [" ".join(text or "" for text in texts) for texts in said]


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(), max_size=40) | st.text("\"'*():^-+{} abNOTRD\0", max_size=40))
@example("\ud800")
@example("a\0b")
@example('" "" """')
@example("x " * 5_000)
def test_no_query_fails(library: Library, typed: str) -> None:
    if not library.meetings():
        add(library, "Plans", turn(1, "a b"))
    assert isinstance(library.search(typed), list)
    assert match_expression(typed).count('"') <= 2 * MOST_TERMS


@given(st.text(st.characters(categories=("L", "N")), min_size=1, max_size=12))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_word_is_found_by_itself_and_by_its_beginning(library: Library, word: str) -> None:
    if any(not _is_known_to_sqlite(c) for c in word):
        return
    number = add(library, "Plans", turn(1, word))
    assert number in {hit.meeting_id for hit in library.search(f'"{word}"', limit=10_000)}
    assert number in {hit.meeting_id for hit in library.search(word[:3], limit=10_000)}


def _is_known_to_sqlite(letter: str) -> bool:
    """Its tables are those of Unicode 6.1; letters added since are not indexed."""
    return unicodedata.ucd_3_2_0.category(letter)[0] in "LN"


def test_a_person_is_looked_for_whatever_the_case(library: Library) -> None:
    first = add(library, "One", turn(1, "hello"), turn(2, "hello", 2))
    second = add(library, "Two", turn(1, "hello"))
    library.rename_speaker(first, 2, "Zoë  Okafor")
    library.rename_speaker(second, 3, "Zoë Okafor")  # says nothing in the second meeting
    where = MeetingFilter(person="zoe OKAFOR")
    assert [meeting.id for meeting in library.meetings(where)] == [first]
    assert [(hit.meeting_id, hit.turn) for hit in library.search("hello", where)] == [(first, 2)]
    assert [hit.kind for hit in library.search("one", where)] == [HitKind.TITLE]
    unnamed = MeetingFilter(person="speaker 1")
    assert [meeting.id for meeting in library.meetings(unnamed)] == [second, first]
    assert library.meetings(MeetingFilter(person="Nobody")) == []
    assert library.people() == ["Zoë Okafor"]


def test_days_are_local_and_both_ends_count(library: Library) -> None:
    ids = [add(library, f"Day {days}", turn(1, "hello"), days=days) for days in range(3)]
    day = MONDAY.date()
    for since, until, found in (
        (day, None, [2, 1, 0]),
        (day + timedelta(days=1), None, [2, 1]),
        (None, day, [0]),
        (day, day + timedelta(days=1), [1, 0]),
        (day + timedelta(days=3), None, []),
        (date.min, date.max, [2, 1, 0]),
    ):
        where = MeetingFilter(since=since, until=until)
        expected = [ids[index] for index in found]
        assert [meeting.id for meeting in library.meetings(where)] == expected
        assert [hit.meeting_id for hit in library.search("hello", where)] == expected


def test_midnight_parts_the_days(library: Library) -> None:
    midnight = datetime(2026, 3, 10).astimezone()
    for seconds in (-1, 0):
        began = midnight + timedelta(seconds=seconds)
        library.create_meeting(f"{seconds}", Path("none.wav"), began.astimezone(UTC))
    found = library.meetings(MeetingFilter(since=date(2026, 3, 10)))
    assert [meeting.title for meeting in found] == ["0"]
    found = library.meetings(MeetingFilter(until=date(2026, 3, 9)))
    assert [meeting.title for meeting in found] == ["-1"]


def test_a_long_turn_is_cut_around_the_hit(library: Library) -> None:
    add(library, "Plans", turn(1, "so " * 100 + "budget " + "then " * 100))
    (hit,) = library.search("budget")
    assert "<budget>" in marked([hit])[0]
    assert len(hit.snippet.text) < 100


@pytest.mark.parametrize(
    ("name", "same"),
    [("Zoë", "zoe"), ("  A  B ", "a b"), ("STRASSE", "straße"), ("Ångström", "angstrom")],
)
def test_names_are_folded(name: str, same: str) -> None:
    assert folded(name) == folded(same)


def test_words_of_the_index_are_those_of_the_rows(library: Library) -> None:
    number = add(library, "Plans", turn(1, "i am", shown="I am."), turn(2, "uh no", shown="Oh no."))
    sql = "SELECT shown, raw FROM search WHERE rowid >> 30 = ? ORDER BY rowid"
    rows = library._database.execute(sql, (number << 2,)).fetchall()
    assert rows == [("I am.", None), ("Oh no.", "uh no")]
    (saved,) = library._database.execute("SELECT words FROM turns WHERE number = 1").fetchone()
    assert [word[0] for word in json.loads(saved)] == ["i", "am"]


def test_more_hits_than_are_listed_are_counted(library: Library) -> None:
    number = add(library, "may", *(turn(at, "may day") for at in range(1, 8)))
    library.rename_speaker(number, 1, "May")
    assert len(library.search("may", limit=4)) == 4
    assert library.count_hits("may") == len(library.search("may")) == 9
    assert library.count_hits("may", MeetingFilter(person="nobody")) == 0
    assert library.count_hits("") == 0
