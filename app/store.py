"""The library: meetings with their turns, names and gaps, in SQLite.

Each write is one transaction that is on the disk before it returns, so that a crash loses at most
the write that was under way. While a meeting is recorded its library holds a lock file, which the
operating system releases when the process ends, however it ends; a meeting marked as being recorded
whose lock nobody holds was cut off by a crash and becomes ``recovered``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from app.database import StoreError, explained, open_database, transaction, wait_up_to
from app.locks import MeetingLocks
from app.migrations import MIGRATIONS, Migration
from app.rows import (
    SAVE_REMOVED,
    SAVE_TURN,
    TURN_COLUMNS,
    Meeting,
    MeetingState,
    MeetingSummary,
    turn_of_row,
    turn_row,
)
from app.sound import Segment, Source
from app.store_bin import Bin
from app.store_corrections import Corrections
from app.store_filter import ANY, MeetingFilter
from app.store_jobs import JobTable
from app.store_meetings import MeetingTable, Storage, pick
from app.store_notes import NoteTable
from app.store_search import MOST_HITS, Hit, count, search
from app.store_segments import SegmentTable
from app.store_speakers import NAME_SPEAKER
from app.store_voices import VoiceTable
from app.transcript import Speaker, Transcript, Turn, default_name
from app.words import translate
from engine.events import Gap, GapReason
from engine.timeline import to_samples, to_seconds

__all__ = [
    "Hit",
    "Library",
    "Meeting",
    "MeetingFilter",
    "MeetingState",
    "MeetingSummary",
    "Storage",
    "StoreError",
]


class Library:
    """The meetings at ``path``, for one thread at a time; each thread opens its own.

    It waits ``busy_s`` for other processes, or as :func:`app.database.open_database` does.
    Opening it lifts an older library to the newest version (a backup stays beside it) and marks
    meetings cut off by a crash as recovered.

    Attributes:
        bin: the meetings that were deleted, until they are taken out or destroyed.
        jobs: what is to be transcribed apart from live meetings.
        notes: bookmarks in meetings.
        voices: of people, where the user agreed to keep them.

    Raises:
        StoreError: from every method, when the library cannot be read or written.
    """

    def __init__(
        self,
        path: Path,
        migrations: Sequence[Migration] = MIGRATIONS,
        busy_s: float | None = None,
    ) -> None:
        self.path = path.absolute()
        self._locks = MeetingLocks(self.path.parent)
        self._database = open_database(self.path, migrations, busy_s)
        self._table = MeetingTable(self._database, self.path)
        self._segments = SegmentTable(self._database, self._table)
        self.bin = Bin(self._database, self.path, self._table)
        self.corrections = Corrections(self._database, self.path)
        self.notes = NoteTable(self._database, self.path)
        self.jobs = JobTable(self._database, self.path, self._table)
        self.voices = VoiceTable(self._database, self.path, self.load)
        try:
            self._recover()
        except BaseException:
            self._database.close()
            raise

    def close(self) -> None:
        """Close the library. A meeting that is still being recorded becomes recoverable."""
        self._database.close()
        self._locks.close()

    def wait_up_to(self, seconds: float) -> None:
        """How long every call waits from now on for another process that writes."""
        wait_up_to(self._database, seconds)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def create_meeting(
        self,
        title: str | None,
        recording: Path,
        started_at: datetime,
        source: Source = Source.MICROPHONE,
    ) -> Meeting:
        """Add a meeting that is being recorded; without a title it is called by its date."""
        local = started_at.astimezone()
        by_date = translate("app", "Meeting {when}").format(when=f"{local:%Y-%m-%d %H:%M}")
        title = (title or "").strip() or by_date
        with self._writing():
            number = self._database.execute(
                "INSERT INTO meetings (title, recording, started_at, state) VALUES (?, ?, ?, ?)",
                (
                    title,
                    self._table.written(recording),
                    local.astimezone(UTC).isoformat(),
                    "recording",
                ),
            ).lastrowid
            assert number is not None
            self._segments.add(number, Segment(recording, source, 0))
            self._locks.hold(number)  # before others can see the meeting
        return self.meeting(number)

    def finish_meeting(self, meeting_id: int, duration_s: float) -> None:
        """Mark a meeting as complete."""
        self._change(
            meeting_id,
            "UPDATE meetings SET state = 'finished', duration_s = ? WHERE id = ?",
            (duration_s, meeting_id),
        )
        self._locks.release(meeting_id)

    def discard_meeting(self, meeting_id: int) -> None:
        """Forget a meeting that never began. Its recording, if there is one, is left alone."""
        self._change(meeting_id, "DELETE FROM meetings WHERE id = ?", (meeting_id,))
        self._locks.release(meeting_id)

    def rename_meeting(self, meeting_id: int, title: str) -> None:
        """Give a meeting another title; an empty one is refused."""
        if not (title := " ".join(title.split())):
            raise StoreError(
                translate("app", "A meeting needs a title: type at least one character.")
            )
        self._change(meeting_id, "UPDATE meetings SET title = ? WHERE id = ?", (title, meeting_id))

    def rename_speaker(self, meeting_id: int, number: int, name: str) -> None:
        """Give a speaker a name; an empty one brings the default name back."""
        name = " ".join(name.split())
        sql = NAME_SPEAKER
        if not name:
            sql = "DELETE FROM speakers WHERE name <> ? AND meeting_id = ? AND number = ?"
        self.meeting(meeting_id)
        with self._writing():
            self._database.execute(sql, (name, meeting_id, number))

    def segments(self, meeting_id: int) -> tuple[Segment, ...]:
        """The recordings of a meeting, in the order in which they began; at least one."""
        self.meeting(meeting_id)
        with explained(self.path):
            return self._segments.of(meeting_id)

    def add_segment(self, meeting_id: int, segment: Segment) -> None:
        """A meeting goes on in another file."""
        with self._writing():
            self._segments.add(meeting_id, segment)

    def save_turn(self, meeting_id: int, turn: Turn) -> None:
        """Save one turn as it stands."""
        with self._writing():
            self._database.execute(SAVE_TURN, turn_row(meeting_id, turn))

    def save_gap(self, meeting_id: int, gap: Gap) -> None:
        """Save that audio is missing."""
        with self._writing():
            self._save_gaps(meeting_id, [gap])

    def save_turns(self, meeting_id: int, transcript: Transcript) -> None:
        """Make turns and gaps equal those of the transcript, writing only what differs."""
        rows = {turn.number: turn_row(meeting_id, turn) for turn in transcript.turns.values()}
        unseen = {n: turn_row(meeting_id, turn) for n, turn in transcript.removed.items()}
        with self._writing():
            self._save_rows(meeting_id, "turns", SAVE_TURN, rows)
            self._save_rows(meeting_id, "removed_turns", SAVE_REMOVED, unseen)
            self._save_gaps(meeting_id, transcript.gaps)

    def meetings(self, where: MeetingFilter = ANY) -> list[MeetingSummary]:
        """The meetings that are not in the bin, the latest first."""
        return self._table.kept(where)

    def meeting(self, meeting_id: int) -> MeetingSummary:
        """One meeting, in the bin or not."""
        return self._table.one(meeting_id)

    def search(self, text: str, where: MeetingFilter = ANY, limit: int = MOST_HITS) -> list[Hit]:
        """The places where something was said or is called so (:func:`app.store_search.search`)."""
        with explained(self.path):
            return search(self._database, text, where, limit)

    def count_hits(self, text: str, where: MeetingFilter = ANY) -> int:
        """How many places :meth:`search` would find without a limit."""
        with explained(self.path):
            return count(self._database, text, where)

    def people(self) -> list[str]:
        """The names that were given to people, each once, by alphabet."""
        return self._table.people()

    def storage(self) -> Storage:
        """How much the library takes on the disk."""
        return self._table.storage()

    def find(self, name: str) -> MeetingSummary:
        """The meeting with this number or title; ``last`` is the latest one."""
        meetings = self.meetings()
        if name == "last" and meetings:
            return meetings[0]
        return pick(meetings, name, "crosstalk meetings")

    def load(self, meeting_id: int) -> Transcript:
        """The transcript of a meeting as it was saved last."""
        meeting = self.meeting(meeting_id)
        with explained(self.path):
            turns = [turn_of_row(row) for row in self._turn_rows(meeting_id)]
            removed = [turn_of_row(row) for row in self._turn_rows(meeting_id, "removed_turns")]
            gaps = self._select("start_sample, length, reason FROM gaps", meeting_id)
            names = dict(self._select("number, name FROM speakers", meeting_id))
        recognised, denied = self.voices.recognised(meeting_id), self.voices.denied(meeting_id)
        speakers = {}
        for n in [*sorted({turn.speaker for turn in turns}), *names]:
            speaker = Speaker(n, default_name(n), denied=denied.get(n, frozenset()))
            if (found := recognised.get(n)) is not None:
                speakers[n] = speaker.heard_as(found.person, found.name, found.sure)
            else:
                speakers[n] = replace(speaker, name=names.get(n, speaker.name), named=n in names)
        return Transcript(
            turns={turn.number: turn for turn in turns},
            speakers=speakers,
            gaps=[Gap(start, length, GapReason(reason)) for start, length, reason in gaps],
            duration=to_samples(meeting.duration_s or 0.0),
            removed={turn.number: turn for turn in removed},
        )

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Several changes that come about together or not at all."""
        with self._writing():
            yield

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with explained(self.path), transaction(self._database):
            yield

    def _change(self, meeting_id: int, sql: str, values: tuple[object, ...]) -> None:
        self.meeting(meeting_id)
        with self._writing():
            self._database.execute(sql, values)

    def _select(self, what: str, meeting_id: int) -> list[tuple[Any, ...]]:
        sql = f"SELECT {what} WHERE meeting_id = ?"
        return self._database.execute(sql, (meeting_id,)).fetchall()

    def _turn_rows(self, meeting_id: int, table: str = "turns") -> list[tuple[Any, ...]]:
        return self._select(f"meeting_id, number, {TURN_COLUMNS} FROM {table}", meeting_id)

    def _save_rows(
        self, meeting_id: int, table: str, sql: str, rows: dict[int, tuple[object, ...]]
    ) -> None:
        saved = {row[1]: row for row in self._turn_rows(meeting_id, table)}
        gone = [(meeting_id, number) for number in saved.keys() - rows.keys()]
        changed = [row for number, row in rows.items() if row != saved.get(number)]
        delete = f"DELETE FROM {table} WHERE meeting_id = ? AND number = ?"
        self._database.executemany(delete, gone)
        self._database.executemany(sql, changed)

    def _save_gaps(self, meeting_id: int, gaps: Iterable[Gap]) -> None:
        rows = [(meeting_id, gap.start, gap.length, gap.reason.value) for gap in gaps]
        self._database.executemany("INSERT OR IGNORE INTO gaps VALUES (?, ?, ?, ?)", rows)

    def _recover(self) -> None:
        with explained(self.path):
            rows = self._database.execute("SELECT id FROM meetings WHERE state = 'recording'")
            for (number,) in rows.fetchall():
                if self._locks.hold(number):
                    self._recover_meeting(number)
                    self._locks.release(number)

    def _recover_meeting(self, number: int) -> None:
        """Nobody records this meeting any more: find out how long it is and say so."""
        with transaction(self._database):
            self._segments.adopt(number)
        duration_s = self._segments.recover(number)
        if duration_s is None:
            until = max((turn.until for turn in self.load(number).turns.values()), default=0)
            duration_s = to_seconds(until)
        sql = "UPDATE meetings SET state = 'recovered', duration_s = ? "
        with transaction(self._database):
            where = "WHERE id = ? AND state = 'recording'"  # another process may have been quicker
            self._database.execute(sql + where, (duration_s, number))
