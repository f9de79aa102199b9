"""A folder on a disk, or in an object storage, by an address that fsspec knows."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

import fsspec
from fsspec.implementations.local import LocalFileSystem

from engine.errors import EngineError


class Folder:
    """Files by their names below the folder, with slashes.

    Args:
        address: a path, or an address as ``s3://bucket/meetings``.

    Raises:
        EngineError: when the kind of storage is not known, or its package is missing.
    """

    def __init__(self, address: str) -> None:
        self.address = address
        try:
            # What another run wrote a moment ago must be seen.
            self._files, root = fsspec.url_to_fs(address, use_listings_cache=False)
        except (ImportError, ValueError) as error:
            raise EngineError(f"{address} cannot be opened: {error}") from error
        self._root = root.rstrip("/")
        self.is_local = isinstance(self._files, LocalFileSystem)

    def sizes(self, below: str = "") -> dict[str, int]:
        """Names of all files below a folder of it, with their bytes."""
        top = self._path(below) if below else self._root
        found: dict[str, dict[str, Any]] = self._files.find(top, detail=True)
        start = len(self._root) + 1
        return {path[start:]: int(info["size"] or 0) for path, info in sorted(found.items())}

    def exists(self, name: str) -> bool:
        """Whether there is such a file."""
        return bool(self._files.exists(self._path(name)))

    def read(self, name: str) -> bytes | None:
        """What is in a file; None where there is none."""
        with suppress(FileNotFoundError):
            return bytes(self._files.cat_file(self._path(name)))
        return None

    def write(self, name: str, content: bytes, draft: str) -> None:
        """Write a file whole or not at all: under the name ``draft`` first."""
        self._prepare(name)
        self._prepare(draft)
        self._files.pipe_file(self._path(draft), content)
        self._files.mv(self._path(draft), self._path(name))

    def create(self, name: str, content: bytes) -> bool:
        """Write a file that must not be there; False if it is. Of many who try, one succeeds."""
        self._prepare(name)
        path = self._path(name)
        try:
            if self.is_local:
                with open(path, "xb") as out:
                    out.write(content)
            else:
                self._files.pipe_file(path, content, mode="create")
        except FileExistsError:
            return False
        return True

    def written_at(self, name: str) -> datetime | None:
        """When a file was last written, by the clock of the storage; None where there is none."""
        with suppress(FileNotFoundError):
            written: datetime = self._files.modified(self._path(name))
            return written
        return None

    def remove(self, name: str) -> None:
        """Remove a file, if it is there."""
        with suppress(FileNotFoundError):
            self._files.rm_file(self._path(name))

    @contextmanager
    def on_disk(self, name: str) -> Iterator[Path]:
        """A file as one on this machine's disk; of a storage elsewhere a copy, for a while."""
        if self.is_local:
            yield Path(self._path(name))
            return
        with tempfile.TemporaryDirectory(prefix="crosstalk-") as folder:
            copy = Path(folder) / PurePosixPath(name).name
            self._files.get_file(self._path(name), str(copy))
            yield copy

    def _path(self, name: str) -> str:
        return f"{self._root}/{name}"

    def _prepare(self, name: str) -> None:
        if self.is_local:
            Path(self._path(name)).parent.mkdir(parents=True, exist_ok=True)
