"""The schema of the library as numbered steps; a step that was released is never changed again."""

from __future__ import annotations

Migration = tuple[str, ...]
"""SQL statements that lift the library by one version, run in one transaction."""

MIGRATIONS: tuple[Migration, ...] = (
    (
        """
        CREATE TABLE meetings (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            title TEXT NOT NULL,
            recording TEXT NOT NULL,  -- relative to the library's folder where it lies below it
            started_at TEXT NOT NULL,  -- ISO 8601, UTC
            duration_s REAL,
            state TEXT NOT NULL CHECK (state IN ('recording', 'finished', 'recovered'))
        )
        """,
        # Times of turns and gaps are samples at 16 kHz.
        """
        CREATE TABLE turns (
            meeting_id INTEGER NOT NULL REFERENCES meetings (id) ON DELETE CASCADE,
            number INTEGER NOT NULL,
            channel INTEGER NOT NULL,
            start_sample INTEGER NOT NULL,
            end_sample INTEGER,  -- NULL while the turn is open
            speaker INTEGER NOT NULL,
            provisional INTEGER NOT NULL,
            corrected INTEGER NOT NULL,
            words TEXT NOT NULL,  -- JSON: [[text, start, end, confidence, final], ...]
            PRIMARY KEY (meeting_id, number)
        ) WITHOUT ROWID
        """,
        """
        CREATE TABLE speakers (
            meeting_id INTEGER NOT NULL REFERENCES meetings (id) ON DELETE CASCADE,
            number INTEGER NOT NULL,
            name TEXT NOT NULL,  -- as the user gave it
            PRIMARY KEY (meeting_id, number)
        ) WITHOUT ROWID
        """,
        """
        CREATE TABLE gaps (
            meeting_id INTEGER NOT NULL REFERENCES meetings (id) ON DELETE CASCADE,
            start_sample INTEGER NOT NULL,
            length INTEGER NOT NULL,
            reason TEXT NOT NULL,
            PRIMARY KEY (meeting_id, start_sample, length, reason)
        ) WITHOUT ROWID
        """,
    ),
)
