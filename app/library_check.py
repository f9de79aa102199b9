"""Whether the library's file is whole; looked at without changing it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from app.database import StoreError, explained
from app.migrations import MIGRATIONS

SHOWN_ERRORS = 3


@dataclass(frozen=True, slots=True)
class LibraryState:
    """What was found, in words without names; ``problem`` says what is wrong and what to do."""

    detail: str
    problem: str = ""


def check_library(path: Path) -> LibraryState:
    """Read the whole file and compare it with its indexes; long libraries take a moment."""
    if not path.exists():
        return LibraryState("there is none yet: the first meeting makes it")
    try:
        with explained(path):
            return _state(path)
    except StoreError as error:
        return LibraryState("", str(error))


def _state(path: Path) -> LibraryState:
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        errors = [row[0] for row in connection.execute("PRAGMA integrity_check(20)")]
        strays = len(connection.execute("PRAGMA foreign_key_check").fetchall())
        (count,) = connection.execute("SELECT count(*) FROM meetings").fetchone()
    backups = len(list(path.parent.glob(f"{path.name}.v*.backup*")))
    detail = (
        f"{count} meetings, {path.stat().st_size / 1e6:.1f} MB, version {version} of "
        f"{len(MIGRATIONS)}, {backups} backups"
    )
    if errors != ["ok"]:
        return LibraryState(detail, _damaged(path, errors, backups))
    if strays:
        return LibraryState(detail, f"{detail}, but {strays} rows belong to no meeting: report it.")
    if version > len(MIGRATIONS):
        return LibraryState(detail, f"{detail}: it is of a newer Crosstalk; install that one.")
    return LibraryState(f"{detail}, whole")


def _damaged(path: Path, errors: list[str], backups: int) -> str:
    way = "put a backup in its place" if backups else "move it away and start again"
    shown = "; ".join(errors[:SHOWN_ERRORS])
    return f"{path} is damaged ({shown}): {way}. The recordings are untouched."
