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
    3: """
    ALTER TABLE meetings ADD COLUMN deleted_at TEXT;
    CREATE VIRTUAL TABLE search USING fts5(
        shown, raw, tokenize = 'unicode61 remove_diacritics 2', prefix = '1 2 3'
    );
    CREATE VIEW turn_texts AS SELECT meeting_id, number,
        (
            SELECT group_concat(
                coalesce(nullif(json_extract(value, '$[5]'), ''), json_extract(value, '$[0]')),
                ' '
            )
            FROM json_each(words)
        ) AS shown,
        CASE WHEN EXISTS (
            SELECT 1 FROM json_each(words)
            WHERE lower(trim(json_extract(value, '$[5]'), '.,;:?!'))
                NOT IN ('', lower(json_extract(value, '$[0]')))
        ) THEN (
            SELECT group_concat(json_extract(value, '$[0]'), ' ') FROM json_each(words)
        ) END AS raw
    FROM turns;
    CREATE TRIGGER turn_added AFTER INSERT ON turns BEGIN
        DELETE FROM search WHERE rowid = (new.meeting_id << 32) + new.number;
        INSERT INTO search (rowid, shown, raw)
        SELECT (meeting_id << 32) + number, shown, raw FROM turn_texts
        WHERE meeting_id = new.meeting_id AND number = new.number;
    END;
    CREATE TRIGGER turn_changed AFTER UPDATE OF words ON turns WHEN old.words <> new.words BEGIN
        DELETE FROM search WHERE rowid = (new.meeting_id << 32) + new.number;
        INSERT INTO search (rowid, shown, raw)
        SELECT (meeting_id << 32) + number, shown, raw FROM turn_texts
        WHERE meeting_id = new.meeting_id AND number = new.number;
    END;
    CREATE TRIGGER turn_removed AFTER DELETE ON turns BEGIN
        DELETE FROM search WHERE rowid = (old.meeting_id << 32) + old.number;
    END;
    CREATE TRIGGER person_named AFTER INSERT ON speakers BEGIN
        DELETE FROM search WHERE rowid = (new.meeting_id << 32) + (1 << 30) + new.number;
        INSERT INTO search (rowid, shown)
        VALUES ((new.meeting_id << 32) + (1 << 30) + new.number, new.name);
    END;
    CREATE TRIGGER person_renamed AFTER UPDATE OF name ON speakers BEGIN
        DELETE FROM search WHERE rowid = (new.meeting_id << 32) + (1 << 30) + new.number;
        INSERT INTO search (rowid, shown)
        VALUES ((new.meeting_id << 32) + (1 << 30) + new.number, new.name);
    END;
    CREATE TRIGGER person_removed AFTER DELETE ON speakers BEGIN
        DELETE FROM search WHERE rowid = (old.meeting_id << 32) + (1 << 30) + old.number;
    END;
    CREATE TRIGGER meeting_added AFTER INSERT ON meetings BEGIN
        DELETE FROM search WHERE rowid = (new.id << 32) + (2 << 30);
        INSERT INTO search (rowid, shown)
        VALUES ((new.id << 32) + (2 << 30), new.title);
    END;
    CREATE TRIGGER meeting_renamed AFTER UPDATE OF title ON meetings BEGIN
        DELETE FROM search WHERE rowid = (new.id << 32) + (2 << 30);
        INSERT INTO search (rowid, shown)
        VALUES ((new.id << 32) + (2 << 30), new.title);
    END;
    CREATE TRIGGER meeting_removed AFTER DELETE ON meetings BEGIN
        DELETE FROM search WHERE rowid = (old.id << 32) + (2 << 30);
    END;
    INSERT INTO turns VALUES
        (3, 1, 0, 160, 480, 1, 0, 0,
         '[["hello",160,320,0.30000000000000004,true,""],["\\"él\\"",320,480,1,false,""]]'),
        (3, 2, 1, 500, NULL, 2, 1, 1, '[]');
    INSERT INTO search (rowid, shown) VALUES
        ((3 << 32) + (2 << 30), 'Rückblick'), ((4 << 32) + (2 << 30), 'Leer'),
        ((3 << 32) + (1 << 30) + 2, 'Ada');
    PRAGMA user_version = 3;
    """,
}
VERSIONS[4] = (
    VERSIONS[3]
    + """
    CREATE TABLE segments (
        meeting_id INTEGER NOT NULL REFERENCES meetings (id) ON DELETE CASCADE, number INTEGER
        NOT NULL, source TEXT NOT NULL, recording TEXT NOT NULL, start_sample INTEGER NOT NULL,
        PRIMARY KEY (meeting_id, number)
    ) WITHOUT ROWID;
    INSERT INTO segments SELECT id, 1, 'microphone', recording, 0 FROM meetings;
    PRAGMA user_version = 4;
"""
)
VERSIONS[5] = (
    VERSIONS[4]
    + """
    CREATE TABLE jobs (
        id INTEGER PRIMARY KEY AUTOINCREMENT, place INTEGER NOT NULL, title TEXT NOT NULL,
        source BLOB, meeting_id INTEGER REFERENCES meetings (id) ON DELETE CASCADE, model TEXT,
        state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'failed',
        'cancelled')), heard_s REAL NOT NULL DEFAULT 0, length_s REAL, damage TEXT NOT NULL
        DEFAULT '', message TEXT NOT NULL DEFAULT ''
    );
    PRAGMA user_version = 5;
"""
)
VERSIONS[6] = (
    VERSIONS[5]
    + """
    CREATE TABLE turn_voices (
        meeting_id INTEGER NOT NULL REFERENCES meetings (id) ON DELETE CASCADE, turn INTEGER NOT
        NULL, start_sample INTEGER NOT NULL, end_sample INTEGER NOT NULL, heard INTEGER NOT
        NULL, model TEXT NOT NULL, vector BLOB NOT NULL, PRIMARY KEY (meeting_id, turn)
    ) WITHOUT ROWID;
    CREATE TABLE people (
        id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, created_at TEXT NOT NULL,
        agreed_at TEXT NOT NULL
    );
    CREATE TABLE voices (
        id INTEGER PRIMARY KEY, person_id INTEGER NOT NULL REFERENCES people (id) ON DELETE
        CASCADE, meeting_id INTEGER REFERENCES meetings (id) ON DELETE SET NULL, model TEXT NOT
        NULL, heard INTEGER NOT NULL, vector BLOB NOT NULL, UNIQUE (person_id, meeting_id,
        model)
    );
    ALTER TABLE speakers ADD COLUMN person_id INTEGER REFERENCES people (id) ON DELETE SET NULL;
    ALTER TABLE speakers ADD COLUMN recognised TEXT;
    PRAGMA user_version = 6;
"""
)
VERSIONS[7] = (
    VERSIONS[6]
    + """
    CREATE TABLE removed_turns (
        meeting_id INTEGER NOT NULL REFERENCES meetings (id) ON DELETE CASCADE, number INTEGER
        NOT NULL, channel INTEGER NOT NULL, start_sample INTEGER NOT NULL, end_sample INTEGER,
        speaker INTEGER NOT NULL, provisional INTEGER NOT NULL, corrected INTEGER NOT NULL,
        words TEXT NOT NULL, PRIMARY KEY (meeting_id, number)
    ) WITHOUT ROWID;
    CREATE TABLE edits (
        id INTEGER PRIMARY KEY AUTOINCREMENT, meeting_id INTEGER NOT NULL REFERENCES meetings
        (id) ON DELETE CASCADE, made_at TEXT NOT NULL, kind TEXT NOT NULL, patch TEXT NOT NULL,
        undone INTEGER NOT NULL DEFAULT 0
    );
    CREATE INDEX edits_of_meetings ON edits (meeting_id, id);
    PRAGMA user_version = 7;
"""
)
VERSIONS[8] = (
    VERSIONS[7]
    + """
    CREATE TABLE notes (
        id INTEGER PRIMARY KEY AUTOINCREMENT, meeting_id INTEGER NOT NULL REFERENCES meetings
        (id) ON DELETE CASCADE, sample INTEGER NOT NULL, text TEXT NOT NULL, created_at TEXT NOT
        NULL
    );
    CREATE INDEX notes_of_meetings ON notes (meeting_id, sample);
    PRAGMA user_version = 8;
"""
)
RELEASED = 8
"""The last version that may be on somebody's disk."""


def write(path: Path, version: int) -> None:
    """A library as this version wrote it, at ``path``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA journal_mode = WAL")
        database.executescript(TABLES + VERSIONS[version])
