"""Which files are worth bringing in, when folders are named."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

AUDIO = (
    "aac ac3 aif aifc aiff amr ape au caf dts eac3 flac gsm m4a m4b mka mp2 mp3 mpc oga ogg opus "
    "rf64 spx tta w64 wav wave wma wv"
)
VIDEO = "3g2 3gp asf avi flv m2ts m4v mkv mov mp4 mpeg mpg mts mxf ogv ts vob webm wmv"
SUFFIXES = tuple(f".{name}" for name in f"{AUDIO} {VIDEO}".split())


def media_files(paths: Iterable[Path]) -> list[Path]:
    """Files as they are named, and of folders those that look like audio or video, sorted.

    A file that is named itself counts whatever it is called: what it is shows when it is read.
    Each counts once. Hidden files and folders inside a folder are left out.
    """
    every = (found for path in paths for found in (_inside(path) if path.is_dir() else [path]))
    return list(dict.fromkeys(every))


def _inside(folder: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if Path(name).suffix.lower() in SUFFIXES and not name.startswith("."):
                yield Path(place) / name
