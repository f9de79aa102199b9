"""The table of meetings: what it says about each, where its recording lies, how large it is."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from app.database import StoreError, explained
from app.rows import MeetingState, MeetingSummary
from app.store_filter import ANY, MeetingFilter, condition, folded

BIN_FOLDER = "bin"

SUMMARIES = """
    SELECT id, title, recording, started_at, duration_s, state, deleted_at,
           (SELECT count(*) FROM turns WHERE meeting_id = id AND words <> '[]'),
           (SELECT count(DISTINCT speaker) FROM turns WHERE meeting_id = id AND words <> '[]')
    FROM meetings
"""


@dataclass(frozen=True, slots=True)
class Storage:
    """What the library takes on the disk, in bytes."""

    recordings: int
    bin: int  # recordings of meetings in the bin
    database: int  # all text, with the backups of former versions

    @property
    def total(self) -> int:
        """All of it."""
        return self.recordings + self.bin + self.database


class MeetingTable:
    """Reads the meetings of the library at ``path``; all methods raise :class:`StoreError`."""

    def __init__(self, database: sqlite3.Connection, path: Path) -> None:
        self._database = database
        self._path = path
        self._folder = path.parent
        database.create_function("folded", 1, folded, deterministic=True)

    def kept(self, where: MeetingFilter = ANY) -> list[MeetingSummary]:
        """The meetings that are not in the bin, the latest first."""
        clause, values = condition(where)
        return self._select(f"WHERE {clause} ORDER BY started_at DESC, id DESC", values)

    def binned(self) -> list[MeetingSummary]:
        """The meetings in the bin, those put there last first."""
        return self._select("WHERE deleted_at IS NOT NULL ORDER BY deleted_at DESC, id DESC")

    def one(self, meeting_id: int) -> MeetingSummary:
        """One meeting, in the bin or not."""
        if found := self._select("WHERE id = ?", (meeting_id,)):
            return found[0]
        raise StoreError(
            f"There is no meeting {meeting_id}: `crosstalk meetings` lists those there are."
        )

    def people(self) -> list[str]:
        """The names that were given to people, each once, by alphabet."""
        sql = """
            SELECT DISTINCT name FROM speakers JOIN meetings ON id = meeting_id
            WHERE deleted_at IS NULL
        """
        with explained(self._path):
            names = {folded(name): name for (name,) in self._database.execute(sql)}
        return [names[key] for key in sorted(names)]

    def storage(self) -> Storage:
        """How much the recordings take, and the library itself."""
        sql = "SELECT id, recording, deleted_at IS NOT NULL FROM meetings"
        with explained(self._path):
            rows = self._database.execute(sql).fetchall()
        sizes = [0, 0]
        for number, recording, binned in rows:
            sizes[binned] += _size(whereabouts(self._folder, number, recording, binned))
        own = self._folder.glob(f"{self._path.name}*")
        return Storage(sizes[0], sizes[1], database=sum(map(_size, own)))

    def written(self, recording: Path) -> str:
        """How a path is kept: a recording below the library's folder moves with it."""
        recording = recording.absolute()
        inside = recording.is_relative_to(self._folder)
        return (recording.relative_to(self._folder) if inside else recording).as_posix()

    def _select(self, clause: str, values: Sequence[object] = ()) -> list[MeetingSummary]:
        with explained(self._path):
            rows = self._database.execute(f"{SUMMARIES} {clause}", values)
            return [self._summary(row) for row in rows]

    def _summary(self, row: tuple[Any, ...]) -> MeetingSummary:
        number, title, recording, started_at, duration_s, state, deleted_at, turns, speakers = row
        place = whereabouts(self._folder, number, recording, deleted_at is not None)
        return MeetingSummary(
            id=number,
            title=title,
            recording=place,
            started_at=datetime.fromisoformat(started_at),
            duration_s=duration_s,
            state=MeetingState(state),
            turns=turns,
            speakers=speakers,
            size_bytes=_size(place),
            deleted_at=None if deleted_at is None else datetime.fromisoformat(deleted_at),
        )


def pick(meetings: Iterable[MeetingSummary], name: str, command: str) -> MeetingSummary:
    """The meeting with this number or title; ``command`` lists those there are.

    Raises:
        StoreError: none is called so, or more than one.
    """
    meetings = list(meetings)
    found = [m for m in meetings if str(m.id) == name] or [
        m for m in meetings if m.title.casefold() == name.casefold()
    ]
    if len(found) == 1:
        return found[0]
    problem = "More than one meeting is" if found else "There is no meeting"
    raise StoreError(f"{problem} called {name!r}: take a number from `{command}`.")


def place_in_bin(folder: Path, meeting_id: int, recording: str) -> Path:
    """Where the recording of a meeting lies in the bin; no two have the same place."""
    return folder / BIN_FOLDER / f"{meeting_id}{Path(recording).suffix}"


def whereabouts(folder: Path, meeting_id: int, recording: str, binned: bool) -> Path:
    """Where a recording lies: at home or in the bin.

    A crash between moving it and writing that down leaves it at the other place, so both count.
    """
    home = folder / recording
    if Path(recording).is_absolute():
        return home  # elsewhere on the disk, not ours to move
    places = [place_in_bin(folder, meeting_id, recording), home]
    first, second = places if binned else reversed(places)
    return second if not first.exists() and second.exists() else first


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
