"""Who works on which file, so that runs at the same time never do one twice.

A claim is a file that only one can create. It belongs to a run, and a run is alive while it writes
its heartbeat. The claim of a dead run is taken over by creating the next one: again only one can.
Ages are differences of times that the storage wrote, so no clocks have to agree.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime

from engine.archive.folder import Folder

HOME = ".archive"
LEASE_S = 60.0
"""So long after its last heartbeat a run is taken for dead."""

BEAT_S = LEASE_S / 6


class Claims:
    """The claims of one run on the files of an archive.

    Args:
        folder: where results are written.
        run: a name that no other run has.
        clock: seconds, to know when the next heartbeat is due.
    """

    def __init__(
        self, folder: Folder, run: str, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._folder, self._run, self._clock = folder, run, clock
        self._numbers: dict[str, int] = {}
        self._due = 0.0
        self.beat()
        self.began = self._now()

    def beat(self) -> None:
        """Say that this run is alive, if it is time to."""
        if self._clock() >= self._due:
            self._folder.write(_life(self._run), b"", f"{HOME}/drafts/{self._run}/life")
            self._due = self._clock() + BEAT_S

    def take(self, name: str) -> bool:
        """Whether the file is this run's to do, from now on."""
        before = max(self._made(name), default=0)
        if before and self._alive(f"{_place(name)}/{before}"):
            return False
        if not self._folder.create(f"{_place(name)}/{before + 1}", self._run.encode()):
            return False
        self._numbers[name] = before + 1
        return True

    def release(self, name: str) -> None:
        """The file is done with; the result or the failure must be written by now."""
        last = self._numbers.pop(name)
        for number in sorted(n for n in self._made(name) if n <= last):
            self._folder.remove(f"{_place(name)}/{number}")

    def close(self) -> None:
        """The run is over: what it has not released anybody may take."""
        self._folder.remove(_life(self._run))

    def _made(self, name: str) -> list[int]:
        return [int(made.rpartition("/")[2]) for made in self._folder.sizes(_place(name))]

    def _alive(self, claim: str) -> bool:
        owner = self._folder.read(claim)
        # A claim is empty for the moment between its creation and the writing of its owner.
        beat = self._folder.written_at(_life(owner.decode()) if owner else claim)
        return beat is not None and (self._now() - beat).total_seconds() < LEASE_S

    def _now(self) -> datetime:
        """The time by the storage's clock."""
        self._folder.write(_life(self._run), b"", f"{HOME}/drafts/{self._run}/life")
        now = self._folder.written_at(_life(self._run))
        assert now is not None
        return now


def _life(run: str) -> str:
    return f"{HOME}/runs/{run}"


def _place(name: str) -> str:
    return f"{HOME}/claims/{name}"
