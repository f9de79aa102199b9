"""Starts, follows and stops recordings, without ever making the window wait."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.audio.inputs import Input, microphone
from app.audio.sources import AudioSource, FileSource
from app.audio.system_audio import system_audio
from app.corrections import Patch
from app.errors import AppError
from app.meeting import Care, MeetingRun
from app.session import EngineFactory
from engine.errors import EngineError
from engine.events import (
    EngineState,
    EngineStatus,
    Event,
    Gap,
    GapReason,
    Remark,
    Subject,
    TurnEnded,
)
from ui.bridge import Bridge
from ui.live import Began, Heard, Live, Phase, Refused, Told
from ui.notices import Choice, Notice, failure, warning
from ui.text import gap_sentence
from ui.wishes import Wishes


class Recording(QObject):
    """At most one meeting is recorded; earlier ones may still be finishing.

    ``wishes`` are those of the user for the next one; ``prepared`` gives the microphone of a name
    if it is open already.

    ``changed`` tells that phase, status or lag are others; ``began`` and ``done`` carry the
    :class:`Live`; ``level`` peak and RMS in dBFS; ``noticed`` what the user must not miss;
    ``turn_ended`` the :class:`Live` and the engine's number of a turn that is over.
    """

    changed = Signal()
    began = Signal(object)
    done = Signal(object)
    level = Signal(float, float)
    noticed = Signal(object)
    turn_ended = Signal(object, int)

    def __init__(
        self,
        bridge: Bridge,
        library_path: Path,
        engine: Callable[[], EngineFactory],
        parent: QObject | None = None,
    ) -> None:
        """Prepare; ``engine`` gives what makes the engine of the next meeting."""
        super().__init__(parent)
        self.phase = Phase.IDLE
        self.live: Live | None = None
        self.finishing: list[Live] = []
        self.bridge = self._bridge = bridge
        self._library_path = library_path
        self._engine = engine
        self.pre_roll_s = 0.0  # what is kept of the time before, in memory
        self.wishes: Callable[[], Wishes] = Wishes
        self.prepared: Callable[[str | None], AudioSource | None] = lambda _: None
        bridge.delivered.connect(self.take)

    @property
    def busy(self) -> bool:
        """Whether something would be cut off if the program ended now."""
        return self.live is not None or bool(self.finishing)

    def lives(self) -> list[Live]:
        """All meetings that are recorded or finished right now."""
        return [*([self.live] if self.live else []), *self.finishing]

    def record(self, device: str | None) -> None:
        """Record a microphone by name, or the system's default, as the user wishes."""
        if self.phase is not Phase.IDLE:
            return
        wishes, prepared = self.wishes(), self.prepared(device)

        def inputs() -> list[Input]:
            system = [system_audio()] if wishes.system_audio else []  # first: it may refuse
            return [microphone(device, prepared), *system]

        self.begin(inputs, None)

    def play(self, path: Path, title: str) -> None:
        """Record a file as if it were spoken now."""
        self.begin(lambda: FileSource(path), title)

    def begin(self, source: Callable[[], AudioSource | list[Input]], title: str | None) -> None:
        """Record what ``source`` opens, in a thread of its own; nothing while another is going."""
        if self.phase is not Phase.IDLE:
            return
        self.live = Live()
        self._enter(Phase.STARTING)
        live, wishes = self.live, self.wishes()
        engine = self._engine() if wishes.transcribe else None
        self._bridge.run(
            "crosstalk-start", lambda: self._begin(live, source, title, engine, wishes.care)
        )

    def stop(self) -> None:
        """End the recording; what was said last is still written."""
        going = self.phase in (Phase.RECORDING, Phase.PAUSED)
        if going and self.live and self.live.run:
            self._enter(Phase.STOPPING)
            self._bridge.run("crosstalk-stop", self.live.run.stop)

    def toggle_pause(self) -> None:
        """Record nothing for a while, or go on."""
        run = self.live.run if self.live else None
        if run is None or not run.can_pause:
            return
        if self.phase is Phase.RECORDING:
            self._enter(Phase.PAUSED)
            self._bridge.run("crosstalk-pause", run.pause)
        elif self.phase is Phase.PAUSED:
            self._enter(Phase.RECORDING)
            self._bridge.run("crosstalk-pause", run.resume)

    def renew(self) -> None:
        """The microphones are others than before: go on with the right one."""
        if self.phase is Phase.RECORDING and self.live and self.live.run:
            self._bridge.run("crosstalk-renew", self.live.run.renew)

    def take(self, messages: list[object]) -> None:
        """Follow what other threads say, in order."""
        told: dict[Live, list[Event | Patch]] = {}
        heard: list[Heard] = []
        for message in messages:
            match message:
                case Began():
                    self._has_begun(message)
                case Refused():
                    self._was_refused(message)
                case Told():
                    told.setdefault(message.live, []).append(message.event)
                case Heard() if message.live is self.live and self.phase is not Phase.PAUSED:
                    heard.append(message)
        for live, events in told.items():
            self._follow(live, events)
        if heard:
            self.level.emit(max(each.peak_dbfs for each in heard), heard[-1].rms_dbfs)

    def _begin(
        self,
        live: Live,
        source: Callable[[], AudioSource | list[Input]],
        title: str | None,
        engine: EngineFactory | None,
        care: Care,
    ) -> Began | Refused:
        """Opening a device takes its time: this runs in a thread of its own."""
        post = self._bridge.post
        try:
            run = MeetingRun(
                self._library_path,
                source(),
                title,
                engine,
                lambda event: post(Told(live, event)),
                lambda peak, rms: post(Heard(live, peak, rms)),
                care,
            )
            run.start()
        except Exception as error:  # whatever it is, the window must come back from "starting"
            return Refused(live, error)
        return Began(live, run)

    def _enter(self, phase: Phase) -> None:
        self.phase = phase
        self.changed.emit()

    def _has_begun(self, message: Began) -> None:
        message.live.run = message.run
        self._enter(Phase.RECORDING)
        self.began.emit(message.live)
        self._follow(message.live, message.live.early)

    def _was_refused(self, message: Refused) -> None:
        self.live = None
        self._enter(Phase.IDLE)
        if not isinstance(message.error, AppError | EngineError):
            raise message.error
        self.noticed.emit(failure("start", message.error))

    def _follow(self, live: Live, events: list[Event | Patch]) -> None:
        if live.run is None:  # its thread was quicker than the message that it has begun
            live.early += events
            return
        live.follow(events)
        for event in events:
            if not isinstance(event, Patch):
                self._react(live, event)
        self.changed.emit()

    def _stop_or_not(self) -> tuple[Choice, ...]:
        stop = Choice(self.tr("Stop recording"), self.stop)
        return stop, Choice(self.tr("Keep recording"))

    def _react(self, live: Live, event: Event) -> None:
        if isinstance(event, Remark) and live is not self.live:
            return  # it was about a recording that is over
        if (notice := notice_of(event)) is not None:
            asked = isinstance(event, Remark) and event.subject is Subject.QUIET
            self.noticed.emit(replace(notice, choices=self._stop_or_not()) if asked else notice)
        if isinstance(event, TurnEnded) and not event.provisional:
            self.turn_ended.emit(live, event.turn)
        if not isinstance(event, EngineState):
            return
        over = event.status in (EngineStatus.FINISHING, EngineStatus.DONE)
        if over and live is self.live:
            self.live = None
            self.finishing.append(live)
            for subject in Subject:  # nobody has to answer any more, or look at a switch
                self.noticed.emit(warning(subject.value, ""))
            self._enter(Phase.IDLE)
        if event.status is EngineStatus.DONE:
            self.finishing.remove(live)
            if live.run is not None and live.run.loss:
                self.noticed.emit(failure("saving", live.run.loss))
            self.done.emit(live)


def notice_of(event: Event) -> Notice | None:
    """What the user must not miss about an event, if anything."""
    match event:
        case EngineState(EngineStatus.FAILED, message):
            return failure("engine", message)
        case EngineState(EngineStatus.RESTARTING, message):
            return warning("engine", message)
        case EngineState(EngineStatus.RUNNING):
            return warning("engine", "")  # it runs again: nothing to warn of
        case EngineState(EngineStatus.FINISHING, message) if message:
            return failure("recording", message)
        case Gap() if event.reason is not GapReason.PAUSE:
            return warning("gap", gap_sentence(event))
        case Remark(subject, message):
            return warning(subject.value, message)
    return None
