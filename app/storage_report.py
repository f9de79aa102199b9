"""What the application keeps on this computer, where, and how large it is."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from app.paths import data_dir, library_path, log_path, recordings_dir
from app.settings import settings_path


@dataclass(frozen=True, slots=True)
class Kept:
    """Something that is kept; ``what`` is one of ``recordings library models settings log``."""

    what: str
    path: Path
    size_bytes: int


def kept_files() -> list[Kept]:
    """Look through the folders; with many recordings this takes a moment."""
    library = library_path()
    places: dict[str, tuple[Path, Iterable[Path]]] = {
        "recordings": (recordings_dir(), _all_in(recordings_dir())),
        "library": (library, library.parent.glob(f"{library.name}*")),
        "models": (data_dir() / "models", _all_in(data_dir() / "models")),
        "settings": (settings_path(), [settings_path()]),
        "log": (log_path(), log_path().parent.glob(f"{log_path().name}*")),
    }
    return [Kept(what, path, sum(map(_size, files))) for what, (path, files) in places.items()]


def _all_in(folder: Path) -> Iterable[Path]:
    return (Path(place) / name for place, _, names in os.walk(folder) for name in names)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:  # gone meanwhile, or never there
        return 0
