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
    (
        # The recordings of a meeting: one for each source and each stretch without interruption.
        # The first is the one in ``meetings``.
        """
        CREATE TABLE segments (
            meeting_id INTEGER NOT NULL REFERENCES meetings (id) ON DELETE CASCADE,
            number INTEGER NOT NULL,  -- from 1, in the order in which they began
            source TEXT NOT NULL,  -- microphone, system or file
            recording TEXT NOT NULL,  -- as in ``meetings``
            start_sample INTEGER NOT NULL,
            PRIMARY KEY (meeting_id, number)
        ) WITHOUT ROWID
        """,
        "INSERT INTO segments SELECT id, 1, 'microphone', recording, 0 FROM meetings",
    ),
    (
        # What is to be transcribed apart from live meetings, in the order of ``place``.
        """
        CREATE TABLE jobs (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            place INTEGER NOT NULL,
            title TEXT NOT NULL,
            source BLOB,  -- path of a file to bring in; NULL: the sound of the meeting
            meeting_id INTEGER REFERENCES meetings (id) ON DELETE CASCADE,  -- once there is one
            model TEXT,  -- NULL for that of the settings
            state TEXT NOT NULL
                CHECK (state IN ('waiting', 'running', 'done', 'failed', 'cancelled')),
            heard_s REAL NOT NULL DEFAULT 0,
            length_s REAL,
            damage TEXT NOT NULL DEFAULT '',  -- what of the sound could not be read
            message TEXT NOT NULL DEFAULT ''  -- why it failed
        )
        """,
    ),
    (
        # Voices, where the user agreed to keep them. Vectors are float32, little-endian, of unit
        # length, and can be compared with those of the same model only.
        """
        CREATE TABLE turn_voices (
            meeting_id INTEGER NOT NULL REFERENCES meetings (id) ON DELETE CASCADE,
            turn INTEGER NOT NULL,
            start_sample INTEGER NOT NULL,
            end_sample INTEGER NOT NULL,
            heard INTEGER NOT NULL,  -- samples of speech
            model TEXT NOT NULL,
            vector BLOB NOT NULL,
            PRIMARY KEY (meeting_id, turn)
        ) WITHOUT ROWID
        """,
        """
        CREATE TABLE people (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            name TEXT NOT NULL,
            created_at TEXT NOT NULL,  -- ISO 8601, UTC
            agreed_at TEXT NOT NULL  -- when the user agreed to keeping voices
        )
        """,
        """
        CREATE TABLE voices (
            id INTEGER PRIMARY KEY,
            person_id INTEGER NOT NULL REFERENCES people (id) ON DELETE CASCADE,
            meeting_id INTEGER REFERENCES meetings (id) ON DELETE SET NULL,
            model TEXT NOT NULL,
            heard INTEGER NOT NULL,
            vector BLOB NOT NULL,
            UNIQUE (person_id, meeting_id, model)
        )
        """,
        # Whose saved voice a speaker of a meeting has; how sure that is where the program said so:
        # 'sure' or 'maybe', NULL where the user gave the name.
        "ALTER TABLE speakers ADD COLUMN person_id INTEGER REFERENCES people (id) "
        "ON DELETE SET NULL",
        "ALTER TABLE speakers ADD COLUMN recognised TEXT",
    ),
    (
        # Turns that a person deleted or joined to others, as in ``turns``.
        """
        CREATE TABLE removed_turns (
            meeting_id INTEGER NOT NULL REFERENCES meetings (id) ON DELETE CASCADE,
            number INTEGER NOT NULL,
            channel INTEGER NOT NULL,
            start_sample INTEGER NOT NULL,
            end_sample INTEGER,
            speaker INTEGER NOT NULL,
            provisional INTEGER NOT NULL,
            corrected INTEGER NOT NULL,
            words TEXT NOT NULL,
            PRIMARY KEY (meeting_id, number)
        ) WITHOUT ROWID
        """,
        # What a person corrected, one row for each edit, in the order in which they were made.
        """
        CREATE TABLE edits (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            meeting_id INTEGER NOT NULL REFERENCES meetings (id) ON DELETE CASCADE,
            made_at TEXT NOT NULL,  -- ISO 8601, UTC
            kind TEXT NOT NULL,
            patch TEXT NOT NULL,  -- JSON: what differs before and after
            undone INTEGER NOT NULL DEFAULT 0
        )
        """,
        "CREATE INDEX edits_of_meetings ON edits (meeting_id, id)",
    ),
    (
        # Bookmarks, with or without a text.
        """
        CREATE TABLE notes (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            meeting_id INTEGER NOT NULL REFERENCES meetings (id) ON DELETE CASCADE,
            sample INTEGER NOT NULL,
            text TEXT NOT NULL,
            created_at TEXT NOT NULL  -- ISO 8601, UTC
        )
        """,
        "CREATE INDEX notes_of_meetings ON notes (meeting_id, sample)",
    ),
    (
        # Whose saved voice a speaker of a meeting does not have, as a person said.
        """
        CREATE TABLE denials (
            meeting_id INTEGER NOT NULL REFERENCES meetings (id) ON DELETE CASCADE,
            number INTEGER NOT NULL,  -- of the speaker
            person_id INTEGER NOT NULL REFERENCES people (id) ON DELETE CASCADE,
            PRIMARY KEY (meeting_id, number, person_id)
        ) WITHOUT ROWID
        """,
    ),
)
