"""The table of notes: bookmarks in meetings, with or without a text."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app.database import StoreError, explained, transaction
from app.words import translate

LONGEST = 10_000
"""Characters of a note: it is a note, not a document."""


@dataclass(frozen=True, slots=True)
class Note:
    """A bookmark at ``sample`` (16 kHz, since the start of the meeting); the text may be empty."""

    id: int
    meeting_id: int
    sample: int
    text: str
    created_at: datetime


class NoteTable:
    """The notes of the library at ``path``; all methods raise :class:`StoreError`.

    A meeting takes its notes along when it is destroyed.
    """

    def __init__(self, database: sqlite3.Connection, path: Path) -> None:
        self._database = database
        self._path = path

    def of(self, meeting_id: int) -> list[Note]:
        """The notes of a meeting, by time."""
        return self._select("meeting_id = ? ORDER BY sample, id", meeting_id)

    def add(self, meeting_id: int, sample: int, text: str = "") -> Note:
        """Put a bookmark at a moment."""
        values = (meeting_id, max(0, sample), _checked(text), datetime.now(UTC).isoformat())
        sql = "INSERT INTO notes (meeting_id, sample, text, created_at) VALUES (?, ?, ?, ?)"
        with explained(self._path), transaction(self._database):
            number = self._database.execute(sql, values).lastrowid
        return self._select("id = ?", number)[0]

    def rewrite(self, note: Note, text: str) -> Note:
        """Give a note another text."""
        with explained(self._path), transaction(self._database):
            sql = "UPDATE notes SET text = ? WHERE id = ?"
            self._database.execute(sql, (_checked(text), note.id))
        if not (found := self._select("id = ?", note.id)):
            raise StoreError(
                translate("app", "This note is gone: somebody deleted it in another window.")
            )
        return found[0]

    def delete(self, note: Note) -> None:
        """Delete a note; :meth:`restore` brings it back."""
        with explained(self._path), transaction(self._database):
            self._database.execute("DELETE FROM notes WHERE id = ?", (note.id,))

    def restore(self, note: Note) -> None:
        """Make a note what it was, whether it was deleted or changed since."""
        created = note.created_at.astimezone(UTC).isoformat()
        values = (note.id, note.meeting_id, note.sample, note.text, created)
        with explained(self._path), transaction(self._database):
            self._database.execute(
                "INSERT INTO notes VALUES (?, ?, ?, ?, ?) "
                "ON CONFLICT (id) DO UPDATE SET text = excluded.text",
                values,
            )

    def _select(self, where: str, value: object) -> list[Note]:
        sql = f"SELECT id, meeting_id, sample, text, created_at FROM notes WHERE {where}"
        with explained(self._path):
            return [_note(row) for row in self._database.execute(sql, (value,))]


def _note(row: tuple[Any, ...]) -> Note:
    number, meeting_id, sample, text, created_at = row
    return Note(number, meeting_id, sample, text, datetime.fromisoformat(created_at))


def _checked(text: str) -> str:
    text = text.strip()
    if len(text) > LONGEST:
        said = translate("app", "A note may have {most} characters: this one has {length}.")
        raise StoreError(said.format(most=LONGEST, length=len(text)))
    return text
