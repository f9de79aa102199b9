"""Deletes voices so that nothing of them stays in the library's files.

SQLite leaves what was deleted in free pages and in its journal until something overwrites it. Here
the file is written anew afterwards, the journal emptied, and the copies of former versions beside
the library are treated alike.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from app.database import StoreError, backups, explained, transaction
from app.words import translate

# What was heard while somebody spoke who was saved or recognised as this person.
FORGET_TURNS = """
    DELETE FROM turn_voices AS voice WHERE EXISTS (
        SELECT 1 FROM speakers JOIN turns
        ON turns.meeting_id = speakers.meeting_id AND turns.speaker = speakers.number
        WHERE speakers.person_id = ? AND turns.meeting_id = voice.meeting_id
        AND turns.start_sample < voice.end_sample
        AND coalesce(turns.end_sample, turns.start_sample + 1) > voice.start_sample
    )
"""

Deletion = Callable[[sqlite3.Connection], None]


class Forgetting:
    """Forgets in the library at ``path``; both methods raise :class:`StoreError`."""

    def __init__(self, database: sqlite3.Connection, path: Path) -> None:
        self._database = database
        self._path = path

    def person(self, person_id: int) -> None:
        """A person, and the voices of the turns in which they were heard."""
        self._forget(lambda database: _forget_person(database, person_id))

    def everybody(self) -> None:
        """All people, and the voices of all turns."""
        self._forget(_forget_everybody)

    def _forget(self, deletion: Deletion) -> None:
        with explained(self._path):
            with transaction(self._database):
                self._refuse_while_hearing()
                deletion(self._database)
            _rewrite(self._database)
            for copy in backups(self._path):
                _forget_in_copy(copy, deletion)

    def _refuse_while_hearing(self) -> None:
        """An engine that runs has the voices in its memory, and tells more of them."""
        sql = """
            SELECT 1 FROM meetings WHERE state = 'recording'
            UNION SELECT 1 FROM jobs WHERE state = 'running'
        """
        if self._database.execute(sql).fetchone():
            raise StoreError(
                translate(
                    "app",
                    "A meeting is being recorded or transcribed: when that is done, or was "
                    "stopped, delete the voice.",
                )
            )


def _forget_person(database: sqlite3.Connection, person_id: int) -> None:
    for sql in (
        FORGET_TURNS,
        "DELETE FROM speakers WHERE person_id = ? AND recognised = 'maybe'",
        "UPDATE speakers SET person_id = NULL, recognised = NULL WHERE person_id = ?",
        "DELETE FROM voices WHERE person_id = ?",
        "DELETE FROM people WHERE id = ?",
    ):
        database.execute(sql, (person_id,))
    if _has(database, "denials"):
        database.execute("DELETE FROM denials WHERE person_id = ?", (person_id,))


def _forget_everybody(database: sqlite3.Connection) -> None:
    database.execute("DELETE FROM speakers WHERE recognised = 'maybe'")
    database.execute("UPDATE speakers SET person_id = NULL, recognised = NULL")
    for table in ("turn_voices", "voices", "people", "denials"):
        if _has(database, table):
            database.execute(f"DELETE FROM {table}")


def _has(database: sqlite3.Connection, table: str) -> bool:
    """Whether there is such a table; a copy of a former version may have none."""
    sql = "SELECT 1 FROM sqlite_master WHERE name = ?"
    return database.execute(sql, (table,)).fetchone() is not None


def _rewrite(database: sqlite3.Connection) -> None:
    database.execute("VACUUM")
    (busy, *_) = database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if busy:
        raise StoreError(
            translate(
                "app",
                "The voice is deleted, but traces of it stay in the library's journal while "
                "something else reads the library: close Crosstalk to remove them.",
            )
        )


def _forget_in_copy(path: Path, deletion: Deletion) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as copy:
        if _has(copy, "turn_voices"):
            deletion(copy)
            copy.execute("VACUUM")
