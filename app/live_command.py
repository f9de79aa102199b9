"""A meeting under way on the command line: shown while it runs, stopped by Ctrl-C."""

from __future__ import annotations

import queue
import signal
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import Protocol

import typer

from app.audio.file_source import FileSource
from app.errors import AppError
from app.exports.text import clock
from app.live_view import LiveView
from app.meeting import MeetingRun
from app.paths import quoted
from app.session import EngineFactory, LiveMeeting
from app.terminal import PROBLEM, complain, say
from app.transcription import Heard
from engine.errors import EngineError
from engine.events import EngineState, EngineStatus, Event

TICK_S = 0.1
PATIENCE_S = 30.0
INTERRUPTED = 130
"""Exit code after a second Ctrl-C."""

STOPPING = ("SIGINT", "SIGTERM", "SIGHUP")


class Running(Protocol):
    """What is being followed: a live meeting, with or without a library."""

    @property
    def elapsed(self) -> float:
        """Seconds recorded."""

    @property
    def error(self) -> AppError | EngineError | None:
        """Why recording ended by itself, if it did."""

    def stop(self) -> None:
        """End the recording; the engine finishes by itself."""


def follow(
    meeting: Running,
    events: queue.Queue[Event],
    view: LiveView,
    stopping: threading.Event,
    duration_s: float | None = None,
) -> None:
    """Show what happens until all is said; ``stopping`` or ``duration_s`` end the recording."""
    while True:
        for event in _arrived(events):
            view.show(event)
            if isinstance(event, EngineState) and event.status is EngineStatus.DONE:
                return
        if duration_s is not None and meeting.elapsed >= duration_s:
            stopping.set()
        if stopping.is_set():
            meeting.stop()
        view.status(_status(meeting, stopping.is_set()))


def transcribe_live(path: Path, engine: EngineFactory, view: LiveView) -> Heard:
    """Hear a file at the pace of a microphone, as a meeting that nobody keeps.

    Raises:
        EngineError, AppError: nothing could be heard.
    """
    source = FileSource(path)
    engine()  # a model that cannot be used is found out before the file plays
    events: queue.Queue[Event] = queue.Queue()
    with tempfile.TemporaryDirectory(prefix="crosstalk-") as folder, stop_signals() as stopping:
        copy = Path(folder) / path.name
        meeting = LiveMeeting(source, copy, engine, lambda e: events.put(_about(e, copy, path)))
        meeting.start()
        try:
            follow(meeting, events, view, stopping)
        finally:
            meeting.stop()
    return Heard(view.transcript, complete=not view.problems)


@contextmanager
def saving(run: MeetingRun) -> Iterator[None]:
    """However following a recording ends, stop it and say where it is."""
    try:
        yield
    except KeyboardInterrupt:  # the second Ctrl-C
        complain(
            "The text is not complete. The sound is saved; later: crosstalk transcribe "
            f"{quoted(run.recording)}"
        )
        raise typer.Exit(INTERRUPTED) from None
    except OSError:  # nobody reads the output any more
        run.stop()
        run.wait(PATIENCE_S)
        raise
    finally:
        run.stop()


def sum_up(run: MeetingRun, view: LiveView) -> None:
    """Say what was saved; exits with :data:`PROBLEM` if anything is missing."""
    if run.loss:
        complain(run.loss)
    else:
        turns = sum(1 for turn in run.snapshot() if turn.words)
        say(
            f"Saved as meeting {run.meeting_id}: {clock(run.elapsed)}, {turns} turns. "
            f"To read it: crosstalk export {run.meeting_id}"
        )
    if run.loss or view.problems:
        raise typer.Exit(PROBLEM)


@contextmanager
def stop_signals() -> Iterator[threading.Event]:
    """An event that Ctrl-C sets instead of interrupting; the second time it interrupts."""
    stopping = threading.Event()

    def handle(number: int, frame: FrameType | None) -> None:
        if stopping.is_set():
            raise KeyboardInterrupt
        stopping.set()

    numbers = [getattr(signal, name) for name in STOPPING if hasattr(signal, name)]
    before = {number: signal.signal(number, handle) for number in numbers}
    try:
        yield stopping
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _arrived(events: queue.Queue[Event]) -> Iterator[Event]:
    """All events that are there; waits a moment for the first."""
    try:
        yield events.get(timeout=TICK_S)
        while True:
            yield events.get_nowait()
    except queue.Empty:
        return


def _about(event: Event, copy: Path, original: Path) -> Event:
    """An event whose message speaks of the file that stays, not of the copy being recorded."""
    if not isinstance(event, EngineState):
        return event
    return replace(event, message=event.message.replace(str(copy), str(original)))


def _status(meeting: Running, stopping: bool) -> str:
    return f"{'finishing' if stopping else 'listening'} {clock(meeting.elapsed)} (Ctrl-C stops)"
