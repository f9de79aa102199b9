"""Which files of an archive are recordings."""

from __future__ import annotations

from fnmatch import fnmatch
from pathlib import PurePosixPath

from engine.archive.claims import HOME
from engine.archive.folder import Folder
from engine.errors import EngineError

_ENDINGS = """
    aac aif aiff amr au caf flac m4a m4b mka mkv mov mp2 mp3 mp4 mpg mts oga ogg opus rf64 sph
    w64 wav webm wma wmv
"""
SOUND = frozenset(f".{ending}" for ending in _ENDINGS.split())
"""Endings of what is heard unless patterns say otherwise; what a file is its content says."""


def recordings(source: Folder, include: list[str]) -> dict[str, int]:
    """The recordings below a folder, by name, with their bytes.

    Args:
        source: where they are.
        include: patterns as ``*.wav`` or ``2024/*``; with none, by ending.

    Raises:
        EngineError: when there are none.
    """
    sizes = source.sizes()
    found = {name: size for name, size in sizes.items() if _is_wanted(name, include)}
    if not found:
        raise EngineError(
            f"{source.address} has no recordings: check the address"
            + (" and the patterns of --include." if include else ", or name them with --include.")
        )
    return found


def _is_wanted(name: str, include: list[str]) -> bool:
    if HOME in PurePosixPath(name).parts:
        return False
    if include:
        return any(fnmatch(name, pattern) for pattern in include)
    return PurePosixPath(name).suffix.lower() in SOUND
