"""What the operating system says about a recording's disk, in words that help."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.errors import RecordingError
from app.words import translate

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}


@contextmanager
def recording_errors(path: Path) -> Iterator[None]:
    """Turn an :class:`OSError` inside into a :class:`RecordingError` that says what to do."""
    try:
        yield
    except OSError as error:
        raise RecordingError(_advice(path, error)) from error


def _advice(path: Path, error: OSError) -> str:
    if error.errno in _FULL:
        return translate(
            "app",
            "The disk of {folder} is full. Everything recorded so far is saved in {name}; "
            "free some space, then record again.",
        ).format(folder=path.parent, name=path.name)
    if error.errno in _FORBIDDEN:
        return translate(
            "app",
            "The folder {folder} cannot be written to. Change its permissions, or choose "
            "another folder.",
        ).format(folder=path.parent)
    if isinstance(error, FileExistsError) and path.exists():
        return translate(
            "app",
            "{path} exists already, and recordings are never overwritten. Choose another name.",
        ).format(path=path)
    return translate("app", "{path} cannot be used ({why}). Check the disk and the folder.").format(
        path=path, why=error.strerror
    )
