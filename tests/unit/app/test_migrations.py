"""A library of any former version is lifted to today's, and never lost on the way."""

from __future__ import annotations

import os
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from app.migrations import MIGRATIONS
from app.store import Library, MeetingState, StoreError
from engine.events import Gap, GapReason, Word
from tests.unit.app import past_schemas

NEWEST = len(MIGRATIONS)
PAST = tuple(past_schemas.VERSIONS)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "home" / "library.sqlite"


def schema(path: Path) -> list[tuple[str, str]]:
    """Everything that there is, without comments and blanks."""
    sql = "SELECT name, sql FROM sqlite_master WHERE sql NOT NULL ORDER BY name"
    with closing(sqlite3.connect(path)) as database:
        rows = database.execute(sql).fetchall()
    return [(name, re.sub(r"--[^\n]*|\s", "", text)) for name, text in rows]


def version(path: Path) -> int:
    with closing(sqlite3.connect(path)) as database:
        (number,) = database.execute("PRAGMA user_version").fetchone()
    return int(number)


def backups(path: Path) -> list[str]:
    return sorted(each.name for each in path.parent.glob("*.backup*"))


def test_every_past_version_is_tried() -> None:
    assert tuple(range(1, past_schemas.RELEASED + 1)) == PAST
    assert past_schemas.RELEASED < NEWEST


@pytest.mark.parametrize("past", PAST)
def test_a_past_library_has_everything_it_had(path: Path, past: int) -> None:
    past_schemas.write(path, past)
    with Library(path) as library:
        meetings = {meeting.id: meeting for meeting in library.meetings()}
        loaded = library.load(3)
        changes = library._database.total_changes
        library.save_turns(3, loaded)
        assert library._database.total_changes == changes  # as if this version had written it
    assert (meetings[3].title, meetings[3].duration_s, meetings[3].turns) == ("Rückblick", 12.5, 1)
    assert meetings[3].recording == path.parent / "recordings" / "a.wav"
    assert (meetings[4].state, meetings[4].deleted_at) == (MeetingState.RECOVERED, None)
    hello = Word("hello", 160, 320, 0.1 + 0.2)
    assert loaded.turns[1].words == (hello, Word('"él"', 320, 480, 1, final=False))
    assert (loaded.turns[2].words, loaded.turns[2].end, loaded.turns[2].corrected) == ((), None, 1)
    assert loaded.speakers[2].name == "Ada"
    assert loaded.gaps == [Gap(100, 200, GapReason.OVERRUN)]


@pytest.mark.parametrize("past", PAST)
def test_what_a_past_library_holds_is_found(path: Path, past: int) -> None:
    past_schemas.write(path, past)
    with Library(path) as library:
        (words,), (title,), (name,) = map(library.search, ("hello el", "ruckblick", "ada"))
        library.rename_meeting(3, "Plans")
        assert not library.search("ruckblick")
    assert (words.meeting_id, words.turn, words.start) == (3, 1, 160)
    assert (title.turn, name.turn) == (None, None)  # Ada's only turn has no words


@pytest.mark.parametrize("past", PAST)
def test_a_past_library_becomes_like_a_new_one(path: Path, past: int) -> None:
    past_schemas.write(path, past)
    Library(path).close()
    new = path.with_name("new.sqlite")
    Library(new).close()
    assert version(path) == NEWEST
    assert schema(path) == schema(new)


@pytest.mark.parametrize("past", PAST)
def test_the_backup_is_the_library_as_it_was(path: Path, past: int) -> None:
    past_schemas.write(path, past)
    before = schema(path)
    Library(path).close()
    backup = path.with_name(f"library.sqlite.v{past}.backup")
    assert backups(path) == [backup.name]
    assert (version(backup), schema(backup)) == (past, before)
    with Library(backup) as restored:
        assert restored.load(3).turns[1].text == 'hello "él"'


@pytest.mark.parametrize("past", PAST)
@pytest.mark.parametrize("broken", range(NEWEST))
def test_a_migration_that_fails_leaves_the_library_as_it_was(
    path: Path, past: int, broken: int
) -> None:
    past_schemas.write(path, past)
    before = schema(path)
    steps = [*MIGRATIONS, ("SELECT 1",)]
    steps[max(past, broken)] = (*steps[max(past, broken)], "NONSENSE")
    with pytest.raises(StoreError, match=r"Nothing in it was changed.* a copy is kept") as failed:
        Library(path, steps)
    assert (version(path), schema(path)) == (past, before)
    assert backups(path)[0] in str(failed.value)
    with Library(path) as library:  # and the next attempt can do better
        assert library.meeting(3).title == "Rückblick"


def test_the_last_three_backups_are_kept_and_nothing_else_is_touched(path: Path) -> None:
    kept = path.with_name("library.sqlite.v1.backup.mine")
    steps = list(MIGRATIONS)
    past_schemas.write(path, 1)
    kept.write_text("mine")
    for number in range(5):
        Library(path, steps).close()
        moment = 1_000_000_000 + number
        newest = max(path.parent.glob("*.backup"), key=lambda each: each.stat().st_mtime_ns)
        os.utime(newest, (moment, moment))
        steps.append((f"CREATE TABLE extra_{number} (id)",))
    names = [f"library.sqlite.v{number}.backup" for number in range(NEWEST + 1, NEWEST + 4)]
    assert backups(path) == sorted([kept.name, *names])
    assert kept.read_text() == "mine"


def test_a_full_disk_while_copying_leaves_no_half_backup(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    past_schemas.write(path, 2)
    real = sqlite3.connect

    def small(name: Path, *rest: object, **options: object) -> sqlite3.Connection:
        connection: sqlite3.Connection = real(name, *rest, **options)  # type: ignore[call-overload]
        if name != path:
            connection.execute("PRAGMA max_page_count = 2")
        return connection

    monkeypatch.setattr(sqlite3, "connect", small)
    with pytest.raises(StoreError, match="disk is full"):
        Library(path)
    monkeypatch.undo()
    assert not [name for name in backups(path) if name.endswith("backup")]
    assert version(path) == 2


def test_a_newer_library_is_refused_and_left_alone(path: Path) -> None:
    Library(path, (*MIGRATIONS, ("CREATE TABLE later (id)",))).close()
    before = path.read_bytes()
    with pytest.raises(StoreError, match="newer Crosstalk: install the newest version"):
        Library(path)
    assert path.read_bytes() == before
    assert backups(path) == []
