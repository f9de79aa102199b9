"""The queue of jobs as the window sees it; the work is done in a thread of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.errors import AppError
from app.jobs.engines import EngineChoice
from app.jobs.job import Changed, Job, JobState, Progress
from app.jobs.media import media_files
from app.jobs.worker import Worker
from app.store import Library
from app.store_jobs import JobTable
from ui.desk import Desk
from ui.notices import failure, warning
from ui.recording import Recording

PATIENCE_S = 2.0
"""How long closing the window waits for the job at hand to be put down."""


@dataclass(frozen=True, slots=True)
class Looked:
    """Message: these are the files in what was dropped."""

    files: list[Path]


@dataclass(frozen=True, slots=True)
class JobsFailed:
    """Message: the jobs cannot go on."""

    problem: str


class JobQueue(QObject):
    """Reads and changes the jobs of the library, and follows the one that runs.

    ``changed`` tells that :attr:`jobs` are others, ``progressed`` carries the number of the job of
    which :attr:`progress` knows more, ``ended`` a job that was done or failed just now.
    """

    changed = Signal()
    progressed = Signal(int)
    ended = Signal(object)
    noticed = Signal(object)

    def __init__(self, desk: Desk, recording: Recording, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.jobs: list[Job] = []
        self.progress: dict[int, Progress] = {}
        self._desk = desk
        self._recording = recording
        self._worker: Worker | None = None
        desk.bridge.delivered.connect(self._take)
        recording.changed.connect(self._give_way)

    def start(self, library_path: Path, engine: EngineChoice) -> None:
        """Go on with what was left the last time; what was done then is forgotten."""
        post = self._desk.bridge.post
        self._worker = Worker(
            library_path,
            engine,
            lambda said: post(JobsFailed(str(said)) if isinstance(said, AppError) else said),
        )
        self._give_way()
        self._change(lambda table: table.clear(), wake=True)

    def stop(self) -> None:
        """Put the job at hand down; it goes on the next time."""
        if self._worker is not None:
            self._worker.stop()
            self._worker.wait(PATIENCE_S)

    def add(self, paths: Sequence[Path]) -> None:
        """Bring in files, and those that are in folders, which are looked for in a thread."""
        self._desk.bridge.run("crosstalk-look", lambda: Looked(media_files(paths)))

    def transcribe(self, meeting_id: int, model: str | None) -> None:
        """Transcribe a meeting, perhaps once more."""
        self._change(lambda table: table.add_meeting(meeting_id, model), wake=True)

    def cancel(self, job_id: int) -> None:
        """Go on with a job no more."""
        self._change(lambda table: table.cancel(job_id))
        if self._worker is not None:
            self._worker.cancel(job_id)

    def retry(self, job_id: int) -> None:
        """Try a job once more."""
        if self._worker is not None:
            self._worker.allow(job_id)
        self._change(lambda table: table.retry(job_id), wake=True)

    def remove(self, job_id: int) -> None:
        """Forget a job that does not run."""
        self._change(lambda table: table.remove(job_id))

    def move(self, job_id: int, steps: int) -> None:
        """Let a waiting job change places with another."""
        self._change(lambda table: table.move(job_id, steps))

    def clear(self) -> None:
        """Forget all jobs that are over."""
        self._change(lambda table: table.clear())

    def busy(self) -> set[int]:
        """The meetings that wait to be transcribed, or are."""
        return {job.meeting_id for job in self.jobs if job.meeting_id and job.state.open}

    def _take(self, messages: list[object]) -> None:
        told = [message for message in messages if isinstance(message, Progress)]
        for progress in told:
            self.progress[progress.job_id] = progress
        for job_id in dict.fromkeys(progress.job_id for progress in told):
            self.progressed.emit(job_id)
        for message in messages:
            match message:
                case Looked():
                    self._add(message.files)
                case JobsFailed():
                    self.noticed.emit(failure("jobs", message.problem))
        if any(isinstance(message, Changed) for message in messages):
            self._read()

    def _add(self, files: list[Path]) -> None:
        if not files:
            nothing = self.tr("There is no audio or video in this folder: choose the files.")
            self.noticed.emit(warning("jobs", nothing))
            return
        self._change(lambda table: table.add_files(files), wake=True)

    def _change(self, change: Callable[[JobTable], object], wake: bool = False) -> None:
        def done(library: Library) -> list[Job]:
            change(library.jobs)
            return library.jobs.all()

        jobs = self._desk.ask("jobs", done, lambda: self._change(change, wake))
        self._show(jobs)
        if jobs is not None:
            self.noticed.emit(failure("jobs", ""))
            if wake:
                self._wake()

    def _wake(self) -> None:
        if self._worker is not None and any(job.state.open for job in self.jobs):
            self._worker.wake()

    def _read(self) -> None:
        self._show(self._desk.ask("jobs", _all_jobs))

    def _show(self, jobs: list[Job] | None) -> None:
        """These are the jobs now; None: nobody knows."""
        if jobs is None:
            return
        former = {job.id: job.state for job in self.jobs}
        self.jobs = jobs
        self.progress = {
            job.id: self.progress[job.id]
            for job in self.jobs
            if job.state is JobState.RUNNING and job.id in self.progress
        }
        self.changed.emit()
        for job in self.jobs:
            over = job.state in (JobState.DONE, JobState.FAILED)
            if over and former.get(job.id, job.state) is not job.state:
                self.ended.emit(job)

    def _give_way(self) -> None:
        if self._worker is not None:
            self._worker.hold(self._recording.busy)


def _all_jobs(library: Library) -> list[Job]:
    return library.jobs.all()
