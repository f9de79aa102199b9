"""What is deleted can be had back, and nothing goes for good that was not meant to."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app import store_bin
from app.sound import Segment, Source
from app.store import Library, MeetingState, MeetingSummary, StoreError
from app.store_bin import KEPT_DAYS
from app.transcript import Transcript, Turn
from engine.events import Word

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SAID = Turn(1, 0, 0, 16, 1, (Word("budget", 0, 16, 0.5),))


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library(tmp_path / "home" / "library.sqlite") as opened:
        yield opened


def add(library: Library, name: str = "a.wav", sound: str = "sound") -> int:
    path = library.path.parent / "recordings" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(sound)
    number = library.create_meeting("Plans", path, NOW).id
    library.save_turns(number, Transcript(turns={1: SAID}))
    library.rename_speaker(number, 1, "Ada")
    library.finish_meeting(number, 1.0)
    return number


def test_a_deleted_meeting_is_gone_and_comes_back_whole(library: Library) -> None:
    number = add(library)
    before = library.meeting(number)
    binned = library.bin.put(number, NOW)
    assert (binned.deleted_at, binned.recording.read_text()) == (NOW, "sound")
    assert not before.recording.exists()
    assert (library.meetings(), library.search("budget"), library.people()) == ([], [], [])
    assert library.bin.meetings() == [binned]
    assert library.bin.restore(number) == before
    assert before.recording.read_text() == "sound"
    assert library.load(number).speakers[1].name == "Ada"
    assert [hit.turn for hit in library.search("budget")] == [1]
    assert library.bin.meetings() == []


def test_doing_it_twice_does_no_harm(library: Library) -> None:
    number = add(library)
    assert library.bin.restore(number) == library.meeting(number)
    first = library.bin.put(number, NOW)
    assert library.bin.put(number, NOW + timedelta(days=1)) == first
    assert library.bin.restore(number) == library.bin.restore(number)


def test_the_bin_is_emptied_for_good(library: Library) -> None:
    kept, gone = add(library, "a.wav"), add(library, "b.wav")
    file = library.bin.put(gone).recording
    assert library.bin.empty() == 1
    assert not file.exists()
    assert [meeting.id for meeting in library.meetings()] == [kept]
    assert library.meeting(kept).recording.read_text() == "sound"
    for table in ("turns", "speakers"):
        rows = library._database.execute(f"SELECT DISTINCT meeting_id FROM {table}").fetchall()
        assert rows == [(kept,)]
    with pytest.raises(StoreError, match=f"no meeting {gone}"):
        library.bin.restore(gone)


def test_only_what_is_old_enough_expires(library: Library) -> None:
    old, young = add(library, "a.wav"), add(library, "b.wav")
    library.bin.put(old, NOW)
    library.bin.put(young, NOW + timedelta(seconds=1))
    later = NOW + timedelta(days=KEPT_DAYS)
    assert library.bin.expire(later) == 0
    assert library.bin.expire(later + timedelta(seconds=0.5)) == 1
    assert [meeting.id for meeting in library.bin.meetings()] == [young]


def test_opening_a_library_destroys_nothing(library: Library) -> None:
    number = add(library)
    file = library.bin.put(number, NOW - timedelta(days=1000)).recording
    with Library(library.path) as again:
        assert [meeting.id for meeting in again.bin.meetings()] == [number]
    assert file.read_text() == "sound"


def test_a_meeting_being_recorded_is_not_deleted(library: Library) -> None:
    number = library.create_meeting("Now", library.path.parent / "now.wav", NOW).id
    with pytest.raises(StoreError, match="still being recorded: stop it first"):
        library.bin.put(number)
    assert library.meeting(number).state is MeetingState.RECORDING
    assert library.meeting(number).deleted_at is None


def test_a_recording_elsewhere_is_never_touched(library: Library, tmp_path: Path) -> None:
    elsewhere = tmp_path / "mine.wav"
    elsewhere.write_text("mine")
    number = library.create_meeting("Mine", elsewhere, NOW).id
    library.finish_meeting(number, 1.0)
    assert library.bin.put(number).recording == elsewhere
    assert library.bin.restore(number).recording == elsewhere
    library.bin.put(number)
    library.bin.empty()
    assert elsewhere.read_text() == "mine"


def test_a_name_that_was_taken_since_is_left_to_its_owner(library: Library) -> None:
    first = add(library, sound="first")
    library.bin.put(first)
    second = add(library, sound="second")
    library.bin.put(second)
    third = add(library, sound="third")
    sounds = [library.bin.restore(n).recording.read_text() for n in (second, first)]
    assert sounds == ["second", "first"]
    assert library.meeting(third).recording.read_text() == "third"
    assert len({meeting.recording for meeting in library.meetings()}) == 3


def test_a_meeting_without_its_recording_goes_and_comes_too(library: Library) -> None:
    number = add(library)
    library.meeting(number).recording.unlink()
    assert library.bin.put(number).size_bytes == 0
    add(library, sound="another with that name")
    assert library.bin.restore(number).deleted_at is None
    library.bin.put(number)
    library.bin.empty()
    (left,) = library.meetings()
    assert left.recording.read_text() == "another with that name"


@pytest.mark.parametrize("restoring", [False, True])
def test_a_crash_half_way_loses_no_recording(
    library: Library, monkeypatch: pytest.MonkeyPatch, restoring: bool
) -> None:
    """The file has moved and the row has not: the recording is found, and either way goes on."""
    number = add(library)
    step: Callable[[int], MeetingSummary] = library.bin.restore if restoring else library.bin.put
    if restoring:
        library.bin.put(number)
    real = store_bin.Bin._mark

    def cut_off(self: store_bin.Bin, meeting_id: int, deleted_at: str | None) -> None:
        real(self, meeting_id, deleted_at)
        if not restoring:
            self._lay_in_bin(self._files(meeting_id)[0])
        raise KeyboardInterrupt

    monkeypatch.setattr(store_bin.Bin, "_mark", cut_off)
    with pytest.raises(KeyboardInterrupt):
        step(number)
    monkeypatch.undo()
    assert (library.meeting(number).deleted_at is None) is not restoring
    assert library.meeting(number).recording.read_text() == "sound"
    assert step(number).recording.read_text() == "sound"
    assert library.bin.put(number).recording.read_text() == "sound"
    assert library.bin.restore(number).recording.read_text() == "sound"


def test_a_recording_that_cannot_be_moved_stays_and_can_still_be_had(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = add(library)
    home = library.meeting(number).recording

    def refuse(self: Path, target: Path) -> Path:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "rename", refuse)
        assert library.bin.put(number).recording == home
        assert library.bin.restore(number).recording == home
    library.bin.put(number)
    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(StoreError, match=r"cannot be moved .*try again"):
        library.bin.restore(number)
    assert [meeting.id for meeting in library.bin.meetings()] == [number]


def test_a_recording_that_cannot_be_destroyed_stays_in_the_bin(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = add(library)
    file = library.bin.put(number).recording

    def refuse(self: Path, missing_ok: bool = False) -> None:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", refuse)
        with pytest.raises(StoreError, match="close the program that uses it"):
            library.bin.empty()
    assert library.bin.restore(number).size_bytes == 5
    assert not file.exists()


def test_the_library_says_how_large_it_is(library: Library) -> None:
    first = add(library, "a.wav", "12345")
    second = add(library, "b.wav", "123")
    assert [library.meeting(n).size_bytes for n in (first, second)] == [5, 3]
    library.bin.put(first)
    storage = library.storage()
    assert (storage.recordings, storage.bin) == (3, 5)
    assert storage.database >= library.path.stat().st_size > 0
    assert storage.total == 8 + storage.database


def test_destroying_waits_for_nobody_who_takes_it_out_first(library: Library) -> None:
    """Two programs: one looks into the bin, the other takes the meeting out, the first destroys."""
    number = add(library)
    library.bin.put(number)
    seen = library.bin.meetings()
    with Library(library.path) as other:
        other.bin.restore(number)
    library.bin._destroy(seen)
    assert library.meeting(number).recording.read_text() == "sound"


def test_deleting_goes_through_one_transaction(library: Library) -> None:
    number = add(library)
    with Library(library.path) as other:
        other._database.execute("BEGIN IMMEDIATE")
        library._database.execute("PRAGMA busy_timeout = 1")
        with pytest.raises(StoreError, match="Another program holds it"):
            library.bin.put(number)
        other._database.execute("ROLLBACK")
    assert isinstance(library._database, sqlite3.Connection)
    assert library.meeting(number).recording.parent.name == "recordings"


def add_segments(library: Library, number: int) -> list[Path]:
    """Two more files: after a pause, and of what the computer played."""
    first = library.meeting(number).recording
    names = (f"{first.stem}-2.wav", f"{first.stem}-system.wav")
    paths = [first.with_name(name) for name in names]
    for path, source, start in zip(paths, ("microphone", "system"), (16_000, 5), strict=True):
        path.write_text(f"{source} of {number}")
        library.add_segment(number, Segment(path, Source(source), start))
    return [first, *paths]


def contents(library: Library, number: int) -> list[str]:
    return [segment.path.read_text() for segment in library.segments(number)]


def test_all_files_of_a_meeting_go_and_come_back(library: Library) -> None:
    number, other = add(library, "a.wav"), add(library, "b.wav")
    paths = add_segments(library, number)
    said = ["sound", f"microphone of {number}", f"system of {number}"]
    before = library.segments(number)
    assert [(s.path, s.source.value, s.start) for s in before] == [
        (paths[0], "microphone", 0),
        (paths[1], "microphone", 16_000),
        (paths[2], "system", 5),
    ]
    size = sum(map(len, said))
    assert (library.meeting(number).size_bytes, library.storage().recordings) == (size, size + 5)
    library.bin.put(number)
    assert not any(path.exists() for path in paths)
    assert (contents(library, number), library.storage().bin) == (said, size)
    library.bin.restore(number)
    assert (library.segments(number), contents(library, number)) == (before, said)
    library.bin.put(number)
    library.bin.empty()
    assert [path.name for path in library.path.parent.rglob("*.wav")] == ["b.wav"]
    assert contents(library, other) == ["sound"]


def test_each_file_finds_a_home_where_its_name_was_taken(library: Library) -> None:
    number = add(library)
    paths = add_segments(library, number)
    said = contents(library, number)
    library.bin.put(number)
    paths[0].write_text("somebody else's")
    paths[2].write_text("somebody else's")
    library.bin.restore(number)
    assert contents(library, number) == said
    assert library.meeting(number).recording == library.segments(number)[0].path
    assert [path.read_text() for path in (paths[0], paths[2])] == ["somebody else's"] * 2
