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
    (
        # Each word gets a sixth value, its readable form; "" is for none, it is shown as it is.
        """
        UPDATE turns SET words = (
            SELECT json_group_array(json_insert(value, '$[#]', '')) FROM json_each(turns.words)
        )
        """,
    ),
    (
        # A meeting in the bin has the moment it was put there.
        "ALTER TABLE meetings ADD COLUMN deleted_at TEXT",
        # One row for each turn, name and title. Its number says which: meeting * 2^32 + kind * 2^30
        # + number, where the kinds are 0 for a turn, 1 for a person and 2 for a title. ``raw`` is
        # what was recognised, where that is not just what is shown without case and marks.
        """
        CREATE VIRTUAL TABLE search USING fts5(
            shown, raw, tokenize = 'unicode61 remove_diacritics 2', prefix = '1 2 3'
        )
        """,
        """
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
        FROM turns
        """,
        # Triggers, and not the code that saves, keep the index: they are part of every transaction
        # that changes words, whoever began it, and also see what goes because its meeting goes.
        # An INSERT OR REPLACE of theirs would follow the conflict rule of the statement that fired
        # them, so they delete first; the row that such a statement replaces fires none itself.
        """
        CREATE TRIGGER turn_added AFTER INSERT ON turns BEGIN
            DELETE FROM search WHERE rowid = (new.meeting_id << 32) + new.number;
            INSERT INTO search (rowid, shown, raw)
            SELECT (meeting_id << 32) + number, shown, raw FROM turn_texts
            WHERE meeting_id = new.meeting_id AND number = new.number;
        END
        """,
        """
        CREATE TRIGGER turn_changed AFTER UPDATE OF words ON turns WHEN old.words <> new.words BEGIN
            DELETE FROM search WHERE rowid = (new.meeting_id << 32) + new.number;
            INSERT INTO search (rowid, shown, raw)
            SELECT (meeting_id << 32) + number, shown, raw FROM turn_texts
            WHERE meeting_id = new.meeting_id AND number = new.number;
        END
        """,
        """
        CREATE TRIGGER turn_removed AFTER DELETE ON turns BEGIN
            DELETE FROM search WHERE rowid = (old.meeting_id << 32) + old.number;
        END
        """,
        """
        CREATE TRIGGER person_named AFTER INSERT ON speakers BEGIN
            DELETE FROM search WHERE rowid = (new.meeting_id << 32) + (1 << 30) + new.number;
            INSERT INTO search (rowid, shown)
            VALUES ((new.meeting_id << 32) + (1 << 30) + new.number, new.name);
        END
        """,
        """
        CREATE TRIGGER person_renamed AFTER UPDATE OF name ON speakers BEGIN
            DELETE FROM search WHERE rowid = (new.meeting_id << 32) + (1 << 30) + new.number;
            INSERT INTO search (rowid, shown)
            VALUES ((new.meeting_id << 32) + (1 << 30) + new.number, new.name);
        END
        """,
        """
        CREATE TRIGGER person_removed AFTER DELETE ON speakers BEGIN
            DELETE FROM search WHERE rowid = (old.meeting_id << 32) + (1 << 30) + old.number;
        END
        """,
        """
        CREATE TRIGGER meeting_added AFTER INSERT ON meetings BEGIN
            DELETE FROM search WHERE rowid = (new.id << 32) + (2 << 30);
            INSERT INTO search (rowid, shown)
            VALUES ((new.id << 32) + (2 << 30), new.title);
        END
        """,
        """
        CREATE TRIGGER meeting_renamed AFTER UPDATE OF title ON meetings BEGIN
            DELETE FROM search WHERE rowid = (new.id << 32) + (2 << 30);
            INSERT INTO search (rowid, shown)
            VALUES ((new.id << 32) + (2 << 30), new.title);
        END
        """,
        """
        CREATE TRIGGER meeting_removed AFTER DELETE ON meetings BEGIN
            DELETE FROM search WHERE rowid = (old.id << 32) + (2 << 30);
        END
        """,
        # What was written before there was an index.
        """
        INSERT INTO search (rowid, shown, raw)
        SELECT (meeting_id << 32) + number, shown, raw FROM turn_texts
        """,
        """
        INSERT INTO search (rowid, shown)
        SELECT (meeting_id << 32) + (1 << 30) + number, name FROM speakers
        UNION ALL SELECT (id << 32) + (2 << 30), title FROM meetings
        """,
    ),
)
