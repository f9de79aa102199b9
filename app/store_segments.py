"""The table of segments: the recordings of which the sound of a meeting consists."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

from app.errors import AppError
from app.recorder import repair
from app.sound import Segment, Source
from app.store_meetings import MeetingTable
from engine.audio_file import read_info
from engine.errors import EngineError
from engine.timeline import SAMPLE_RATE, to_seconds


class SegmentTable:
    """Reads and adds segments, inside a transaction of the library's."""

    def __init__(self, database: sqlite3.Connection, table: MeetingTable) -> None:
        self._database = database
        self._table = table

    def of(self, meeting_id: int) -> tuple[Segment, ...]:
        """The recordings of a meeting, in the order in which they began, where they lie now."""
        files = self._table.recordings(meeting_id)
        return tuple(Segment(each.place, Source(each.source), each.start) for each in files)

    def add(self, meeting_id: int, segment: Segment) -> None:
        """One more recording of a meeting."""
        sql = """
            INSERT INTO segments
            SELECT ?, coalesce(max(number), 0) + 1, ?, ?, ? FROM segments WHERE meeting_id = ?
        """
        values = (segment.source.value, self._table.written(segment.path), segment.start)
        self._database.execute(sql, (meeting_id, *values, meeting_id))

    def adopt(self, meeting_id: int) -> None:
        """Add the files beside the first one that a crash kept from being written down.

        Where they began is not known either: each follows the last one of its source.
        """
        known = {each.place for each in self._table.recordings()}
        first = self._table.recordings(meeting_id)[0].place
        pattern = re.compile(re.escape(first.stem) + r"(-system)?(-\d+)?" + re.escape(first.suffix))
        beside = sorted(first.parent.iterdir(), key=_number) if first.parent.is_dir() else []
        for path in beside:
            found = pattern.fullmatch(path.name)
            if found and path not in known:
                source = Source.SYSTEM if found[1] else self.of(meeting_id)[0].source
                self.add(meeting_id, Segment(path, source, self._end(meeting_id, source)))

    def recover(self, meeting_id: int) -> float | None:
        """Repair all files after a crash; how long the meeting is, None if none can be read."""
        ends = [
            to_seconds(each.start) + length_s
            for each in self.of(meeting_id)
            if (length_s := recovered_s(each.path)) is not None
        ]
        return max(ends, default=None)

    def _end(self, meeting_id: int, source: Source) -> int:
        ends = [
            each.start + round((recovered_s(each.path) or 0.0) * SAMPLE_RATE)
            for each in self.of(meeting_id)
            if each.source is source
        ]
        return max(ends, default=0)


def recovered_s(recording: Path) -> float | None:
    """Seconds of a recording that a crash cut off; None if it cannot be read."""
    try:
        repair(recording)
        return read_info(recording).duration_s
    except (AppError, EngineError, OSError):
        return None


def _number(path: Path) -> tuple[int, str]:
    """In the order in which they were made."""
    return len(path.name), path.name
