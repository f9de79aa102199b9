"""SQLite as the library uses it: durable, migrated with a backup, its errors in plain words."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from app.errors import AppError
from app.migrations import Migration

BUSY_TIMEOUT_S = 5.0
ADVICE = {
    "SQLITE_FULL": "The disk is full: free some space and try again.",
    "SQLITE_BUSY": "Another program holds it: close that program and try again.",
    "SQLITE_READONLY": "It cannot be written: check the permissions of the file and its folder.",
    "SQLITE_CANTOPEN": "It cannot be opened: check the permissions of the file and its folder.",
    "SQLITE_CORRUPT": "It is damaged: move it away and start again; the recordings are untouched.",
    "SQLITE_NOTADB": "It is not a library: move it away and start again.",
    "SQLITE_IOERR": "The disk reports an error: check the disk and its free space.",
}


class StoreError(AppError):
    """The library cannot be read or written; says what to do."""


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
        raise StoreError(f"The library {path} cannot be used. {advice}") from error
    except OSError as error:
        reason = error.strerror or str(error)
        raise StoreError(
            f"The library {path} cannot be used ({reason}): check the disk and its permissions."
        ) from error


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All or nothing; takes the write lock at once, so that it cannot fail half-way for it."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _migrate(connection: sqlite3.Connection, path: Path, migrations: Sequence[Migration]) -> None:
    version = _version(connection)
    if version > len(migrations):
        raise StoreError(
            f"The library {path} was written by a newer Crosstalk: install the newest version."
        )
    if version == len(migrations):
        return
    if version > 0:
        _back_up(connection, path, version)
    for number, statements in enumerate(migrations[version:], version + 1):
        with transaction(connection):
            _lift(connection, path, number, statements)


def _lift(connection: sqlite3.Connection, path: Path, number: int, statements: Migration) -> None:
    """Run one migration, unless another process was quicker."""
    version = _version(connection)
    if version >= number:
        return
    if version == 0 and connection.execute("SELECT 1 FROM sqlite_master").fetchone():
        raise StoreError(f"{path} is no library of Crosstalk: move it away and start again.")
    for statement in statements:
        connection.execute(statement)
    connection.execute(f"PRAGMA user_version = {number}")


def _version(connection: sqlite3.Connection) -> int:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    return int(version)


def _back_up(connection: sqlite3.Connection, path: Path, version: int) -> Path:
    """Copy the library as it is beside itself, under a name that is still free."""
    names = [f"{path.name}.v{version}.backup"]
    while (backup := path.with_name(names[-1])).exists():
        names.append(f"{names[0]}.{len(names)}")
    with closing(sqlite3.connect(backup)) as copy:
        connection.backup(copy)
    return backup
