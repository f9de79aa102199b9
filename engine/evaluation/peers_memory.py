"""What a program takes: the most memory of this process, and the room of installed packages."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path

_NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]*")


def peak_mb() -> float:
    """Most memory that this process ever had in RAM, in MB of 10^6 bytes.

    On Linux the kernel's ``VmHWM``: what ``getrusage`` says there may be the parent's.
    """
    status = Path("/proc/self/status")
    if status.is_file():
        found = re.search(r"^VmHWM:\s*(\d+) kB", status.read_text(), re.MULTILINE)
        if found:
            return int(found[1]) * 1024 / 1e6
    import resource  # is not on Windows

    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


def installed_mb(packages: Iterable[str], files: Iterable[Path] = ()) -> float:
    """MB on disk of packages with all that they need, and of some files besides.

    Only what is installed here counts, so what is needed on other systems does not.
    """
    size = sum(map(_size, needed(packages))) + sum(path.stat().st_size for path in files)
    return size / 1e6


def needed(packages: Iterable[str]) -> list[metadata.Distribution]:
    """The distributions of packages and of all that they require, extras left out."""
    waiting, found = list(packages), dict[str, metadata.Distribution]()
    while waiting:
        name = re.sub(r"[-_.]+", "-", waiting.pop()).lower()
        if name in found:
            continue
        try:
            found[name] = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue
        waiting += _required(found[name])
    return list(found.values())


def _required(distribution: metadata.Distribution) -> list[str]:
    plain = [line for line in distribution.requires or () if "extra ==" not in line]
    return [match[0] for match in map(_NAME.match, plain) if match]


def _size(distribution: metadata.Distribution) -> int:
    paths = (Path(str(file.locate())) for file in distribution.files or ())
    return sum(path.stat().st_size for path in paths if path.is_file())
