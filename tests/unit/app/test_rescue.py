"""A damaged library is kept, byte for byte, and what it still tells is in the new one."""

from __future__ import annotations

import os
import random
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.cli import main
from app.migrations import MIGRATIONS
from app.paths import library_path
from app.rescue import open_or_begin_anew
from app.store import Library, MeetingState, StoreError
from app.transcript import Transcript
from tests.scripted_engine import spoken

MEETINGS = 40


@pytest.fixture
def path() -> Path:
    return library_path()


def transcript(words: str) -> Transcript:
    made = Transcript()
    for number in range(1, 30):
        for event in spoken(number, number, number + 0.5, f"{words} {number}"):
            made.apply(event)
    return made


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The file of a library of some pages."""
    path = tmp_path_factory.mktemp("whole") / "library.sqlite"
    with Library(path) as library:
        library._database.execute("PRAGMA synchronous = OFF")
        for number in range(MEETINGS):
            sound = path.parent / "recordings" / f"{number}.wav"
            meeting = library.create_meeting(f"Meeting {number}", sound, datetime.now(UTC))
            library.save_turns(meeting.id, transcript(f"secret {number}"))
            library.rename_speaker(meeting.id, 1, "Ada")
            library.notes.add(meeting.id, 16_000, "look here")
            library.finish_meeting(meeting.id, 30.0)
    return path.read_bytes()


def test_a_sound_library_is_opened_as_it_is(path: Path, whole: bytes) -> None:
    path.write_bytes(whole)
    library, complaint = open_or_begin_anew(path)
    with library:
        assert (complaint, len(library.meetings())) == ("", MEETINGS)
    assert [each.name for each in path.parent.glob("*.damaged*")] == []


@pytest.mark.parametrize(
    "content",
    [
        random.Random(1).randbytes(50_000),
        b"Dear grandmother, this is no database.",
        b"SQLite format 3\0" + bytes(4_080),
        b"SQLite format 3\0" + random.Random(2).randbytes(20_000),
    ],
    ids=["random", "letter", "zeros", "header and noise"],
)
def test_what_is_no_library_is_kept_and_a_new_one_begun(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    library, complaint = open_or_begin_anew(path)
    with library:
        assert library.meetings() == []
        library.create_meeting("New", path.parent / "new.wav", datetime.now(UTC))
    kept = path.with_name("library.sqlite.damaged")
    assert kept.read_bytes() == content
    assert str(kept) in complaint
    path.write_bytes(content)
    library, complaint = open_or_begin_anew(path)  # it happens again: nothing takes its place
    library.close()
    assert kept.read_bytes() == content
    assert path.with_name("library.sqlite.damaged.1").read_bytes() == content


def test_a_foreign_database_is_kept_too(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE recipes (name TEXT)")
    before = path.read_bytes()
    library, _ = open_or_begin_anew(path)
    library.close()
    assert path.with_name("library.sqlite.damaged").read_bytes() == before


@pytest.mark.parametrize("tenths", range(1, 10))
def test_of_a_library_that_was_cut_all_that_can_be_read_is_taken_over(
    path: Path, whole: bytes, tenths: int
) -> None:
    cut = whole[: len(whole) * tenths // 10]
    path.write_bytes(cut)
    library, complaint = open_or_begin_anew(path)
    with library:
        found = library.meetings()
        assert len(found) == (MEETINGS if tenths > 1 else 0)  # the first tenth is the schema
        for meeting in found:
            assert meeting.title == f"Meeting {meeting.id - 1}"
            assert meeting.state is MeetingState.FINISHED
            turns = library.load(meeting.id).turns
            if turns:
                assert turns[1].words[0].text == "secret"
                assert library.search("secret")
    if complaint:
        assert path.with_name("library.sqlite.damaged").read_bytes() == cut
        assert f"taken over from it: {len(found)}." in complaint
    assert sqlite3.connect(path).execute("PRAGMA integrity_check").fetchone() == ("ok",)


@pytest.mark.parametrize("seed", range(12))
def test_with_pages_of_noise_every_meeting_is_still_there(
    path: Path, whole: bytes, seed: int
) -> None:
    spoiled, chance = bytearray(whole), random.Random(seed)
    pages = len(whole) // 4_096
    for page in chance.sample(range(pages // 5, pages), 3):  # before them: what tables there are
        spoiled[page * 4_096 : (page + 1) * 4_096] = chance.randbytes(4_096)
    path.write_bytes(spoiled)
    library, complaint = open_or_begin_anew(path)
    with library:
        assert len(library.meetings()) == MEETINGS
    if complaint:
        assert path.with_name("library.sqlite.damaged").read_bytes() == spoiled


def test_all_is_taken_over_where_only_an_index_is_lost(path: Path, whole: bytes) -> None:
    path.write_bytes(whole)
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA writable_schema = ON")
        database.execute("UPDATE sqlite_master SET sql = 'x' WHERE name = 'edits_of_meetings'")
        database.commit()
    library, complaint = open_or_begin_anew(path)
    with library:
        assert complaint
        assert [len(library.load(each.id).turns) for each in library.meetings()] == [29] * MEETINGS
        assert len(library.notes.of(1)) == 1


def test_meetings_that_are_lost_themselves_have_their_turns_and_recordings(
    path: Path, whole: bytes
) -> None:
    path.write_bytes(whole)
    with closing(sqlite3.connect(path)) as database:
        (root,) = database.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = 'meetings'"
        ).fetchone()
    spoiled = bytearray(whole)
    spoiled[(root - 1) * 4_096 : root * 4_096] = bytes(4_096)
    path.write_bytes(spoiled)
    library, complaint = open_or_begin_anew(path)
    with library:
        found = library.meetings()
        assert f"taken over from it: {MEETINGS}." in complaint
        assert {each.title for each in found} == {"Taken over from a damaged library"}
        assert {each.recording.name for each in found} == {f"{n}.wav" for n in range(MEETINGS)}
        assert {each.duration_s for each in found} == {29.5}  # of the turns: there is no sound here
        assert library.load(7).turns[1].words[1].text == "6"


def test_a_newer_library_is_not_taken_for_damaged(path: Path, whole: bytes) -> None:
    path.write_bytes(whole)
    with closing(sqlite3.connect(path)) as database:
        database.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    before = path.read_bytes()
    with pytest.raises(StoreError, match="newer Crosstalk"):
        open_or_begin_anew(path)
    assert path.read_bytes() == before
    assert list(path.parent.glob("*.damaged*")) == []


def test_a_library_in_use_is_not_taken_for_damaged(
    path: Path, whole: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    path.write_bytes(whole)
    monkeypatch.setattr("app.database.BUSY_TIMEOUT_S", 0.05)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StoreError, match="Another program holds it"):
            open_or_begin_anew(path)
        other.execute("ROLLBACK")
    assert list(path.parent.glob("*.damaged*")) == []


def test_an_older_copy_is_named(path: Path) -> None:
    path.write_bytes(os.urandom(9_000))
    backup = path.with_name("library.sqlite.v2.backup")
    backup.write_bytes(b"old")
    library, complaint = open_or_begin_anew(path)
    library.close()
    assert str(backup) in complaint


def test_a_folder_that_is_locked_leaves_everything(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path.write_bytes(b"no database" * 1_000)

    def locked(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "rename", locked)
    with pytest.raises(StoreError, match="permissions"):
        open_or_begin_anew(path)
    assert path.read_bytes() == b"no database" * 1_000


def test_commands_say_it_and_go_on(path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path.write_bytes(b"no database" * 1_000)
    for complaints in (1, 0):
        with pytest.raises(SystemExit) as ended:
            main(["meetings"])
        assert ended.value.code == 0
        said = [line for line in capfd.readouterr().err.splitlines() if "crosstalk:" in line]
        assert len(said) == complaints
        assert not said or "kept as" in said[0]
