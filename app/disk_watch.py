"""Room for the recording: a warning in time, and an orderly end before the disk is full."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from pathlib import Path

from app.errors import RecordingError
from app.words import translate
from engine.events import Remark, Subject

MARGIN_BYTES = 200_000_000
"""Kept free: the library must still be able to save the text."""

WARN_BELOW_S = 3_600
LOOK_EVERY_S = 5.0


class DiskWatch:
    """Watches the disk of a folder while something is recorded there."""

    def __init__(self, folder: Path, now: Callable[[], float] = time.monotonic) -> None:
        self._folder = folder
        self._now = now
        self._look_at = 0.0
        self._told = ""

    def check_room(self) -> None:
        """Raise :class:`RecordingError` where there is no room to begin."""
        if (free := self._free()) is not None and free < MARGIN_BYTES:
            raise RecordingError(
                translate(
                    "app",
                    "The disk of {folder} is almost full ({free} are free): free some space, then "
                    "record again.",
                ).format(folder=self._folder, free=_megabytes(free))
            )

    def look(self, byte_rate: int) -> Remark | None:
        """A warning, or its withdrawal, once in a while; ``byte_rate`` is written per second.

        Raises:
            RecordingError: it is time to stop.
        """
        if self._now() < self._look_at:
            return None
        self._look_at = self._now() + LOOK_EVERY_S
        free = self._free()
        if free is None or not byte_rate:
            return None
        if free < MARGIN_BYTES:
            raise RecordingError(
                translate(
                    "app",
                    "The disk of {folder} is almost full, so the recording was stopped. Everything "
                    "is saved; free some space, then record again.",
                ).format(folder=self._folder)
            )
        return self._news((free - MARGIN_BYTES) / byte_rate)

    def _news(self, left_s: float) -> Remark | None:
        minutes = round(left_s / 60) if left_s < 600 else round(left_s / 600) * 10
        message = translate(
            "app",
            "There is room for about {minutes} more minutes of recording: free some space on "
            "the disk of {folder}.",
        ).format(minutes=minutes, folder=self._folder)
        former, self._told = self._told, message if left_s < WARN_BELOW_S else ""
        return Remark(Subject.DISK, self._told) if self._told != former else None

    def _free(self) -> int | None:
        """Bytes; None where the system does not say."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            return shutil.disk_usage(self._folder).free
        except OSError:
            return None


def _megabytes(size: int) -> str:
    return f"{size / 1e6:.0f} MB"
