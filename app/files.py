"""Writing files all or nothing, for settings and exports."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from app.errors import AppError
from app.words import translate


class OutputError(AppError):
    """A file cannot be written; one of that name that was there before is untouched."""


def write_file(path: Path, content: bytes) -> None:
    """Write ``path`` so that at any moment it holds the old or the new content, never a part.

    Links are followed. What is not a regular file (a pipe, a device) is written to directly.

    Raises:
        OutputError: the folder is missing or locked, the disk full, or ``path`` a folder.
    """
    with _explained(path):
        target = path.resolve()
        if target.is_dir():
            raise _is_folder(path)
        if target.exists() and not target.is_file():
            target.write_bytes(content)
            return
        with _beside(target) as temporary:
            temporary.write_bytes(content)
            _put(temporary, target)


@contextmanager
def replaced(path: Path) -> Iterator[Path]:
    """A new file to fill, for what is too large to hold; at the end it takes the place of ``path``.

    If anything fails meanwhile, ``path`` stays as it was.

    Raises:
        OutputError: as :func:`write_file`, and where ``path`` is a pipe or a device.
    """
    with _explained(path):
        target = path.resolve()
        if target.is_dir():
            raise _is_folder(path)
        if target.exists() and not target.is_file():
            raise OutputError(
                translate(
                    "app", "{path} is no ordinary file, and this has to go to one: name a file."
                ).format(path=path)
            )
        with _beside(target) as temporary:
            yield temporary
            _put(temporary, target)


def check_writable(path: Path) -> None:
    """Find out before long work whether ``path`` could be written; changes nothing.

    Raises:
        OutputError: as :func:`write_file`.
    """
    with _explained(path):
        target = path.resolve()
        if target.is_dir():
            raise _is_folder(path)
        if target.is_file() or not target.exists():
            with _beside(target) as temporary:
                temporary.touch(exist_ok=False)


@contextmanager
def _beside(target: Path) -> Iterator[Path]:
    """A name in the folder of ``target`` for what is not finished; gone afterwards."""
    temporary = target.with_name(f".{uuid4().hex}.part")
    try:
        yield temporary
    finally:
        temporary.unlink(missing_ok=True)


def _put(temporary: Path, target: Path) -> None:
    """Let a finished file take the place of another."""
    with temporary.open("rb+") as file:
        os.fsync(file.fileno())  # before the rename, or a power cut may leave an empty file
    if target.exists():
        shutil.copymode(target, temporary)
    temporary.replace(target)


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        said = translate("app", "{path} was not written. {advice}")
        raise OutputError(said.format(path=path, advice=_advice(path.parent, error))) from error


def _is_folder(path: Path) -> OutputError:
    return OutputError(translate("app", "{path} is a folder: name a file in it.").format(path=path))


def _advice(folder: Path, error: OSError) -> str:
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return translate(
                "app", "The disk of {folder} is full: free some space or choose another folder."
            ).format(folder=folder)
        case errno.ENOENT | errno.ENOTDIR:
            return translate(
                "app", "There is no folder {folder}: create it or choose another one."
            ).format(folder=folder)
        case errno.EACCES | errno.EPERM | errno.EROFS:
            return translate(
                "app",
                "The folder {folder} is locked: change its permissions or choose another one.",
            ).format(folder=folder)
        case _:
            return translate("app", "Check the disk and the name ({why}).").format(
                why=error.strerror or error
            )
