from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.store import Library, StoreError
from app.store_notes import LONGEST
from engine.timeline import to_samples


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library(tmp_path / "library.sqlite") as made:
        yield made


def meeting(library: Library, title: str = "Budget") -> int:
    path = library.path.parent / f"{title}.wav"
    path.touch()
    made = library.create_meeting(title, path, datetime(2026, 1, 5, 9, tzinfo=UTC))
    library.finish_meeting(made.id, 60.0)
    return made.id


def test_notes_stand_in_the_order_of_time(library: Library) -> None:
    number, other = meeting(library), meeting(library, "Choir")
    library.notes.add(number, to_samples(20.0), "ask Jonas 🎈 مرحبا")
    library.notes.add(number, to_samples(5.0))
    library.notes.add(other, 0, "elsewhere")
    found = library.notes.of(number)
    assert [(note.sample, note.text) for note in found] == [
        (to_samples(5.0), ""),
        (to_samples(20.0), "ask Jonas 🎈 مرحبا"),
    ]
    assert abs((datetime.now(UTC) - found[0].created_at).total_seconds()) < 60


def test_a_note_is_rewritten_deleted_and_brought_back_as_it_was(library: Library) -> None:
    note = library.notes.add(meeting(library), 16_000, "first")
    changed = library.notes.rewrite(note, "  second\nline ")
    assert changed.text == "second\nline"
    library.notes.restore(note)
    assert library.notes.of(note.meeting_id) == [note]
    library.notes.delete(note)
    assert library.notes.of(note.meeting_id) == []
    library.notes.restore(note)
    assert library.notes.of(note.meeting_id) == [note]


def test_notes_are_on_the_disk_at_once_and_go_with_their_meeting(library: Library) -> None:
    note = library.notes.add(meeting(library), 5, "here")
    with Library(library.path) as again:
        assert again.notes.of(note.meeting_id) == [note]
    library.bin.put(note.meeting_id)
    assert library.notes.of(note.meeting_id) == [note]
    library.bin.empty()
    assert library.notes.of(note.meeting_id) == []


def test_what_cannot_be_is_refused(library: Library) -> None:
    number = meeting(library)
    with pytest.raises(StoreError, match="characters"):
        library.notes.add(number, 0, "x" * (LONGEST + 1))
    with pytest.raises(StoreError):
        library.notes.add(number + 1, 0)
    note = library.notes.add(number, -5)
    assert note.sample == 0
    library.notes.delete(note)
    with pytest.raises(StoreError, match="gone"):
        library.notes.rewrite(note, "too late")
