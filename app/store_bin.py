"""The bin: meetings that were deleted and can still be had back, with their recordings.

A recording is moved within the library's folder and the meeting is marked, in one transaction.
Where a crash comes between the two, the recording is found at its other place
(:func:`app.store_meetings.whereabouts`). A recording outside the folder is never touched.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.database import StoreError, explained, transaction
from app.rows import MeetingState, MeetingSummary
from app.store_meetings import MeetingTable, place_in_bin

KEPT_DAYS = 30
"""How long a meeting stays in the bin."""

logger = logging.getLogger(__name__)


class Bin:
    """The bin of the library at ``path``; all methods raise :class:`StoreError`.

    Only :meth:`empty` and :meth:`expire` destroy anything. Opening a library calls neither.
    """

    def __init__(self, database: sqlite3.Connection, path: Path, table: MeetingTable) -> None:
        self._database = database
        self._path = path
        self._folder = path.parent
        self._table = table

    def meetings(self) -> list[MeetingSummary]:
        """What is in the bin, that put there last first."""
        return self._table.binned()

    def put(self, meeting_id: int, now: datetime | None = None) -> MeetingSummary:
        """Move a meeting and its recording to the bin; one being recorded is refused."""
        with self._writing():
            meeting = self._table.one(meeting_id)
            if meeting.state is MeetingState.RECORDING:
                raise StoreError(f"“{meeting.title}” is still being recorded: stop it first.")
            if meeting.deleted_at is None:
                self._mark(meeting_id, (now or datetime.now(UTC)).astimezone(UTC).isoformat())
                self._lay_in_bin(meeting)
        return self._table.one(meeting_id)

    def restore(self, meeting_id: int) -> MeetingSummary:
        """Take a meeting and its recording out of the bin; nothing if it is not there."""
        with self._writing():  # known before the file moves, so that a crash cannot part them
            self._find_home(meeting_id)
        with self._writing():
            meeting, home = self._table.one(meeting_id), self._home(meeting_id)
            with _moving(meeting.recording):
                if self._is_ours(home) and meeting.recording != home and meeting.recording.exists():
                    home.parent.mkdir(parents=True, exist_ok=True)
                    meeting.recording.rename(home)
            self._mark(meeting_id, None)
        return self._table.one(meeting_id)

    def empty(self) -> int:
        """Destroy all that is in the bin; returns how many meetings that were."""
        return self._destroy(self.meetings())

    def expire(self, now: datetime | None = None) -> int:
        """Destroy what has been in the bin for :data:`KEPT_DAYS`; returns how many that were."""
        limit = (now or datetime.now(UTC)) - timedelta(days=KEPT_DAYS)
        return self._destroy([m for m in self.meetings() if m.deleted_at and m.deleted_at < limit])

    def _destroy(self, meetings: list[MeetingSummary]) -> int:
        for meeting in meetings:
            with self._writing():
                self._destroy_one(meeting.id)
        return len(meetings)

    def _destroy_one(self, meeting_id: int) -> None:
        """First the recording: what a crash leaves then is still in the bin, and goes next time."""
        meeting = self._table.one(meeting_id)
        if meeting.deleted_at is None:
            return  # somebody took it out in the meantime
        if self._is_ours(meeting.recording) and not self._is_shared(meeting):
            with _moving(meeting.recording):
                meeting.recording.unlink(missing_ok=True)
        self._database.execute("DELETE FROM meetings WHERE id = ?", (meeting_id,))

    def _lay_in_bin(self, meeting: MeetingSummary) -> None:
        """Move the recording. Where that fails it stays, and is found, where it is."""
        home = self._home(meeting.id)
        target = place_in_bin(self._folder, meeting.id, home.name)
        if not self._is_ours(home) or target.exists() or self._is_shared(meeting):
            return
        try:
            target.parent.mkdir(exist_ok=True)
            home.rename(target)
        except OSError:
            logger.info("the recording %s could not be moved to the bin", home, exc_info=True)

    def _find_home(self, meeting_id: int) -> None:
        """Another recording may have taken the name since: then this one gets a name of its own."""
        home = self._home(meeting_id)
        binned = place_in_bin(self._folder, meeting_id, home.name)
        if home.exists() and binned.exists():
            free = home.with_name(f"{home.stem}-{meeting_id}{home.suffix}")
            sql = "UPDATE meetings SET recording = ? WHERE id = ?"
            self._database.execute(sql, (self._table.written(free), meeting_id))

    def _home(self, meeting_id: int) -> Path:
        sql = "SELECT recording FROM meetings WHERE id = ?"
        (recording,) = self._database.execute(sql, (self._table.one(meeting_id).id,)).fetchone()
        return self._folder / str(recording)

    def _is_ours(self, recording: Path) -> bool:
        return recording.is_relative_to(self._folder)

    def _is_shared(self, meeting: MeetingSummary) -> bool:
        """Whether another meeting has this very file, because that of this one is missing."""
        every = [*self._table.kept(), *self._table.binned()]
        return any(m.recording == meeting.recording for m in every if m.id != meeting.id)

    def _mark(self, meeting_id: int, deleted_at: str | None) -> None:
        sql = "UPDATE meetings SET deleted_at = ? WHERE id = ?"
        self._database.execute(sql, (deleted_at, meeting_id))

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with explained(self._path), transaction(self._database):
            yield


@contextmanager
def _moving(recording: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreError(
            f"The recording {recording} cannot be moved ({error.strerror}): close the program that "
            "uses it, or check the permissions of its folder, and try again."
        ) from error
