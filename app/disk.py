"""What the operating system says about a recording's disk, in words that help."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.errors import RecordingError

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
        return (
            f"The disk of {path.parent} is full. Everything recorded so far is saved in "
            f"{path.name}; free some space, then record again."
        )
    if error.errno in _FORBIDDEN:
        return (
            f"The folder {path.parent} cannot be written to. Change its permissions, or choose "
            "another folder."
        )
    if isinstance(error, FileExistsError) and path.exists():
        return f"{path} exists already, and recordings are never overwritten. Choose another name."
    return f"{path} cannot be used ({error.strerror}). Check the disk and the folder."
