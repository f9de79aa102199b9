"""One meeting that is being recorded or finished, as the window sees it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum, auto

from app.corrections import Patch
from app.meeting import MeetingRun
from engine.events import Effort, EngineState, EngineStatus, Event, Lag
from ui.models import TurnListModel


class Phase(Enum):
    """What the Record button is about."""

    IDLE = auto()
    STARTING = auto()
    RECORDING = auto()
    PAUSED = auto()
    STOPPING = auto()


@dataclass(eq=False)
class Live:
    """A meeting's run with its turns; lives in the GUI thread."""

    model: TurnListModel = field(default_factory=TurnListModel)
    run: MeetingRun | None = None  # once it has begun
    status: EngineStatus = EngineStatus.LOADING
    behind: int = 0  # samples
    effort: float | None = None  # share of its computation that the engine spends, if it can save
    early: list[Event | Patch] = field(default_factory=list)  # what came before it had begun

    @property
    def meeting_id(self) -> int | None:
        """The meeting in the library, once it has begun."""
        return self.run.meeting_id if self.run else None

    @property
    def done(self) -> bool:
        """Whether everything was said and saved."""
        return self.status is EngineStatus.DONE

    @property
    def elapsed_s(self) -> float:
        """Seconds recorded."""
        return self.run.elapsed if self.run else 0.0

    def follow(self, events: Iterable[Event | Patch]) -> None:
        """Show what happened."""
        events = list(events)
        self.model.apply(events)
        for event in events:
            if isinstance(event, EngineState):
                self.status = event.status
            elif isinstance(event, Lag):
                self.behind = event.behind
            elif isinstance(event, Effort):
                self.effort = event.share


@dataclass(frozen=True, slots=True)
class Began:
    """Message: sound is being written."""

    live: Live
    run: MeetingRun


@dataclass(frozen=True, slots=True)
class Refused:
    """Message: recording could not begin."""

    live: Live
    error: Exception


@dataclass(frozen=True, slots=True)
class Told:
    """Message: something happened in a meeting, or was corrected."""

    live: Live
    event: Event | Patch


@dataclass(frozen=True, slots=True)
class Heard:
    """Message: how loud it is, in dB relative to full scale."""

    live: Live
    peak_dbfs: float
    rms_dbfs: float
