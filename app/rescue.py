"""A library that cannot be read is kept aside, whole, and what it still tells is taken over."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path, PurePath

from filelock import FileLock

from app.database import DamagedLibrary, backups, explained, transaction
from app.migrations import MIGRATIONS
from app.store import Library
from app.terminal import complain
from app.words import translate

TABLES = (
    "segments",
    "people",
    "turns",
    "speakers",
    "gaps",
    "turn_voices",
    "voices",
    "removed_turns",
    "edits",
    "notes",
    "denials",
)
"""What is taken over besides the meetings, owners first."""

BESIDE = ("", "-wal", "-shm")
"""What SQLite appends to the name of a database for the files that belong to it."""

logger = logging.getLogger(__name__)


def open_or_begin_anew(path: Path, busy_s: float | None = None) -> tuple[Library, str]:
    """The library at ``path``; where it is damaged, a new one, with what has to be told.

    Raises:
        StoreError: it cannot be used for another reason, or cannot be kept aside.
    """
    with suppress(DamagedLibrary):
        return _readable(path, busy_s), ""
    with explained(path), FileLock(path.with_name(f"{path.name}.rescue.lock")):
        with suppress(DamagedLibrary):
            return _readable(path, busy_s), ""  # another process was quicker
        kept = _put_aside(path)
    saved = _salvage(kept, path)
    return _readable(path, busy_s), _told(kept, saved)


def open_telling(path: Path) -> Library:
    """The library for a command, which says on standard error if it had to begin a new one.

    Raises:
        StoreError: as :func:`open_or_begin_anew`.
    """
    library, complaint = open_or_begin_anew(path)
    if complaint:
        complain(complaint)
    return library


def _readable(path: Path, busy_s: float | None) -> Library:
    library = Library(path, busy_s=busy_s)
    try:
        library.meetings()
    except BaseException:
        library.close()
        raise
    return library


def _put_aside(path: Path) -> Path:
    names = [f"{path.name}.damaged"]
    while (kept := path.with_name(names[-1])).exists():
        names.append(f"{names[0]}.{len(names)}")
    for suffix in BESIDE:
        with suppress(FileNotFoundError):
            path.with_name(path.name + suffix).rename(kept.with_name(kept.name + suffix))
    return kept


def _salvage(kept: Path, path: Path) -> int:
    """Copy what can be read into a new library at ``path``; how many meetings that are."""
    Library(path).close()
    try:
        with (
            closing(sqlite3.connect(f"{kept.absolute().as_uri()}?mode=ro", uri=True)) as old,
            closing(sqlite3.connect(path, isolation_level=None)) as new,
        ):
            old.execute("PRAGMA writable_schema = ON")  # also reads a file that was cut
            new.execute("PRAGMA foreign_keys = ON")
            if old.execute("PRAGMA user_version").fetchone() != (len(MIGRATIONS),):
                return 0
            return _copy_all(old, new, path)
    except Exception:  # rows of a damaged file may be anything; then none of them is taken
        logger.info("nothing could be taken over from %s", kept, exc_info=True)
        return 0


def _copy_all(old: sqlite3.Connection, new: sqlite3.Connection, path: Path) -> int:
    old.text_factory = bytes  # what is no text any more must not hide the rest
    with transaction(new):
        _copy(old, new, "meetings")
        _name_the_nameless(old, new)
        for table in TABLES:
            _copy(old, new, table)
    with Library(path) as library:
        for meeting in library.meetings():
            library.load(meeting.id)
        return len(library.meetings())


def _name_the_nameless(old: sqlite3.Connection, new: sqlite3.Connection) -> None:
    """Meetings that are lost themselves, but not their recordings; these tell when it was."""
    title = translate("app", "Taken over from a damaged library")
    for number, place, _, recording, *_ in _rows(old, "segments", ("meeting_id", "number")):
        if place == 1 and isinstance(recording, bytes):
            name = recording.decode(errors="replace")
            new.execute(
                "INSERT OR IGNORE INTO meetings (id, title, recording, started_at, state) "
                "VALUES (?, ?, ?, ?, 'recording')",  # so that its length is found out
                (number, title, name, _moment_of(name).isoformat()),
            )


def _moment_of(recording: str) -> datetime:
    with suppress(ValueError):
        local = datetime.strptime(PurePath(recording).stem[:19], "%Y-%m-%d_%H-%M-%S")
        return local.astimezone(UTC)
    return datetime.now(UTC)


def _copy(old: sqlite3.Connection, new: sqlite3.Connection, table: str) -> None:
    columns = new.execute(f"PRAGMA table_info({table})").fetchall()
    marks = ", ".join("?" * len(columns))
    keys = [name for place, name in sorted((column[5], column[1]) for column in columns) if place]
    for row in _rows(old, table, keys):
        with suppress(sqlite3.Error, UnicodeDecodeError):  # of a meeting that is lost, or no row
            values = _as_text(row, [column[2] for column in columns])
            new.execute(f"INSERT OR IGNORE INTO {table} VALUES ({marks})", values)


def _rows(old: sqlite3.Connection, table: str, keys: Sequence[str]) -> Iterator[tuple[object, ...]]:
    """Rows of a table up to the damage, then those from the other end."""
    for order in ("ASC", "DESC"):
        by = ", ".join(f"{key} {order}" for key in keys)
        try:
            yield from old.execute(f"SELECT * FROM {table} ORDER BY {by}")
            return
        except sqlite3.Error:
            continue


def _as_text(row: tuple[object, ...], kinds: list[str]) -> list[object]:
    return [
        value.decode() if isinstance(value, bytes) and kind == "TEXT" else value
        for value, kind in zip(row, kinds, strict=True)
    ]


def _told(kept: Path, saved: int) -> str:
    said = translate(
        "app",
        "The library was damaged and is kept as {kept}. Meetings that could be taken over from it: "
        "{saved}. All recordings are still in {folder}: bring in those whose meetings are missing.",
    ).format(kept=kept, saved=saved, folder=kept.with_name("recordings"))
    if older := backups(kept.with_name(kept.name.partition(".damaged")[0])):
        also = translate("app", "There is also an older copy of the library: {copy}.")
        said += " " + also.format(copy=older[0])
    return said
