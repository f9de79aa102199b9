"""How a job reads: on the screen and to a screen reader."""

from __future__ import annotations

from app.jobs.job import Job, JobState, Progress, Step
from ui.text import figure, translate


def state_text(job: Job, progress: Progress | None) -> str:
    """Where a job stands, in a few words."""
    match job.state:
        case JobState.WAITING:
            return translate("Jobs", "Waiting")
        case JobState.RUNNING:
            return _running(progress)
        case JobState.DONE if job.message:
            return translate("Jobs", "Done, with parts missing")
        case JobState.DONE:
            return translate("Jobs", "Done")
        case JobState.FAILED:
            return translate("Jobs", "Failed")
    return translate("Jobs", "Cancelled")


def describe(job: Job, progress: Progress | None) -> str:
    """A job in one sentence, for a screen reader."""
    return ": ".join(filter(None, (job.title, state_text(job, progress), job.message)))


def share(progress: Progress | None) -> float:
    """How much of a running job is done, from 0 to 1."""
    if progress is None or not progress.length_s:
        return 0.0
    return min(1.0, progress.done_s / progress.length_s)


def left_text(seconds: float) -> str:
    """How long something still takes, about."""
    if seconds < 10:
        return translate("Jobs", "a few seconds left")
    if seconds < 90:
        return translate("Jobs", "about {count} s left").format(count=10 * round(seconds / 10))
    if seconds < 5400:
        return translate("Jobs", "about {count} min left").format(count=round(seconds / 60))
    hours = round(seconds / 1800) / 2
    return translate("Jobs", "about {count} h left").format(count=figure(hours))


def _running(progress: Progress | None) -> str:
    if progress is None:
        return translate("Jobs", "Starting")
    percent = f"{int(100 * share(progress))} %" if progress.length_s else ""
    match progress.step:
        case Step.PAUSED:
            return translate("Jobs", "Waits for the recording to end")
        case Step.COPYING:
            parts = [translate("Jobs", "Copying"), percent]
        case _:
            left = "" if progress.left_s is None else left_text(progress.left_s)
            parts = [percent, left]
    return " · ".join(filter(None, parts)) or translate("Jobs", "Starting")
