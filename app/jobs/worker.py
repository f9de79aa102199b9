"""Does the jobs of the library one after the other, in a thread of its own."""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Callable, Collection
from pathlib import Path

from filelock import FileLock, Timeout

from app.engine_run import describe
from app.errors import AppError
from app.jobs.bring_in import bring_in, free_name, written_at
from app.jobs.engines import EngineChoice
from app.jobs.hearing import hear
from app.jobs.job import Changed, Job, Progress
from app.jobs.meter import Cancelled, Meter, Orders, Stopped
from app.jobs.settling import settle
from app.store import Library
from engine.errors import EngineError

LOCK_NAME = "jobs.lock"
LOCK_LOOK_S = 0.5
"""How often to look whether another program has come to the end of its job."""
PART = ".import-{}.part"

Listener = Callable[[Changed | Progress | AppError], None]

logger = logging.getLogger(__name__)


class Worker:
    """Works while there is something to do; at most one in all processes works at a time.

    All methods may be called from any thread.
    """

    def __init__(
        self,
        library_path: Path,
        engine: EngineChoice,
        on_change: Listener,
        only: Collection[int] | None = None,
    ) -> None:
        """Prepare; :meth:`wake` begins.

        Args:
            library_path: the library; recordings lie in ``recordings`` beside it.
            engine: makes engines; may raise EngineError.
            on_change: takes what happens, in the thread that works; an error ends the work.
            only: the jobs to do; None for all.
        """
        self._path = library_path
        self._engine = engine
        self._tell = on_change
        self._only = only
        self._orders = Orders()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None

    @property
    def working(self) -> bool:
        """Whether the thread runs."""
        return self._thread is not None and self._thread.is_alive()

    def wake(self) -> None:
        """There may be something to do."""
        with self._starting:
            if self._orders.stopping:
                return
            former = self._thread
            self._thread = threading.Thread(
                target=self._run, args=(former,), name="crosstalk-jobs", daemon=True
            )
            self._thread.start()

    def hold(self, held: bool) -> None:
        """Let the job at hand wait, and those after it, or go on."""
        self._orders.hold(held)

    def cancel(self, job_id: int) -> None:
        """Leave a job at once, should it run here; that it is cancelled stands in the library."""
        self._orders.cancel(job_id)

    def allow(self, job_id: int) -> None:
        """Forget that a job was cancelled."""
        self._orders.allow(job_id)

    def stop(self) -> None:
        """Come to an end; what is not done goes on the next time."""
        self._orders.stop()

    def wait(self, timeout_s: float | None = None) -> bool:
        """Wait until nothing is left to do; False if it takes longer."""
        thread = self._thread
        if thread is not None:
            thread.join(timeout_s)
        return not self.working

    def _run(self, former: threading.Thread | None) -> None:
        if former is not None:
            former.join()  # it may have seen the end of the list a moment ago
        try:
            with Library(self._path) as library:
                while not self._orders.stopping and self._do_next(library):
                    pass
        except AppError as error:
            logger.info("the jobs cannot go on", exc_info=True)
            self._tell(error)

    def _do_next(self, library: Library) -> bool:
        """Do one job; whether there was one."""
        lock = FileLock(self._path.parent / LOCK_NAME, thread_local=False)
        while not self._orders.stopping:
            try:
                with lock.acquire(timeout=0):
                    library.jobs.reclaim()
                    self._tidy(library)
                    job = library.jobs.next(self._only)
                    if job is not None:
                        self._do(library, job)
                    return job is not None
            except Timeout:
                self._orders.wait(LOCK_LOOK_S)
        return False

    def _do(self, library: Library, job: Job) -> None:
        self._tell(Changed(job.id))
        try:
            self._work(library, job)
        except Stopped:
            library.jobs.put_back(job.id)
        except Cancelled:
            library.jobs.leave(job.id)
        except (AppError, EngineError) as error:
            library.jobs.fail(job.id, str(error))
        except Exception as error:  # the next one must have its turn
            logger.info("a job failed", exc_info=True)
            library.jobs.fail(job.id, describe(error))
        self._tell(Changed(job.id))

    def _work(self, library: Library, job: Job) -> None:
        meter = Meter(job, library, self._orders, self._tell)
        meter.check()
        meeting_id = job.meeting_id or self._bring_in(library, job, meter)
        engine = self._engine(job.model)
        heard = hear(library, meeting_id, engine, meter)
        self._orders.check(job.id)
        if not settle(library, job.id, meeting_id, heard):
            raise Cancelled

    def _bring_in(self, library: Library, job: Job, meter: Meter) -> int:
        assert job.source is not None
        part = self._part(job.id)
        brought = bring_in(job.source, part, meter.copied)
        recording = free_name(part.parent, job.source)
        number = library.jobs.arrive(
            job.id, recording, written_at(job.source), brought.duration_s, brought.damage
        )
        if number is None:
            part.unlink()
            raise Cancelled
        part.rename(recording)
        self._tell(Changed(job.id))
        return number

    def _part(self, job_id: int) -> Path:
        return self._path.parent / "recordings" / PART.format(job_id)

    def _tidy(self, library: Library) -> None:
        """Give what was brought in its name, where that was cut off; remove what was not."""
        for part in self._part(0).parent.glob(PART.format("*")):
            number = re.findall(r"\d+", part.name)
            job = library.jobs.one(int(number[0])) if number else None
            home = library.meeting(job.meeting_id).recording if job and job.meeting_id else None
            if home is not None and not home.exists():
                part.rename(home)
            else:
                part.unlink(missing_ok=True)
