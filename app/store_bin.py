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
from app.store_meetings import MeetingTable, Recording, place_in_bin
from app.words import translate

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
                raise StoreError(
                    translate("app", "“{title}” is still being recorded: stop it first.").format(
                        title=meeting.title
                    )
                )
            if meeting.deleted_at is None:
                self._mark(meeting_id, (now or datetime.now(UTC)).astimezone(UTC).isoformat())
                for each in self._files(meeting_id):
                    self._lay_in_bin(each)
        return self._table.one(meeting_id)

    def restore(self, meeting_id: int) -> MeetingSummary:
        """Take a meeting and its recording out of the bin; nothing if it is not there."""
        with self._writing():  # known before the files move, so that a crash cannot part them
            for each in self._files(meeting_id):
                self._find_home(each)
        with self._writing():
            for each in self._files(meeting_id):
                with _moving(each.place):
                    if self._is_ours(each.home) and each.place != each.home and each.place.exists():
                        each.home.parent.mkdir(parents=True, exist_ok=True)
                        each.place.rename(each.home)
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
        """First the recordings: what a crash leaves is still in the bin, and goes next time."""
        if self._table.one(meeting_id).deleted_at is None:
            return  # somebody took it out in the meantime
        for each in self._files(meeting_id):
            if self._is_ours(each.place) and not self._is_shared(each):
                with _moving(each.place):
                    each.place.unlink(missing_ok=True)
        self._database.execute("DELETE FROM meetings WHERE id = ?", (meeting_id,))

    def _lay_in_bin(self, file: Recording) -> None:
        """Move a recording. Where that fails it stays, and is found, where it is."""
        target = place_in_bin(self._folder, file.meeting_id, file.home.name, file.number)
        if not self._is_ours(file.home) or target.exists() or self._is_shared(file):
            return
        try:
            target.parent.mkdir(exist_ok=True)
            file.home.rename(target)
        except OSError:
            logger.info("the recording %s could not be moved to the bin", file.home, exc_info=True)

    def _find_home(self, file: Recording) -> None:
        """Another recording may have taken the name since: then this one gets a name of its own."""
        binned = place_in_bin(self._folder, file.meeting_id, file.home.name, file.number)
        if not (file.home.exists() and binned.exists()):
            return
        suffix = f"{file.meeting_id}{file.home.suffix}"
        written = self._table.written(file.home.with_name(f"{file.home.stem}-{suffix}"))
        sql = "UPDATE segments SET recording = ? WHERE meeting_id = ? AND number = ?"
        self._database.execute(sql, (written, file.meeting_id, file.number))
        if file.number == 1:
            sql = "UPDATE meetings SET recording = ? WHERE id = ?"
            self._database.execute(sql, (written, file.meeting_id))

    def _files(self, meeting_id: int) -> list[Recording]:
        return self._table.recordings(self._table.one(meeting_id).id)

    def _is_ours(self, recording: Path) -> bool:
        return recording.is_relative_to(self._folder)

    def _is_shared(self, file: Recording) -> bool:
        """Whether another meeting has this very file, because that of this one is missing."""
        others = (each for each in self._table.recordings() if each.meeting_id != file.meeting_id)
        return any(each.place == file.place for each in others)

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
            translate(
                "app",
                "The recording {path} cannot be moved ({why}): close the program that uses it, "
                "or check the permissions of its folder, and try again.",
            ).format(path=recording, why=error.strerror)
        ) from error
