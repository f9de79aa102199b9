"""The table of meetings: what it says about each, where its recording lies, how large it is."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from app.database import StoreError, explained
from app.rows import MeetingState, MeetingSummary
from app.store_filter import ANY, MeetingFilter, condition, folded
from app.words import translate

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


@dataclass(frozen=True, slots=True)
class Recording:
    """A file of a meeting: where it belongs, and where it lies."""

    meeting_id: int
    number: int  # from 1
    source: str
    start: int  # samples at 16 kHz
    home: Path
    binned: bool
    place: Path


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
            translate(
                "app",
                "There is no meeting {meeting_id}: `crosstalk meetings` lists those there are.",
            ).format(meeting_id=meeting_id)
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
        sizes = [0, 0]
        with explained(self._path):
            for each in self.recordings():
                sizes[each.binned] += _size(each.place)
        own = self._folder.glob(f"{self._path.name}*")
        return Storage(sizes[0], sizes[1], database=sum(map(_size, own)))

    def recordings(self, meeting_id: int | None = None) -> list[Recording]:
        """The files of a meeting in the order in which they began, or of all meetings."""
        sql = """
            SELECT meeting_id, number, source, start_sample, segments.recording, deleted_at
            FROM segments JOIN meetings ON id = meeting_id
            WHERE ? IN (meeting_id, 0) ORDER BY meeting_id, number
        """
        rows = self._database.execute(sql, (meeting_id or 0,))
        return [
            Recording(
                *(meeting, number, source, start, self._folder / home, deleted_at is not None),
                place=whereabouts(self._folder, meeting, home, deleted_at is not None, number),
            )
            for meeting, number, source, start, home, deleted_at in rows
        ]

    def written(self, recording: Path) -> str:
        """How a path is kept: a recording below the library's folder moves with it."""
        recording = recording.absolute()
        inside = recording.is_relative_to(self._folder)
        return (recording.relative_to(self._folder) if inside else recording).as_posix()

    def _select(self, clause: str, values: Sequence[object] = ()) -> list[MeetingSummary]:
        with explained(self._path):
            rows = self._database.execute(f"{SUMMARIES} {clause}", values).fetchall()
            files = self.recordings(rows[0][0] if len(rows) == 1 else None) if rows else []
        sizes: dict[int, int] = defaultdict(int)
        for each in files:
            sizes[each.meeting_id] += _size(each.place)
        return [self._summary(row, sizes[row[0]]) for row in rows]

    def _summary(self, row: tuple[Any, ...], size_bytes: int) -> MeetingSummary:
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
            size_bytes=size_bytes,
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


def place_in_bin(folder: Path, meeting_id: int, recording: str, number: int = 1) -> Path:
    """Where a recording of a meeting lies in the bin; no two have the same place."""
    name = str(meeting_id) if number == 1 else f"{meeting_id}-{number}"
    return folder / BIN_FOLDER / f"{name}{Path(recording).suffix}"


def whereabouts(
    folder: Path, meeting_id: int, recording: str, binned: bool, number: int = 1
) -> Path:
    """Where a recording lies: at home or in the bin.

    A crash between moving it and writing that down leaves it at the other place, so both count.
    """
    home = folder / recording
    if Path(recording).is_absolute():
        return home  # elsewhere on the disk, not ours to move
    places = [place_in_bin(folder, meeting_id, recording, number), home]
    first, second = places if binned else reversed(places)
    return second if not first.exists() and second.exists() else first


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
