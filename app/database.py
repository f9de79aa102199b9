"""SQLite as the library uses it: durable, migrated with a backup, its errors in plain words."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from app.errors import AppError
from app.migrations import Migration
from app.words import QT_TRANSLATE_NOOP, translate

BUSY_TIMEOUT_S = 5.0
"""How long to wait for another process that writes."""
BRIEF_S = 0.3
"""The same for whoever must not stand still: a window, or a meeting that goes on."""
BACKUPS_KEPT = 3
ADVICE = {
    "SQLITE_FULL": QT_TRANSLATE_NOOP("app", "The disk is full: free some space and try again."),
    "SQLITE_BUSY": QT_TRANSLATE_NOOP(
        "app", "Another program holds it: close that program and try again."
    ),
    "SQLITE_READONLY": QT_TRANSLATE_NOOP(
        "app", "It cannot be written: check the permissions of the file and its folder."
    ),
    "SQLITE_CANTOPEN": QT_TRANSLATE_NOOP(
        "app", "It cannot be opened: check the permissions of the file and its folder."
    ),
    "SQLITE_CORRUPT": QT_TRANSLATE_NOOP(
        "app", "It is damaged: move it away and start again; the recordings are untouched."
    ),
    "SQLITE_NOTADB": QT_TRANSLATE_NOOP("app", "It is not a library: move it away and start again."),
    "SQLITE_IOERR": QT_TRANSLATE_NOOP(
        "app", "The disk reports an error: check the disk and its free space."
    ),
}
DAMAGED = ("SQLITE_CORRUPT", "SQLITE_NOTADB")


class StoreError(AppError):
    """The library cannot be read or written; says what to do."""


class LibraryBusy(StoreError):  # noqa: N818 - nothing is wrong with it
    """Another process writes; the same may succeed a moment later."""


class DamagedLibrary(StoreError):  # noqa: N818 - what is there is no library, or not any more
    """The file is damaged or something else; it was left as it is."""


def open_database(
    path: Path, migrations: Sequence[Migration], busy_s: float | None = None
) -> sqlite3.Connection:
    """Open or create the database at ``path`` and lift it to the newest version.

    Every commit is on the disk before it returns. The connection serves one thread at a time, and
    waits ``busy_s`` for another process, by default :data:`BUSY_TIMEOUT_S`.

    Raises:
        StoreError: the file cannot be used; nothing in it was changed.
    """
    with explained(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        timeout = BUSY_TIMEOUT_S if busy_s is None else busy_s
        connection = sqlite3.connect(
            path, timeout=timeout, isolation_level=None, check_same_thread=False
        )
        try:
            _refuse_strangers(connection, path, len(migrations))  # before anything is changed
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA foreign_keys = ON")
            _migrate(connection, path, migrations)
        except BaseException:
            connection.close()
            raise
    return connection


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn errors of SQLite and the file system into a :class:`StoreError` that says what to do."""
    try:
        yield
    except sqlite3.Error as error:
        name = getattr(error, "sqlite_errorname", "")
        advice = _advice(name) or str(error)
        raise _kind(name)(
            translate("app", "The library {path} cannot be used. {advice}").format(
                path=path, advice=advice
            )
        ) from error
    except OSError as error:
        reason = error.strerror or str(error)
        raise StoreError(
            translate(
                "app",
                "The library {path} cannot be used ({why}): check the disk and its permissions.",
            ).format(path=path, why=reason)
        ) from error


def wait_up_to(connection: sqlite3.Connection, seconds: float) -> None:
    """How long to wait from now on for another process that writes."""
    connection.execute(f"PRAGMA busy_timeout = {round(seconds * 1_000)}")


def _advice(code: str) -> str:
    """What to do about an error of SQLite; empty where nobody knows."""
    found = next((text for known, text in ADVICE.items() if code.startswith(known)), "")
    return translate("app", found) if found else ""


def _kind(code: str) -> type[StoreError]:
    if code.startswith(DAMAGED):
        return DamagedLibrary
    return LibraryBusy if code.startswith("SQLITE_BUSY") else StoreError


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All or nothing; takes the write lock at once, so that it cannot fail half-way for it.

    Inside another one it is a part of that one.
    """
    nested = connection.in_transaction
    if nested:
        yield
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _refuse_strangers(connection: sqlite3.Connection, path: Path, newest: int) -> None:
    version = _version(connection)
    if version > newest:
        raise StoreError(
            translate(
                "app",
                "The library {path} was written by a newer Crosstalk: install the newest version.",
            ).format(path=path)
        )
    if version == 0 and connection.execute("SELECT 1 FROM sqlite_master").fetchone():
        raise DamagedLibrary(
            translate(
                "app", "{path} is no library of Crosstalk: move it away and start again."
            ).format(path=path)
        )


def _migrate(connection: sqlite3.Connection, path: Path, migrations: Sequence[Migration]) -> None:
    """Lift to the newest version at once or not at all, so that an older program still reads it."""
    version = _version(connection)
    if version == len(migrations):
        return
    if version == 0:
        _lift(connection, migrations)
        return
    backup = _back_up(connection, path, version)
    try:
        _lift(connection, migrations)
    except sqlite3.Error as error:
        raise StoreError(
            translate(
                "app",
                "The library {path} could not be made ready for this Crosstalk ({why}). Nothing "
                "in it was changed, and a copy is kept as {backup}. Free some space and try "
                "again, or go on with the Crosstalk that you had before.",
            ).format(path=path, why=error, backup=backup)
        ) from error


def _lift(connection: sqlite3.Connection, migrations: Sequence[Migration]) -> None:
    """Run the migrations that are missing; none if another process was quicker."""
    with transaction(connection):
        for number in range(_version(connection), len(migrations)):
            for statement in migrations[number]:
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {number + 1}")


def _version(connection: sqlite3.Connection) -> int:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    return int(version)


def _back_up(connection: sqlite3.Connection, path: Path, version: int) -> Path:
    """Copy the library as it is beside itself, under a name that is still free."""
    names = [f"{path.name}.v{version}.backup"]
    while (backup := path.with_name(names[-1])).exists():
        names.append(f"{names[0]}.{len(names)}")
    unfinished = backup.with_name(f"{path.name}.backup.unfinished")
    with closing(sqlite3.connect(unfinished)) as copy:
        connection.backup(copy)
    unfinished.rename(backup)
    for old in backups(path)[BACKUPS_KEPT:]:
        old.unlink()
    return backup


def backups(path: Path) -> list[Path]:
    """The backups of a library, the newest first."""
    ours = re.compile(re.escape(path.name) + r"\.v\d+\.backup(\.\d+)?")
    found = [each for each in path.parent.iterdir() if ours.fullmatch(each.name)]
    return sorted(found, key=lambda each: (each.stat().st_mtime_ns, each.name), reverse=True)
