"""Watches a running job: how far it is, whether it shall go on, whether it has to wait."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from app.jobs.job import Job, Progress, Step
from app.store import Library

SAVED_EVERY_S = 1.0
TOLD_EVERY_S = 0.2
LOOKED_EVERY_S = 3.0
"""How often it is looked whether another program records a meeting."""
WARM_UP_S = 1.0
"""A speed is not told before."""


class Cancelled(Exception):  # noqa: N818
    """Nobody wants this job any more."""


class Stopped(Exception):  # noqa: N818
    """The program ends; the job goes on the next time."""


class Orders:
    """What other threads want of the one that works; also wakes it while it waits."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._cancelled: set[int] = set()
        self.stopping = False
        self.held = False

    def stop(self) -> None:
        """Come to an end at once."""
        with self._changed:
            self.stopping = True
            self._changed.notify_all()

    def hold(self, held: bool) -> None:
        """Wait, or go on."""
        with self._changed:
            self.held = held
            self._changed.notify_all()

    def cancel(self, job_id: int) -> None:
        """Leave this job, should it be the one that runs."""
        with self._changed:
            self._cancelled.add(job_id)
            self._changed.notify_all()

    def allow(self, job_id: int) -> None:
        """This job may run."""
        with self._changed:
            self._cancelled.discard(job_id)

    def check(self, job_id: int) -> None:
        """Raise :class:`Stopped` or :class:`Cancelled` if the job shall not go on."""
        if self.stopping:
            raise Stopped
        if job_id in self._cancelled:
            raise Cancelled

    def wait(self, seconds: float) -> None:
        """Wait until something else is wanted, but not longer."""
        with self._changed:
            if not self.stopping:
                self._changed.wait(seconds)


class Meter:
    """Is told after every block of a job, in the thread that works."""

    def __init__(
        self, job: Job, library: Library, orders: Orders, tell: Callable[[Progress], None]
    ) -> None:
        self._job_id = job.id
        self._library = library
        self._orders = orders
        self._tell = tell
        self._looked_at = self._saved_at = self._told_at = float("-inf")
        self._step = Step.COPYING
        self._began_at: float | None = None

    def copied(self, done_s: float, length_s: float | None) -> None:
        """So much of a file is in the library."""
        self._follow(Step.COPYING, done_s, length_s)

    def heard(self, done_s: float, length_s: float | None) -> None:
        """The engine has heard so much."""
        self._follow(Step.HEARING, done_s, length_s)

    def check(self) -> None:
        """Raise if the job shall not go on; wait while a meeting is being recorded."""
        self._orders.check(self._job_id)
        if self._must_wait():
            self._wait(0.0, None)

    def _follow(self, step: Step, done_s: float, length_s: float | None) -> None:
        self._orders.check(self._job_id)
        if self._must_wait():
            self._wait(done_s, length_s)
        if step is not self._step or self._began_at is None:
            self._step, self._began_at = step, time.monotonic()
            self._told_at = float("-inf")
        self._save(done_s, length_s)
        self._say(step, done_s, length_s)

    def _wait(self, done_s: float, length_s: float | None) -> None:
        began = time.monotonic()
        self._tell(Progress(self._job_id, Step.PAUSED, done_s, length_s))
        while self._must_wait():
            self._orders.wait(LOOKED_EVERY_S)
            self._orders.check(self._job_id)
            if not self._orders.held:
                Library(self._library.path).close()  # finds recordings that a crash cut off
        if self._began_at is not None:
            self._began_at += time.monotonic() - began
        self._told_at = float("-inf")

    def _must_wait(self) -> bool:
        if self._orders.held:
            self._looked_at = float("-inf")
            return True
        if time.monotonic() - self._looked_at < LOOKED_EVERY_S:
            return False
        if self._library.jobs.recording_now():
            return True
        self._looked_at = time.monotonic()
        return False

    def _save(self, done_s: float, length_s: float | None) -> None:
        if time.monotonic() - self._saved_at < SAVED_EVERY_S:
            return
        self._saved_at = time.monotonic()
        if not self._library.jobs.progress(self._job_id, done_s, length_s):
            raise Cancelled

    def _say(self, step: Step, done_s: float, length_s: float | None) -> None:
        now = time.monotonic()
        if now - self._told_at < TOLD_EVERY_S or self._began_at is None:
            return
        self._told_at = now
        taken = now - self._began_at
        speed = done_s / taken if taken >= WARM_UP_S else 0.0
        self._tell(Progress(self._job_id, step, done_s, length_s, speed))
