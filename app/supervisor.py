"""Keeps an engine following a recording, whatever happens to the engine."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.engine_run import Ended, EngineFactory, EngineRun, Said, joinable
from app.merger import Merger
from app.paths import quoted
from app.reunion import Reunion
from app.tape import Tape
from app.words import translate
from engine.events import EngineState, EngineStatus, Event


@dataclass(frozen=True, slots=True)
class Patience:
    """How long an engine may take, and how often it may fail.

    Attributes:
        hang_s: without progress while audio is waiting.
        load_s: until a session is made.
        restarts: new sessions in one meeting.
        tick_s: how often to look.
    """

    hang_s: float = 20.0
    load_s: float = 180.0
    restarts: int = 3
    tick_s: float = 0.1


class Supervisor:
    """Runs the engine, again if need be, and hands all events to one listener in one thread.

    A meeting of two sources has two sessions. When one fails both begin anew, so that the listener
    sees one whole account at a time; what an abandoned run still says is dropped.
    """

    def __init__(
        self,
        tapes: Sequence[Tape],
        engine: EngineFactory | None,
        on_event: Callable[[Event], None],
        on_tick: Callable[[], None],
        patience: Patience,
        recording: Path,
    ) -> None:
        """Prepare; :meth:`start` begins.

        Args:
            tapes: what is being recorded.
            engine: makes a session; None: the meeting is only recorded.
            on_event: takes every event.
            on_tick: is called several times a second, in the same thread.
            patience: when to give up.
            recording: what to name when the text stays incomplete.
        """
        self._tapes = tapes
        self._engine = engine
        self._on_event = on_event
        self._on_tick = on_tick
        self._patience = patience
        self._recording = recording
        self._inbox: queue.Queue[Event | Said | Ended] = queue.Queue()
        self._runs: dict[EngineRun, int] = {}
        self._merger = Merger(len(tapes), shared=joinable(engine) is not None)
        self._reunion = Reunion()
        self._restarts = 0
        self._finishing: EngineState | None = None
        self._outcome = ""
        self._thread = threading.Thread(target=self._supervise, name="crosstalk-meeting")
        self._thread.daemon = True  # what is on disk is safe; leaving must not wait for an engine

    def start(self) -> None:
        """Start the engine and the thread that watches it."""
        self._thread.start()

    def post(self, event: Event) -> None:
        """Pass on an event from outside, in order; FINISHING asks to come to an end."""
        self._inbox.put(event)

    def wait(self, timeout_s: float | None) -> bool:
        """Wait for the end; False if it takes longer."""
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _supervise(self) -> None:
        if self._engine is None:
            self._on_event(EngineState(EngineStatus.OFF))
        else:
            self._on_event(EngineState(EngineStatus.LOADING))
            self._launch(self._engine)
        try:
            while not self._over():
                self._handle_next()
                self._on_tick()
                self._watch()
        finally:
            self._abandon()
        self._on_event(EngineState(EngineStatus.DONE, self._outcome))

    def _over(self) -> bool:
        return self._finishing is not None and not self._runs

    def _launch(self, engine: EngineFactory) -> None:
        self._merger.begin()
        self._reunion.begin()
        count = len(self._tapes)
        group = joinable(engine) if count > 1 else None
        makers = group.together(count) if group else [engine] * count
        runs = [EngineRun(t, m, self._inbox.put) for t, m in zip(self._tapes, makers, strict=True)]
        self._runs = {run: index for index, run in enumerate(runs)}
        for run in runs:
            run.start()

    def _abandon(self) -> None:
        for run in self._runs:
            run.abandon()
        self._runs = {}

    def _handle_next(self) -> None:
        try:
            message = self._inbox.get(timeout=self._patience.tick_s)
        except queue.Empty:
            return
        if isinstance(message, Said):
            self._pass_on(message)
        elif isinstance(message, Ended):
            self._conclude(message)
        else:
            self._on_event(message)
            if isinstance(message, EngineState):
                self._finishing = message

    def _pass_on(self, said: Said) -> None:
        superseded = self._finishing is not None and isinstance(said.event, EngineState)
        if said.run not in self._runs or superseded:
            return
        if (event := self._merger.merged(self._runs[said.run], said.event)) is not None:
            for each in self._reunion.told(event):
                self._on_event(each)

    def _conclude(self, ended: Ended) -> None:
        if ended.run not in self._runs:
            return
        if ended.reason is None:
            del self._runs[ended.run]
        elif ended.hopeless:
            self._give_up(ended.reason)
        else:
            self._restart(ended.reason)

    def _watch(self) -> None:
        for run in self._runs:
            limit = self._patience.hang_s if run.loaded else self._patience.load_s
            if run.busy_s > limit:
                self._restart(translate("app", "The speech engine stopped answering."))
                return

    def _restart(self, reason: str) -> None:
        if self._restarts == self._patience.restarts or self._engine is None:
            self._give_up(reason)
            return
        self._abandon()
        self._restarts += 1
        message = translate(
            "app", "{reason} Nothing is lost: the text is written again from the recording."
        ).format(reason=reason)
        self._on_event(EngineState(EngineStatus.RESTARTING, message))
        if self._finishing:
            self._on_event(self._finishing)
        self._launch(self._engine)

    def _give_up(self, reason: str) -> None:
        self._abandon()
        self._outcome = translate(
            "app",
            "{reason} The sound is recorded, the text is not complete. Later, make it with "
            "Meeting > Transcribe again… in the window, or with: crosstalk transcribe "
            "{recording}",
        ).format(reason=reason, recording=quoted(self._recording))
        self._on_event(EngineState(EngineStatus.FAILED, self._outcome))
