"""Who the speakers of a meeting are, in the library."""

from __future__ import annotations

import sqlite3

from app.speaker import Speaker

# The user gives a name. Whose voice it is stays known if that is the person's name.
NAME_SPEAKER = """
    INSERT INTO speakers (name, meeting_id, number) VALUES (?, ?, ?)
    ON CONFLICT (meeting_id, number) DO UPDATE SET name = excluded.name, recognised = NULL,
    person_id = (SELECT id FROM people WHERE id = person_id AND people.name = excluded.name)
"""
FORGET_SPEAKER = "DELETE FROM speakers WHERE meeting_id = ? AND number = ?"

# The program gives one, unless the user did, or the person was deleted in the meantime.
RECOGNISE_SPEAKER = """
    INSERT OR IGNORE INTO speakers (meeting_id, number, name, person_id, recognised)
    SELECT ?, ?, ?, id, ? FROM people WHERE id = ?
"""

# A person said that a speaker is somebody else. A voice that was deleted needs no denial.
FORGET_DENIALS = "DELETE FROM denials WHERE meeting_id = ? AND number = ?"
DENY = "INSERT INTO denials SELECT ?, ?, id FROM people WHERE id = ?"


def save_speaker(
    database: sqlite3.Connection, meeting_id: int, number: int, speaker: Speaker | None
) -> None:
    """Write who a speaker is after an edit, inside a transaction."""
    _save_denials(database, meeting_id, number, speaker.denied if speaker else frozenset())
    if speaker is not None and speaker.named:
        database.execute(NAME_SPEAKER, (speaker.name, meeting_id, number))
        return
    database.execute(FORGET_SPEAKER, (meeting_id, number))
    if speaker is not None and speaker.recognised:
        recognise_speaker(database, meeting_id, speaker)


def _save_denials(
    database: sqlite3.Connection, meeting_id: int, number: int, denied: frozenset[int]
) -> None:
    database.execute(FORGET_DENIALS, (meeting_id, number))
    database.executemany(DENY, [(meeting_id, number, person) for person in denied])


def recognise_speaker(database: sqlite3.Connection, meeting_id: int, speaker: Speaker) -> None:
    """Write by whose voice a speaker was recognised, inside a transaction."""
    found = speaker.recognised
    assert found is not None
    sure = "sure" if found.sure else "maybe"
    row = meeting_id, speaker.number, found.name, sure, found.person
    database.execute(RECOGNISE_SPEAKER, row)
