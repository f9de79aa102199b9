"""The log of edits: each is one transaction with what it changes, and can be undone for ever.

An edit that was undone stays in the log, to be made again, until another one is made instead.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app.corrections.edits import Edit, EditKind, EditRefused
from app.corrections.patch import Patch
from app.corrections.turns import MoveBounds
from app.corrections.written import read, written
from app.database import explained, transaction
from app.rows import SAVE_REMOVED, SAVE_TURN, TURN_COLUMNS, turn_of_row, turn_row
from app.store_speakers import save_speaker
from app.transcript import Transcript
from app.words import translate

LAST_DONE = "id = (SELECT max(id) FROM edits WHERE meeting_id = ? AND NOT undone)"
IN_A_ROW_S = 2.0
"""Steps that follow each other so quickly are one."""
FIRST_UNDONE = "id = (SELECT min(id) FROM edits WHERE meeting_id = ? AND undone)"


class Corrections:
    """The edits of the meetings of a library; all methods raise :class:`StoreError`.

    Each change of a transcript is on the disk before it returns, or the transcript stays as it was.
    """

    def __init__(self, database: sqlite3.Connection, path: Path) -> None:
        self._database = database
        self._path = path

    def make(self, meeting_id: int, edit: Edit, transcript: Transcript) -> Patch:
        """Make an edit; returns what it changed, empty where that is nothing.

        Raises:
            EditRefused: it cannot be made.
        """
        patch = edit.patch(transcript)
        if patch:
            with self._changing(meeting_id, patch, transcript):
                self._forget_undone(meeting_id)
                self._write(meeting_id, edit, patch)
        return patch

    def undo(self, meeting_id: int, transcript: Transcript) -> Patch:
        """Take the last edit back; returns what that changed, empty where there is none."""
        return self._step(meeting_id, transcript, LAST_DONE, undone=True)

    def redo(self, meeting_id: int, transcript: Transcript) -> Patch:
        """Make the edit that was taken back last again."""
        return self._step(meeting_id, transcript, FIRST_UNDONE, undone=False)

    def can_undo(self, meeting_id: int) -> EditKind | None:
        """What :meth:`undo` would take back."""
        return self._kind(meeting_id, LAST_DONE)

    def can_redo(self, meeting_id: int) -> EditKind | None:
        """What :meth:`redo` would make again."""
        return self._kind(meeting_id, FIRST_UNDONE)

    def latest(self, meeting_id: int) -> tuple[int, int]:
        """Something that is another one after each edit, also one undone or made again."""
        sql = "SELECT coalesce(max(id), 0), count(*) FILTER (WHERE undone) FROM edits "
        with explained(self._path):
            row = self._database.execute(sql + "WHERE meeting_id = ?", (meeting_id,)).fetchone()
        return int(row[0]), int(row[1])

    def forget_undone(self, meeting_id: int) -> None:
        """What was undone cannot be made again: its turns may be others now."""
        with explained(self._path), transaction(self._database):
            self._forget_undone(meeting_id)

    def _write(self, meeting_id: int, edit: Edit, patch: Patch) -> None:
        """Remember an edit; little steps in a row are one, under a new number."""
        now, former, whole = datetime.now(UTC), None, None
        if isinstance(edit, MoveBounds) and edit.goes_on:
            former = self._find("id, made_at, kind, patch", meeting_id, LAST_DONE)
        if former and former[2] == edit.kind:
            age_s = (now - datetime.fromisoformat(former[1])).total_seconds()
            whole = patch.after(read(former[3])) if 0 <= age_s <= IN_A_ROW_S else None
        self._database.execute(
            "INSERT INTO edits (meeting_id, made_at, kind, patch) VALUES (?, ?, ?, ?)",
            (meeting_id, now.isoformat(), edit.kind, written(patch if whole is None else whole)),
        )
        if former and whole is not None:
            self._database.execute("DELETE FROM edits WHERE id = ?", (former[0],))

    def _step(self, meeting_id: int, transcript: Transcript, which: str, undone: bool) -> Patch:
        found = self._find("id, patch", meeting_id, which)
        if found is None:
            return Patch()
        number, text = found
        patch = read(text).reversed() if undone else read(text)
        with self._changing(meeting_id, patch, transcript):
            self._database.execute("UPDATE edits SET undone = ? WHERE id = ?", (undone, number))
        return patch

    @contextmanager
    def _changing(self, meeting_id: int, patch: Patch, transcript: Transcript) -> Iterator[None]:
        """Change the transcript, its rows and the log, or nothing at all."""
        if transcript.replaying and patch.turns:
            said = translate(
                "app",
                "The speech engine was started again and is still catching up: "
                "try again when the text has come back.",
            )
            raise EditRefused(said)
        if not transcript.voices:  # else it is live, and the library may lag behind it
            self._refuse_stale(meeting_id, patch, transcript)
        patch.apply(transcript)
        try:
            with explained(self._path), transaction(self._database):
                self._save_turns(meeting_id, patch.numbers, transcript)
                self._save_speakers(meeting_id, patch)
                yield
        except BaseException:
            patch.reversed().apply(transcript)
            raise

    def _save_turns(self, meeting_id: int, numbers: Iterable[int], transcript: Transcript) -> None:
        gone = [(meeting_id, number) for number in numbers]
        for table, turns in (("removed_turns", transcript.turns), ("turns", transcript.removed)):
            leave = [each for each in gone if each[1] in turns or not _has(transcript, each[1])]
            sql = f"DELETE FROM {table} WHERE meeting_id = ? AND number = ?"
            self._database.executemany(sql, leave)
        for sql, turns in ((SAVE_TURN, transcript.turns), (SAVE_REMOVED, transcript.removed)):
            rows = [turn_row(meeting_id, turns[number]) for _, number in gone if number in turns]
            self._database.executemany(sql, rows)

    def _refuse_stale(self, meeting_id: int, patch: Patch, transcript: Transcript) -> None:
        """What another window or job changed since it was loaded must not be overwritten."""
        sql = f"SELECT meeting_id, number, {TURN_COLUMNS} FROM turns WHERE (meeting_id, number) = "
        for number in patch.numbers:
            with explained(self._path):
                row = self._database.execute(sql + "(?, ?)", (meeting_id, number)).fetchone()
            if (None if row is None else turn_of_row(row)) != transcript.turns.get(number):
                said = translate("app", "The text was changed elsewhere: open the meeting again.")
                raise EditRefused(said)

    def _save_speakers(self, meeting_id: int, patch: Patch) -> None:
        for change in patch.speakers:
            save_speaker(self._database, meeting_id, change.number, change.after)

    def _forget_undone(self, meeting_id: int) -> None:
        sql = "DELETE FROM edits WHERE meeting_id = ? AND undone"
        self._database.execute(sql, (meeting_id,))

    def _kind(self, meeting_id: int, which: str) -> EditKind | None:
        found = self._find("kind", meeting_id, which)
        return None if found is None else EditKind(found[0])

    def _find(self, what: str, meeting_id: int, which: str) -> tuple[Any, ...] | None:
        with explained(self._path):
            sql = f"SELECT {what} FROM edits WHERE {which}"
            found: tuple[Any, ...] | None = self._database.execute(sql, (meeting_id,)).fetchone()
            return found


def _has(transcript: Transcript, number: int) -> bool:
    return number in transcript.turns or number in transcript.removed
