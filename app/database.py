"""SQLite as the library uses it: durable, migrated with a backup, its errors in plain words."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from app.errors import AppError
from app.migrations import Migration

BUSY_TIMEOUT_S = 5.0
BACKUPS_KEPT = 3
ADVICE = {
    "SQLITE_FULL": "The disk is full: free some space and try again.",
    "SQLITE_BUSY": "Another program holds it: close that program and try again.",
    "SQLITE_READONLY": "It cannot be written: check the permissions of the file and its folder.",
    "SQLITE_CANTOPEN": "It cannot be opened: check the permissions of the file and its folder.",
    "SQLITE_CORRUPT": "It is damaged: move it away and start again; the recordings are untouched.",
    "SQLITE_NOTADB": "It is not a library: move it away and start again.",
    "SQLITE_IOERR": "The disk reports an error: check the disk and its free space.",
}
DAMAGED = ("SQLITE_CORRUPT", "SQLITE_NOTADB")


class StoreError(AppError):
    """The library cannot be read or written; says what to do."""


class DamagedLibrary(StoreError):  # noqa: N818 - what is there is no library, or not any more
    """The file is damaged or something else; it was left as it is."""


def open_database(path: Path, migrations: Sequence[Migration]) -> sqlite3.Connection:
    """Open or create the database at ``path`` and lift it to the newest version.

    Every commit is on the disk before it returns. The connection serves one thread at a time.

    Raises:
        StoreError: the file cannot be used; nothing in it was changed.
    """
    with explained(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(
            path, timeout=BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False
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
        advice = next((text for code, text in ADVICE.items() if name.startswith(code)), str(error))
        kind = DamagedLibrary if name.startswith(DAMAGED) else StoreError
        raise kind(f"The library {path} cannot be used. {advice}") from error
    except OSError as error:
        reason = error.strerror or str(error)
        raise StoreError(
            f"The library {path} cannot be used ({reason}): check the disk and its permissions."
        ) from error


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
            f"The library {path} was written by a newer Crosstalk: install the newest version."
        )
    if version == 0 and connection.execute("SELECT 1 FROM sqlite_master").fetchone():
        raise DamagedLibrary(f"{path} is no library of Crosstalk: move it away and start again.")


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
            f"The library {path} could not be made ready for this Crosstalk ({error}). Nothing in "
            f"it was changed, and a copy is kept as {backup}. Free some space and try again, or "
            "go on with the Crosstalk that you had before."
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
