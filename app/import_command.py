"""Files into the library on the command line: brought in, transcribed, each told when done."""

from __future__ import annotations

import queue
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.progress import Progress as Bars
from rich.progress import TaskID

from app.errors import AppError
from app.jobs.engines import EngineChoice
from app.jobs.job import Job, JobState, Progress
from app.jobs.media import media_files
from app.jobs.worker import Worker
from app.rescue import open_telling
from app.terminal import complain, say

LOOK_S = 0.2


class NothingToImport(AppError):  # noqa: N818 - reads better where it is caught
    """No file was named, and no folder with one in it."""


def import_files(
    library_path: Path, paths: Sequence[Path], model: str | None, engine: EngineChoice
) -> bool:
    """Bring files, and those in folders, into the library; whether all of them are there whole.

    Each that is done is printed with the number of its meeting. Ctrl-C leaves the rest in the queue
    of the library.

    Raises:
        NothingToImport: there is no file.
        StoreError: the library cannot be used.
    """
    files = media_files(paths)
    if not files:
        raise NothingToImport("There is no audio or video in these folders: name the files.")
    with open_telling(library_path) as library:
        jobs = library.jobs.add_files(files, model)
        try:
            _work(library_path, jobs, engine)
        except KeyboardInterrupt:
            say("Stopped. What is not done waits: the window goes on with it when it opens.")
            raise
        finally:
            ended = [job for each in jobs if (job := library.jobs.one(each.id))]
            for job in ended:
                if not job.state.open:
                    library.jobs.remove(job.id)
    return all([_told(job) for job in ended])


def _work(library_path: Path, jobs: Sequence[Job], engine: EngineChoice) -> None:
    said: queue.Queue[object] = queue.Queue()
    worker = Worker(library_path, engine, said.put, only=[job.id for job in jobs])
    console = Console(stderr=True)
    with Bars(console=console, transient=True, disable=not console.is_terminal) as bars:
        tasks = {job.id: bars.add_task(escape(job.title), total=None) for job in jobs}
        worker.wake()
        try:
            while worker.working or not said.empty():
                _follow(said, bars, tasks)
        finally:
            worker.stop()
            worker.wait()


def _follow(said: queue.Queue[object], bars: Bars, tasks: dict[int, TaskID]) -> None:
    try:
        message = said.get(timeout=LOOK_S)
    except queue.Empty:
        return
    if isinstance(message, AppError):
        raise message
    if isinstance(message, Progress):
        task = tasks[message.job_id]
        bars.update(task, completed=message.done_s, total=message.length_s)


def _told(job: Job) -> bool:
    """Say how it went; whether nothing is missing."""
    if job.message:
        complain(job.message)
    if job.state is JobState.DONE:
        print(f"{job.meeting_id}\t{job.title}", flush=True)
    return job.state is JobState.DONE and not job.message
