"""The library keeps what it was given: over reopening, kills, full disks and new versions."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from app.migrations import MIGRATIONS
from app.recorder import Recorder
from app.sound import Segment, Source
from app.store import Library, MeetingState, StoreError
from app.transcript import Transcript, Turn
from engine.events import Gap, GapReason, Word

STARTED = datetime(2024, 5, 17, 9, 30, tzinfo=timezone(timedelta(hours=2)))
BACKUP = f"library.sqlite.v{len(MIGRATIONS)}.backup"
NEXT_VERSION = (*MIGRATIONS, ("ALTER TABLE meetings ADD COLUMN place TEXT",))


def turn(number: int, start: int = 0, text: str = "héllo", **changes: object) -> Turn:
    words = (Word(text, start, start + 800, 0.1 + 0.2), Word("there", start + 800, start + 999, 1))
    made = Turn(number, number % 2, start, start + 1_000, 1, words)
    for name, value in changes.items():
        setattr(made, name, value)
    return made


def transcript_of(*turns: Turn) -> Transcript:
    return Transcript(turns={turn.number: turn for turn in turns})


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "new folder" / "library.sqlite"


@pytest.fixture
def library(path: Path) -> Iterator[Library]:
    with Library(path) as opened:
        yield opened


def add(library: Library, title: str | None = None, name: str = "a.wav") -> int:
    return library.create_meeting(title, library.path.parent / name, STARTED).id


def test_a_meeting_comes_back_as_it_was_saved(path: Path) -> None:
    gap = Gap(100, 200, GapReason.OVERRUN)
    saved = transcript_of(turn(1), turn(2, 500, end=None, provisional=True, corrected=True))
    with Library(path) as library:
        number = add(library, "Plans")
        library.save_turns(number, saved)
        library.save_gap(number, gap)
        library.save_gap(number, gap)
        library.rename_speaker(number, 1, "Ada  Lovelace")
        library.finish_meeting(number, 12.5)
    with Library(path) as library:
        loaded = library.load(number)
        (meeting,) = library.meetings()
    assert loaded.turns == saved.turns
    assert loaded.gaps == [gap]
    assert loaded.duration == 200_000
    assert loaded.speakers[1].name == "Ada Lovelace"
    assert (meeting.title, meeting.state) == ("Plans", MeetingState.FINISHED)
    assert (meeting.turns, meeting.speakers, meeting.duration_s) == (2, 1, 12.5)
    assert meeting.started_at == STARTED
    assert meeting.recording == path.parent / "a.wav"


times = st.integers(0, 10**12)
any_turn = st.builds(
    Turn,
    st.integers(1, 9),
    st.integers(0, 1),
    times,
    st.none() | times,
    st.integers(1, 4),
    st.lists(
        st.builds(
            Word, st.text(max_size=9), times, times, st.floats(0, 1), st.booleans(), st.text()
        ),
        max_size=3,
    ).map(tuple),
    st.booleans(),
    st.booleans(),
)


@settings(max_examples=40)
@given(st.lists(any_turn, max_size=6), st.lists(any_turn, max_size=6))
def test_saving_all_turns_makes_the_library_equal_to_the_transcript(
    tmp_path_factory: pytest.TempPathFactory, first: list[Turn], then: list[Turn]
) -> None:
    with Library(tmp_path_factory.getbasetemp() / "l.sqlite") as library:
        number = add(library)
        for turns in (first, then):
            library.save_turns(number, transcript_of(*turns))
            assert library.load(number).turns == {turn.number: turn for turn in turns}


COUNTING = """
CREATE TEMP TABLE written (how, number);
CREATE TEMP TRIGGER a AFTER INSERT ON turns BEGIN
    INSERT INTO written VALUES ('new', new.number); END;
CREATE TEMP TRIGGER b AFTER UPDATE ON turns BEGIN
    INSERT INTO written VALUES ('changed', new.number); END;
CREATE TEMP TRIGGER c AFTER DELETE ON turns BEGIN
    INSERT INTO written VALUES ('gone', old.number); END;
"""


def test_saving_again_writes_only_what_differs(library: Library) -> None:
    number = add(library)
    library.save_turns(number, transcript_of(turn(1), turn(2), turn(3)))
    library._database.executescript(COUNTING)
    library.save_turns(number, transcript_of(turn(1), turn(2, text="other")))
    written = library._database.execute("SELECT how, number FROM written").fetchall()
    assert sorted(written) == [("changed", 2), ("gone", 3)]
    assert library.load(number).turns[2].text == "other there"


def test_one_turn_is_saved_again_when_it_changes(library: Library) -> None:
    number = add(library)
    library.save_turn(number, turn(1, provisional=True))
    library.save_turn(number, turn(1, speaker=3))
    assert library.load(number).turns == {1: turn(1, speaker=3)}
    assert library.load(number).speaker_name(turn(1, speaker=3)) == "Speaker 3"


def test_a_turn_without_words_does_not_count(library: Library) -> None:
    number = add(library)
    library.save_turns(number, transcript_of(turn(1), turn(2, words=(), speaker=2)))
    assert (library.meeting(number).turns, library.meeting(number).speakers) == (1, 1)
    assert len(library.load(number).turns) == 2


def test_names_and_titles(library: Library) -> None:
    first, second = add(library, "Plans"), add(library)
    assert library.meeting(second).title == f"Meeting {STARTED.astimezone():%Y-%m-%d %H:%M}"
    library.save_turn(first, turn(1))
    library.rename_speaker(first, 1, "Ada")
    library.rename_speaker(first, 1, "Grace")
    assert library.load(first).speakers[1].name == "Grace"
    library.rename_speaker(first, 1, " ")
    assert library.load(first).speakers[1].name == "Speaker 1"
    library.rename_meeting(first, " New  plans ")
    assert library.find("new plans").id == first
    assert library.find(str(first)).title == "New plans"
    assert library.find("last").id == second
    with pytest.raises(StoreError, match="needs a title"):
        library.rename_meeting(first, "  ")


def test_a_meeting_that_is_not_there_is_named_in_the_message(library: Library) -> None:
    with pytest.raises(StoreError, match="crosstalk meetings"):
        library.find("last")
    with pytest.raises(StoreError, match="no meeting 7"):
        library.load(7)
    with pytest.raises(StoreError, match="no meeting 7"):
        library.rename_speaker(7, 1, "Ada")
    add(library, "Twin")
    add(library, "Twin")
    with pytest.raises(StoreError, match="More than one meeting"):
        library.find("twin")


def test_a_recording_elsewhere_keeps_its_place_one_inside_moves_along(path: Path) -> None:
    elsewhere = path.parents[1] / "b.wav"
    with Library(path) as library:
        inside = add(library, name="recordings/a.wav")
        outside = library.create_meeting(None, elsewhere, STARTED).id
    moved = path.parent.rename(path.parents[1] / "moved")
    with Library(moved / path.name) as library:
        assert library.meeting(inside).recording == moved / "recordings" / "a.wav"
        assert library.meeting(outside).recording == elsewhere


def test_a_meeting_being_recorded_is_not_recovered_by_another_reader(library: Library) -> None:
    number = add(library)
    with Library(library.path) as other:
        assert other.meeting(number).state is MeetingState.RECORDING
    library.finish_meeting(number, 1.0)
    assert library.meeting(number).state is MeetingState.FINISHED
    assert not list(library.path.parent.glob("*.lock"))


def test_a_meeting_left_open_is_recovered_with_the_length_of_its_recording(path: Path) -> None:
    with Library(path) as library:
        number = add(library, name="a.wav")
        lost = add(library, name="missing.wav")
        library.save_turn(lost, turn(1, 15_000))
        recorder = Recorder(path.parent / "a.wav", 8_000, 1)
        recorder.write(np.zeros((4_000, 1), np.int16))
        recorder.close()
    with Library(path) as library:
        found = {meeting.id: meeting for meeting in library.meetings()}
    assert found[number].state is found[lost].state is MeetingState.RECOVERED
    assert found[number].duration_s == 0.5
    assert found[lost].duration_s == 1.0  # as far as its turns go
    assert (path.parent / "a.wav").is_file()
    assert not list(path.parent.glob("*.lock"))


def test_every_file_of_a_meeting_cut_off_is_repaired_and_none_is_lost(path: Path) -> None:
    """Also those that the crash kept from being written down, and nobody else's."""
    with Library(path) as library:
        number = add(library, name="a.wav")
        library.add_segment(number, Segment(path.parent / "a-2.wav", Source.MICROPHONE, 16_000))
        add(library, name="b.wav")
        names = ("a.wav", "a-2.wav", "a-3.wav", "a-system.wav", "a-system-2.wav", "b.wav", "ab.wav")
        files = [Recorder(path.parent / name, 8_000, 1) for name in names]
        for file in files:
            file.write(np.ones((4_000, 1), np.int16))  # the header does not know of them yet
        (path.parent / "a-notes.wav").write_bytes(b"mine")
    with Library(path) as library:
        found = library.meeting(number)
        segments = library.segments(number)
    for file in files:
        file._file.close()
    assert [(s.path.name, s.source.value, s.start) for s in segments] == [
        ("a.wav", "microphone", 0),
        ("a-2.wav", "microphone", 16_000),
        ("a-3.wav", "microphone", 24_000),
        ("a-system.wav", "system", 0),
        ("a-system-2.wav", "system", 8_000),
    ]
    assert (found.state, found.duration_s) == (MeetingState.RECOVERED, 2.0)
    for segment in segments:
        assert soundfile.info(segment.path).frames == 4_000


WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from app.store import Library
from app.transcript import Turn
from engine.events import Word
library = Library(Path(sys.argv[1]))
meeting = library.create_meeting("Cut off", Path("none.wav"), datetime.now(UTC))
for number in range(1, 100_000):
    words = tuple(Word("word", number, number + 1, 0.5) for _ in range(50))
    library.save_turn(meeting.id, Turn(number, 0, number, number + 1, 1, words))
    print(number, flush=True)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL on this system")
@pytest.mark.parametrize("enough", [1, 7, 30])
def test_a_killed_process_loses_no_turn_that_was_saved(path: Path, enough: int) -> None:
    command = [sys.executable, "-c", WRITER, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if int(line) == enough:
                break
        with Library(path) as library:
            assert library.find("last").state is MeetingState.RECORDING
        os.kill(process.pid, signal.SIGKILL)
        said = [enough, *map(int, process.stdout.read().split())]
    with Library(path) as library:
        meeting = library.find("last")
        turns = library.load(meeting.id).turns
    assert meeting.state is MeetingState.RECOVERED
    assert set(range(1, said[-1] + 1)) <= set(turns)
    assert all(len(turn.words) == 50 for turn in turns.values())


def test_an_older_library_is_lifted_and_its_backup_kept(path: Path) -> None:
    with Library(path) as library:
        number = add(library, "Old")
        library.save_turn(number, turn(1))
        library.finish_meeting(number, 1.0)
    with Library(path, NEXT_VERSION) as library:
        assert library.load(number).turns == {1: turn(1)}
    backup = path.with_name(BACKUP)
    with Library(backup) as old:  # the version before reads its backup
        assert old.load(number).turns == {1: turn(1)}
    with pytest.raises(StoreError, match="newer Crosstalk"):
        Library(path)


def test_readable_words_come_back_beside_the_raw_ones(path: Path) -> None:
    said = (Word("i'm", 0, 8, 0.5, readable="I'm"), Word("here", 8, 16, 0.5, readable="here."))
    with Library(path) as library:
        number = add(library)
        library.save_turn(number, turn(1, words=said))
    with Library(path) as library:
        loaded = library.load(number).turns[1]
    assert loaded.words == said
    assert loaded.text == "I'm here."


def test_a_second_backup_does_not_replace_the_first(path: Path) -> None:
    Library(path).close()
    kept = path.with_name(BACKUP)
    kept.write_text("mine")
    Library(path, NEXT_VERSION).close()
    assert kept.read_text() == "mine"
    assert path.with_name(f"{BACKUP}.1").is_file()


def test_a_full_disk_is_explained_and_loses_nothing(library: Library) -> None:
    number = add(library)
    library.save_turn(number, turn(1))
    pages = library._database.execute("PRAGMA page_count").fetchone()[0]
    library._database.execute(f"PRAGMA max_page_count = {pages}")
    big = transcript_of(*(turn(n, text="x" * 5_000) for n in range(2, 9)))
    with pytest.raises(StoreError, match="disk is full"):
        library.save_turns(number, big)
    assert library.load(number).turns == {1: turn(1)}
    library._database.execute("PRAGMA max_page_count = 100000")
    library.save_turns(number, big)
    assert library.load(number).turns == big.turns


def test_files_that_are_no_library_are_left_alone(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"This is a letter to my grandmother. " * 100)
    before = path.read_bytes()
    with pytest.raises(StoreError, match="not a library"):
        Library(path)
    assert path.read_bytes() == before
    foreign = path.with_name("foreign.sqlite")
    with closing(sqlite3.connect(foreign)) as database:
        database.execute("CREATE TABLE recipes (name TEXT)")
    before = foreign.read_bytes()
    with pytest.raises(StoreError, match="no library of Crosstalk"):
        Library(foreign)
    assert foreign.read_bytes() == before


def test_a_damaged_library_says_what_to_do(path: Path) -> None:
    with Library(path) as library:
        number = add(library)
        library.save_turns(number, transcript_of(*(turn(n) for n in range(200))))
        library.finish_meeting(number, 1.0)
    content = path.read_bytes()
    path.write_bytes(content[:4096] + os.urandom(len(content) - 4096))
    with pytest.raises(StoreError, match="damaged: move it away"), Library(path) as library:
        library.load(number)


def test_a_folder_that_cannot_be_made_is_explained(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="check the disk and its permissions"):
        Library(tmp_path / "file" / "library.sqlite")
    (tmp_path / "folder.sqlite").mkdir()
    with pytest.raises(StoreError, match="cannot be opened"):
        Library(tmp_path / "folder.sqlite")


def test_two_threads_write_through_their_own_libraries(path: Path) -> None:
    def write(first: int) -> None:
        with Library(path) as library:
            for number in range(first, first + 20):
                library.save_turn(1, turn(number))

    with Library(path) as library:
        number = add(library)
        threads = [threading.Thread(target=write, args=(first,)) for first in (1, 101)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(library.load(number).turns) == 40


def test_times_are_kept_in_utc(library: Library) -> None:
    number = add(library)
    assert library.meeting(number).started_at.tzinfo == UTC
