"""What there is to transcribe, and how far it has come, as values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class JobState(StrEnum):
    """Where a job stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def open(self) -> bool:
        """Whether there is still something to do."""
        return self in (JobState.WAITING, JobState.RUNNING)


@dataclass(frozen=True, slots=True)
class Job:
    """A file to bring in and transcribe, or a meeting to transcribe.

    Attributes:
        source: the file; None where the sound is in the library from the beginning.
        meeting_id: the meeting, once its sound is in the library.
        model: name of the model; None for that of the settings.
        heard_s: how much of ``length_s`` was heard when that was last written down.
        message: why it failed, or what is missing of a damaged file.
    """

    id: int
    title: str
    source: Path | None
    meeting_id: int | None
    model: str | None
    state: JobState
    heard_s: float = 0.0
    length_s: float | None = None
    message: str = ""


class Step(StrEnum):
    """What a running job is about."""

    COPYING = "copying"  # bringing the sound into the library
    HEARING = "hearing"
    PAUSED = "paused"  # a meeting is being recorded


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a running job is.

    Attributes:
        done_s: of ``length_s``, which is None where the file does not tell.
        speed: seconds of sound in a second; 0 while that is not known yet.
    """

    job_id: int
    step: Step
    done_s: float
    length_s: float | None
    speed: float = 0.0

    @property
    def left_s(self) -> float | None:
        """Seconds until it is done, about; None while that cannot be said."""
        if self.length_s is None or self.speed <= 0 or self.step is not Step.HEARING:
            return None
        return max(0.0, self.length_s - self.done_s) / self.speed


@dataclass(frozen=True, slots=True)
class Changed:
    """The list of jobs is another one; ``job_id`` is the one that has begun or ended."""

    job_id: int | None = None
