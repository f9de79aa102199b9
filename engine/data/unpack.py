"""Puts parts of a pack together: what has come, in any order, as often as more of it comes."""

from __future__ import annotations

import gzip
import hashlib
import json
import tarfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from engine.data.pack import ALIGNMENTS, CONTENTS, FORMAT, MANIFEST
from engine.errors import EngineError

DONE = ".parts"
"""Folder that remembers which parts are in, with their lines."""


@dataclass(frozen=True)
class Unpacked:
    """What lies in the folder now.

    Attributes:
        parts: numbers of the parts that are in, of ``of``.
        damaged: files that were no whole parts; nothing of them is in the manifest.
        utterances: in the manifest.
    """

    parts: tuple[int, ...]
    of: int
    damaged: tuple[Path, ...]
    utterances: int

    @property
    def missing(self) -> list[int]:
        """Numbers of the parts that are to come."""
        return [i for i in range(1, self.of + 1) if i not in self.parts]


class _DamagedError(Exception):
    """The part is not what was packed."""


def unpack(sources: Sequence[Path], into: Path) -> Unpacked:
    """Add parts to the corpus folder ``into``; those that are in already are passed over.

    Args:
        sources: parts, or folders with parts.
        into: corpus folder; its synthetic words come to lie in ``into/cache``.

    Raises:
        EngineError: when there is no part, or one is of another pack.
    """
    files = [f for s in sources for f in (sorted(s.glob("*.tar")) if s.is_dir() else [s])]
    if not files:
        raise EngineError("There are no parts: give tar files of a pack, or their folder.")
    (into / DONE).mkdir(parents=True, exist_ok=True)
    damaged = [file for file in files if not _add(file, into)]
    done = _done(into)
    if not done:
        raise EngineError(f"{damaged[0]} is no whole part of a pack: fetch it again.")
    utterances = _merge(into, done)
    return Unpacked(tuple(sorted(done)), _of(into, done), tuple(damaged), utterances)


def _add(file: Path, into: Path) -> bool:
    """Whether the part is in now."""
    try:
        with tarfile.open(file, "r:") as tar:
            contents = _contents(tar)
            _check_pack(contents, file, into)
            record = into / DONE / f"{contents['part']:03d}.json"
            if not record.is_file():
                _extract(tar, contents, into)
                _put(record, json.dumps({k: contents[k] for k in ("pack", "of")}).encode())
        return True
    except (tarfile.TarError, KeyError, ValueError, _DamagedError, FileNotFoundError):
        return False


def _contents(tar: tarfile.TarFile) -> dict[str, Any]:
    contents = json.loads(_read(tar, CONTENTS))
    if contents["format"] != FORMAT:
        raise _DamagedError
    return dict(contents)


def _check_pack(contents: dict[str, Any], file: Path, into: Path) -> None:
    others = [json.loads(p.read_text())["pack"] for p in (into / DONE).glob("*.json")]
    if any(other != contents["pack"] for other in others):
        raise EngineError(f"{file} is of another pack than what is in {into}: choose a new folder.")


def _extract(tar: tarfile.TarFile, contents: dict[str, Any], into: Path) -> None:
    for name, expected in contents["files"].items():
        content = _read(tar, name)
        if hashlib.sha256(content).hexdigest() != expected:
            raise _DamagedError
        inside = PurePosixPath(name)
        if inside.is_absolute() or ".." in inside.parts:  # it would lie somewhere else
            raise _DamagedError
        lines = name in (MANIFEST, ALIGNMENTS)
        _put(into / DONE / f"{contents['part']:03d}.{name}" if lines else into / inside, content)


def _read(tar: tarfile.TarFile, name: str) -> bytes:
    file = tar.extractfile(name)
    if file is None:
        raise _DamagedError
    return file.read()


def _put(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".unfinished")
    part.write_bytes(content)
    part.replace(path)


def _done(into: Path) -> list[int]:
    return sorted(int(p.stem) for p in (into / DONE).glob("*.json"))


def _of(into: Path, done: Sequence[int]) -> int:
    record = json.loads((into / DONE / f"{done[0]:03d}.json").read_text())
    return int(record["of"])


def _merge(into: Path, done: Sequence[int]) -> int:
    """Write manifest and alignments of the parts that are in; the number of utterances."""
    manifest, alignments = (
        b"".join((into / DONE / f"{i:03d}.{name}").read_bytes() for i in done)
        for name in (MANIFEST, ALIGNMENTS)
    )
    _put(into / MANIFEST, manifest)
    _put(into / f"{ALIGNMENTS}.gz", gzip.compress(alignments, mtime=0))
    return manifest.count(b"\n")
