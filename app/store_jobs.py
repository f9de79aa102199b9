"""The table of jobs: what is still to be transcribed, in which order, and how it went.

Whoever works on them holds ``jobs.lock`` (:mod:`app.jobs.worker`). What is marked as running while
nobody holds it was cut off.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app.database import StoreError, explained, transaction
from app.jobs.job import Job, JobState
from app.store_meetings import MeetingTable
from app.words import translate

_JOBS = """
    SELECT id, title, source, meeting_id, model, state, heard_s, length_s,
           CASE state WHEN 'done' THEN damage ELSE message END
    FROM jobs
"""


class JobTable:
    """The jobs of the library at ``path``; all methods raise :class:`StoreError`."""

    def __init__(self, database: sqlite3.Connection, path: Path, table: MeetingTable) -> None:
        self._database = database
        self._path = path
        self._table = table

    def all(self) -> list[Job]:
        """Every job, in the order in which they are done."""
        return self._select("ORDER BY place, id")

    def one(self, job_id: int) -> Job | None:
        """A job, if it is still there."""
        return next(iter(self._select("WHERE id = ?", (job_id,))), None)

    def add_files(self, paths: Sequence[Path], model: str | None = None) -> list[Job]:
        """Put files at the end, to be brought in and transcribed."""
        with self._writing():
            ids = [self._add(_title(p), os.fsencode(p.absolute()), None, model) for p in paths]
        return [job for job in self.all() if job.id in ids]

    def add_meeting(self, meeting_id: int, model: str | None = None) -> Job:
        """Put a meeting at the end, to be transcribed; refused while it waits already."""
        meeting = self._table.one(meeting_id)
        if any(job.meeting_id == meeting_id and job.state.open for job in self.all()):
            raise StoreError(
                translate(
                    "app", "“{title}” is being transcribed already: cancel that first."
                ).format(title=meeting.title)
            )
        if meeting.state == "recording":
            raise StoreError(
                translate("app", "“{title}” is still being recorded: stop it first.").format(
                    title=meeting.title
                )
            )
        with self._writing():
            number = self._add(meeting.title, None, meeting_id, model, meeting.duration_s)
        (job,) = self._select("WHERE id = ?", (number,))
        return job

    def next(self, only: Collection[int] | None = None) -> Job | None:
        """Mark the first one that waits as running; ``only`` names those that count."""
        with self._writing():
            waiting = self._select("WHERE state = 'waiting' ORDER BY place, id")
            job = next((each for each in waiting if only is None or each.id in only), None)
            if job is not None:
                self._set(job.id, "state = 'running', heard_s = 0, message = ''")
        return None if job is None else self.one(job.id)

    def reclaim(self) -> None:
        """Let all that were cut off wait again; only for whoever holds the lock."""
        with self._writing():
            self._database.execute("UPDATE jobs SET state = 'waiting' WHERE state = 'running'")

    def put_back(self, job_id: int) -> None:
        """Let a job that runs wait again."""
        self._change(job_id, "state = 'waiting'", "running")

    def progress(self, job_id: int, heard_s: float, length_s: float | None) -> bool:
        """Write down how far a job is; False if it shall not go on."""
        return self._change(job_id, "heard_s = ?, length_s = ?", "running", heard_s, length_s)

    def arrive(
        self, job_id: int, recording: Path, started_at: datetime, duration_s: float, damage: str
    ) -> int | None:
        """The sound of a file is in the library: make its meeting. None if it was cancelled."""
        with self._writing():
            job = self.one(job_id)
            if job is None or job.state is not JobState.RUNNING:
                return None
            number = self._add_meeting(job.title, recording, started_at, duration_s)
            values = (number, duration_s, _text(damage))
            self._set(job_id, "meeting_id = ?, length_s = ?, damage = ?", *values)
        return number

    def finish(self, job_id: int, damage: str = "") -> bool:
        """A job that ran is done; False if it was cancelled. May be part of a transaction.

        ``damage`` says what could not be read, where that is not known since the file came.
        """
        done = "state = 'done', heard_s = coalesce(length_s, 0)"
        damaged = "damage = coalesce(nullif(damage, ''), ?)"
        return self._change(job_id, f"{done}, {damaged}", "running", _text(damage))

    def fail(self, job_id: int, message: str) -> None:
        """A job that ran came to nothing, for this reason."""
        self._change(job_id, "state = 'failed', message = ?", "running", _text(message))

    def cancel(self, job_id: int) -> None:
        """Go on with it no more."""
        self._change(job_id, "state = 'cancelled'", "running", allowed=("waiting",))

    def leave(self, job_id: int) -> None:
        """A job that runs was cancelled; one that was meanwhile asked for again waits on."""
        self._change(job_id, "state = 'cancelled'", "running")

    def retry(self, job_id: int) -> None:
        """Try it once more."""
        self._change(job_id, "state = 'waiting', heard_s = 0", "failed", allowed=("cancelled",))

    def remove(self, job_id: int) -> None:
        """Forget a job that is not running; its meeting stays."""
        with self._writing():
            sql = "DELETE FROM jobs WHERE id = ? AND state <> 'running'"
            self._database.execute(sql, (job_id,))

    def clear(self) -> None:
        """Forget all that are done."""
        with self._writing():
            self._database.execute("DELETE FROM jobs WHERE state IN ('done', 'cancelled')")

    def move(self, job_id: int, steps: int) -> None:
        """Let a waiting job change places with another, ``steps`` further down or (negative) up."""
        with self._writing():
            waiting = self._select("WHERE state = 'waiting' ORDER BY place, id")
            ids = [job.id for job in waiting]
            if job_id not in ids:
                return
            places = sorted(self._place(each) for each in ids)
            at = ids.index(job_id)
            ids.insert(min(max(at + steps, 0), len(ids) - 1), ids.pop(at))
            for number, place in zip(ids, places, strict=True):
                self._set(number, "place = ?", place)

    def recording_now(self) -> bool:
        """Whether a meeting is marked as being recorded, by whatever program."""
        with explained(self._path):
            sql = "SELECT 1 FROM meetings WHERE state = 'recording'"
            return self._database.execute(sql).fetchone() is not None

    def _add(
        self,
        title: str,
        source: bytes | None,
        meeting_id: int | None,
        model: str | None,
        length_s: float | None = None,
    ) -> int:
        sql = """
            INSERT INTO jobs (place, title, source, meeting_id, model, length_s, state)
            SELECT coalesce(max(place), 0) + 1, ?, ?, ?, ?, ?, 'waiting' FROM jobs
        """
        values = (title, source, meeting_id, model, length_s)
        number = self._database.execute(sql, values).lastrowid
        assert number is not None
        return number

    def _add_meeting(
        self, title: str, recording: Path, started_at: datetime, duration_s: float
    ) -> int:
        place, began = self._table.written(recording), started_at.astimezone(UTC).isoformat()
        number = self._database.execute(
            "INSERT INTO meetings (title, recording, started_at, duration_s, state) "
            "VALUES (?, ?, ?, ?, 'finished')",
            (title, place, began, duration_s),
        ).lastrowid
        assert number is not None
        self._database.execute(
            "INSERT INTO segments (meeting_id, number, source, recording, start_sample) "
            "VALUES (?, 1, 'file', ?, 0)",
            (number, place),
        )
        return number

    def _place(self, job_id: int) -> int:
        sql = "SELECT place FROM jobs WHERE id = ?"
        (place,) = self._database.execute(sql, (job_id,)).fetchone()
        return int(place)

    def _change(
        self, job_id: int, what: str, state: str, *values: object, allowed: Sequence[str] = ()
    ) -> bool:
        """Change a job that is in one of these states; whether it was."""
        with self._writing():
            job = self.one(job_id)
            fits = job is not None and job.state in (state, *allowed)
            if fits:
                self._set(job_id, what, *values)
        return fits

    def _set(self, job_id: int, what: str, *values: object) -> None:
        self._database.execute(f"UPDATE jobs SET {what} WHERE id = ?", (*values, job_id))

    def _select(self, clause: str, values: Sequence[object] = ()) -> list[Job]:
        with explained(self._path):
            return [_job(row) for row in self._database.execute(f"{_JOBS} {clause}", values)]

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with explained(self._path), transaction(self._database):
            yield


def _title(path: Path) -> str:
    """What the meeting of a file is called; a name may hold bytes that are no text."""
    return " ".join(_text(path.stem).split()) or path.absolute().parent.name or "?"


def _text(words: str) -> str:
    return words.encode(errors="surrogateescape").decode(errors="replace")


def _job(row: tuple[Any, ...]) -> Job:
    number, title, source, meeting_id, model, state, heard_s, length_s, message = row
    return Job(
        *(number, title, None if source is None else Path(os.fsdecode(source))),
        *(meeting_id, model, JobState(state), heard_s, length_s, message),
    )
