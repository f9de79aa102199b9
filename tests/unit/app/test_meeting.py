"""A meeting from the source to the library, with a scripted engine."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from app.audio.file_source import FileSource
from app.corrections import Patch, RenameSpeaker
from app.errors import DeviceFailed
from app.meeting import MeetingRun
from app.paths import library_path, recordings_dir
from app.session import EngineFactory
from app.store import Library, MeetingState, StoreError
from engine.audio import read_info
from engine.errors import ModelError
from engine.events import (
    EngineState,
    EngineStatus,
    Event,
    TurnEnded,
    TurnEvent,
    TurnStarted,
)
from tests.scripted_engine import ScriptedEngine, spoken

RATE = 8_000
SCRIPT: list[TurnEvent] = [
    *spoken(1, 0.1, 0.8, "yes we can"),
    *spoken(2, 0.5, 1.5, "no", speaker=2, channel=1),
    *spoken(3, 1.6, 9.0, "the end"),
]


@pytest.fixture
def talk(tmp_path: Path) -> Path:
    noise = np.random.default_rng(1).normal(0, 0.1, 2 * RATE)
    path = tmp_path / "talk.wav"
    soundfile.write(path, noise, RATE)
    return path


def run_of(
    talk: Path,
    engine: EngineFactory = lambda: ScriptedEngine(SCRIPT),
    on_change: Callable[[Event], None] = lambda event: None,
    pace: float | None = None,
) -> MeetingRun:
    return MeetingRun(library_path(), FileSource(talk, pace), "Plans", engine, on_change)


def whole(run: MeetingRun) -> None:
    run.start()
    assert run.wait(20)


def test_a_meeting_ends_up_in_the_library(talk: Path) -> None:
    events: list[Event] = []
    run = run_of(talk, on_change=events.append)
    whole(run)
    with Library(library_path()) as library:
        meeting = library.meeting(run.meeting_id)
        saved = library.load(run.meeting_id)
    assert (meeting.title, meeting.state) == ("Plans", MeetingState.FINISHED)
    assert meeting.duration_s == run.elapsed == 2.0
    assert [turn.text for turn in saved.ordered()] == ["yes we can", "no", "the end"]
    assert saved.ordered() == run.snapshot()
    assert events[-1] == EngineState(EngineStatus.DONE)
    assert meeting.recording == run.recording
    assert run.recording.parent == recordings_dir()
    assert read_info(run.recording).frames == 2 * RATE
    assert run.problem is None
    assert run.error is None
    assert run.device_name == "talk.wav"


def test_a_turn_is_in_the_library_before_it_is_announced(talk: Path) -> None:
    found: list[bool] = []

    def look(event: Event) -> None:
        if isinstance(event, TurnEnded):
            with Library(library_path()) as library:
                found.append(event.turn in library.load(run.meeting_id).turns)
        if isinstance(event, EngineState) and event.status is EngineStatus.DONE:
            with Library(library_path()) as library:
                found.append(library.meeting(run.meeting_id).state is MeetingState.FINISHED)

    run = run_of(talk, on_change=look)
    whole(run)
    assert found == [True] * 4


def test_a_snapshot_is_a_copy(talk: Path) -> None:
    run = run_of(talk)
    whole(run)
    run.snapshot()[0].speaker = 99
    run.speakers().clear()
    assert run.snapshot()[0].speaker == 1
    assert list(run.speakers()) == [1, 2]


def test_a_name_given_during_the_meeting_is_kept(talk: Path) -> None:
    def rename(event: Event) -> None:
        if isinstance(event, TurnStarted) and event.speaker == 2:
            edit = RenameSpeaker(2, "Ada")
            run.correct(lambda log, document: log.make(run.meeting_id, edit, document), told.append)

    told: list[Patch] = []
    run = run_of(talk, on_change=rename)
    whole(run)
    assert len(told) == 1
    assert run.speakers()[2].name == "Ada"
    with Library(library_path()) as library:
        assert library.load(run.meeting_id).speakers[2].name == "Ada"


def test_an_engine_that_breaks_once_leaves_no_trace(talk: Path) -> None:
    engines = [ScriptedEngine(SCRIPT), ScriptedEngine(SCRIPT, fail_at=20_000)]
    events: list[Event] = []
    run = run_of(talk, engine=lambda: engines.pop(), on_change=events.append)
    whole(run)
    assert EngineStatus.RESTARTING in [e.status for e in events if isinstance(e, EngineState)]
    with Library(library_path()) as library:
        saved = library.load(run.meeting_id).ordered()
    assert [turn.text for turn in saved] == ["yes we can", "no", "the end"]


def test_without_an_engine_the_sound_is_recorded_all_the_same(talk: Path) -> None:
    def broken() -> ScriptedEngine:
        raise ModelError("The model is missing.")

    events: list[Event] = []
    run = run_of(talk, engine=broken, on_change=events.append)
    whole(run)
    failed = [e for e in events if isinstance(e, EngineState) and e.status is EngineStatus.FAILED]
    assert "The model is missing." in failed[0].message
    with Library(library_path()) as library:
        assert library.meeting(run.meeting_id).state is MeetingState.FINISHED
    assert read_info(run.recording).frames == 2 * RATE


def test_a_source_that_does_not_start_leaves_no_meeting(talk: Path) -> None:
    class Dead(FileSource):
        def start(self, sink: object) -> None:
            raise DeviceFailed("The microphone could not be opened.")

    run = MeetingRun(library_path(), Dead(talk), None, lambda: ScriptedEngine([]), lambda e: None)
    with pytest.raises(DeviceFailed):
        run.start()
    with Library(library_path()) as library:
        assert library.meetings() == []
    assert list(recordings_dir().iterdir()) == []
    assert not list(library_path().parent.glob("*.lock"))


def test_a_library_that_cannot_be_used_is_reported_before_recording(talk: Path) -> None:
    library_path().write_bytes(b"no database" * 1_000)
    with pytest.raises(StoreError, match="not a library"):
        run_of(talk).start()
    assert list(recordings_dir().iterdir()) == []


def test_a_library_that_fails_at_the_end_is_no_secret(
    talk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise StoreError("The disk is full.")

    monkeypatch.setattr(Library, "finish_meeting", full)
    run = run_of(talk)
    whole(run)
    assert run.loss is not None
    assert run.loss.startswith("The disk is full.")
    assert run.loss.endswith(f"crosstalk transcribe {run.recording}")
    with Library(library_path()) as library:
        assert library.meeting(run.meeting_id).state is MeetingState.RECOVERED
        assert library.meeting(run.meeting_id).turns == 3


@pytest.mark.expected_log("a listener failed")
def test_a_listener_that_fails_does_not_harm_the_meeting(talk: Path) -> None:
    def fail(event: Event) -> None:
        raise ZeroDivisionError

    run = run_of(talk, on_change=fail)
    whole(run)
    with Library(library_path()) as library:
        assert library.meeting(run.meeting_id).turns == 3


KILLED = """
import sys
from pathlib import Path
from app.audio.file_source import FileSource
from app.corrections import Patch, RenameSpeaker
from app.meeting import MeetingRun
from app.paths import library_path
from engine.events import TurnEnded
from tests.scripted_engine import ScriptedEngine, spoken

def say(event):
    if isinstance(event, TurnEnded):
        print(event.turn, flush=True)

script = [event for n in range(1, 60) for event in spoken(n, n / 10, n / 10 + 0.2, "yes we can")]
source = FileSource(Path(sys.argv[1]), 1.0)
run = MeetingRun(library_path(), source, None, lambda: ScriptedEngine(script), say)
run.start()
run.wait()
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL on this system")
def test_a_killed_meeting_is_recovered_with_its_sound_and_turns(tmp_path: Path) -> None:
    talk = tmp_path / "talk.wav"
    soundfile.write(talk, np.full(20 * RATE, 0.1), RATE)
    command = [sys.executable, "-c", KILLED, str(talk)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[3]
    ) as process:
        assert process.stdout is not None
        said = [int(line) for line, _ in zip(process.stdout, range(5), strict=False)]
        os.kill(process.pid, signal.SIGKILL)
        said += map(int, process.stdout.read().split())
    with Library(library_path()) as library:
        (meeting,) = library.meetings()
        turns = library.load(meeting.id).turns
    assert meeting.state is MeetingState.RECOVERED
    assert set(said) <= set(turns)
    assert meeting.duration_s is not None
    assert meeting.duration_s >= said[-1] / 10
    assert read_info(meeting.recording).duration_s == meeting.duration_s
