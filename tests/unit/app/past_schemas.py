"""The library as every former version wrote it, in SQL of its own: today's code has no part in it.

A new version of the schema adds its own here, and leaves the others as they are.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

TABLES = """
CREATE TABLE meetings (
    id INTEGER PRIMARY KEY AUTOINCREMENT, title TEXT NOT NULL, recording TEXT NOT NULL,
    started_at TEXT NOT NULL, duration_s REAL,
    state TEXT NOT NULL CHECK (state IN ('recording', 'finished', 'recovered'))
);
CREATE TABLE turns (
    meeting_id INTEGER NOT NULL REFERENCES meetings (id) ON DELETE CASCADE,
    number INTEGER NOT NULL, channel INTEGER NOT NULL, start_sample INTEGER NOT NULL,
    end_sample INTEGER, speaker INTEGER NOT NULL, provisional INTEGER NOT NULL,
    corrected INTEGER NOT NULL, words TEXT NOT NULL, PRIMARY KEY (meeting_id, number)
) WITHOUT ROWID;
CREATE TABLE speakers (
    meeting_id INTEGER NOT NULL REFERENCES meetings (id) ON DELETE CASCADE,
    number INTEGER NOT NULL, name TEXT NOT NULL, PRIMARY KEY (meeting_id, number)
) WITHOUT ROWID;
CREATE TABLE gaps (
    meeting_id INTEGER NOT NULL REFERENCES meetings (id) ON DELETE CASCADE,
    start_sample INTEGER NOT NULL, length INTEGER NOT NULL, reason TEXT NOT NULL,
    PRIMARY KEY (meeting_id, start_sample, length, reason)
) WITHOUT ROWID;
INSERT INTO meetings VALUES
    (3, 'Rückblick', 'recordings/a.wav', '2024-05-17T07:30:00+00:00', 12.5, 'finished'),
    (4, 'Leer', 'recordings/b.wav', '2024-05-18T07:30:00.250000+00:00', 0.5, 'recovered');
INSERT INTO speakers VALUES (3, 2, 'Ada');
INSERT INTO gaps VALUES (3, 100, 200, 'overrun');
"""
VERSIONS = {
    1: """
    INSERT INTO turns VALUES
        (3, 1, 0, 160, 480, 1, 0, 0,
         '[["hello",160,320,0.30000000000000004,true],["\\"él\\"",320,480,1,false]]'),
        (3, 2, 1, 500, NULL, 2, 1, 1, '[]');
    PRAGMA user_version = 1;
    """,
    2: """
    INSERT INTO turns VALUES
        (3, 1, 0, 160, 480, 1, 0, 0,
         '[["hello",160,320,0.30000000000000004,true,""],["\\"él\\"",320,480,1,false,""]]'),
        (3, 2, 1, 500, NULL, 2, 1, 1, '[]');
    PRAGMA user_version = 2;
    """,
}


def write(path: Path, version: int) -> None:
    """A library as this version wrote it, at ``path``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA journal_mode = WAL")
        database.executescript(TABLES + VERSIONS[version])
