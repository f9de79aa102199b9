"""Runs first in a build: libraries that come along are found before those of the system.

Sounddevice asks ``ctypes`` where PortAudio is, and ``ctypes`` knows only the system's folders.
"""

import ctypes.util
import sys
from pathlib import Path

OURS = Path(sys._MEIPASS)  # type: ignore[attr-defined]  # PyInstaller's starter sets it
find_in_system = ctypes.util.find_library


def find_library(name: str) -> str | None:
    """The path of a library of the build, else what the system has."""
    ours = next(OURS.glob(f"lib{name}.so*"), None)
    return str(ours) if ours else find_in_system(name)


if sys.platform == "linux":
    ctypes.util.find_library = find_library
