"""Keeps an engine following a recording, whatever happens to the engine."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass

from app.engine_run import Ended, EngineFactory, EngineRun, Said
from app.paths import quoted
from app.tape import Tape
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

    What an abandoned run still says is dropped, so the listener sees one run at a time.
    """

    def __init__(
        self,
        tape: Tape,
        engine: EngineFactory,
        on_event: Callable[[Event], None],
        on_tick: Callable[[], None],
        patience: Patience,
    ) -> None:
        """Prepare; :meth:`start` begins. ``on_tick`` is called several times a second."""
        self._tape = tape
        self._engine = engine
        self._on_event = on_event
        self._on_tick = on_tick
        self._patience = patience
        self._inbox: queue.Queue[Event | Said | Ended] = queue.Queue()
        self._run: EngineRun | None = None
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
        self._on_event(EngineState(EngineStatus.LOADING))
        self._launch()
        try:
            while not self._over():
                self._handle_next()
                self._on_tick()
                self._watch()
        finally:
            if self._run:
                self._run.abandon()
        self._on_event(EngineState(EngineStatus.DONE, self._outcome))

    def _over(self) -> bool:
        return self._finishing is not None and self._run is None

    def _launch(self) -> None:
        self._run = EngineRun(self._tape, self._engine, self._inbox.put)
        self._run.start()

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
        if said.run is self._run and not superseded:
            self._on_event(said.event)

    def _conclude(self, ended: Ended) -> None:
        if ended.run is not self._run:
            return
        if ended.reason is None:
            self._run = None
        elif ended.hopeless:
            self._give_up(ended.reason)
        else:
            self._restart(ended.reason)

    def _watch(self) -> None:
        run = self._run
        if run is None:
            return
        limit = self._patience.hang_s if run.loaded else self._patience.load_s
        if run.busy_s > limit:
            run.abandon()
            self._restart("The speech engine stopped answering.")

    def _restart(self, reason: str) -> None:
        if self._restarts == self._patience.restarts:
            self._give_up(reason)
            return
        self._restarts += 1
        message = f"{reason} Nothing is lost: the text is written again from the recording."
        self._on_event(EngineState(EngineStatus.RESTARTING, message))
        if self._finishing:
            self._on_event(self._finishing)
        self._launch()

    def _give_up(self, reason: str) -> None:
        self._run = None
        self._outcome = (
            f"{reason} The sound is recorded, the text is not complete. Later, make it with: "
            f"crosstalk transcribe {quoted(self._tape.path)}"
        )
        self._on_event(EngineState(EngineStatus.FAILED, self._outcome))
