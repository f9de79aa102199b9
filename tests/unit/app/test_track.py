"""A device may go and come, the meeting goes on: in the next file, at its true place."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

import app.track
from app.audio.inputs import Input
from app.audio.source import AudioSource
from app.errors import DeviceFailed, DeviceNotFound, RecordingError
from app.recorder import Recorder
from app.session import LiveMeeting
from app.silence import ZEROS_S
from app.sound import MeetingSound, Segment, Source
from engine.events import (
    EngineState,
    EngineStatus,
    Event,
    Gap,
    GapReason,
    Remark,
    Subject,
    TurnStarted,
)
from tests.unit.app.test_session import (
    IN_TIME,
    QUICK,
    TURN,
    Listener,
    PushSource,
    ScriptedEngine,
    noise,
    recorded,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "recordings" / "meeting.wav"


@pytest.fixture
def listener() -> Listener:
    return Listener()


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app.track, "LOOK_S", 0.01)
    monkeypatch.setattr(app.track, "RETRY_S", 0.05)


class Devices:
    """Sources to come, one for each time that somebody opens; an error is raised instead."""

    def __init__(self, *following: PushSource | Exception) -> None:
        self.following = list(following)
        self.tried = 0

    def __call__(self) -> AudioSource:
        self.tried += 1
        if not self.following:
            raise DeviceNotFound("No microphone was found.")
        found = self.following.pop(0)
        if isinstance(found, Exception):
            raise found
        return found


class Held:
    """A live meeting with what it was told."""

    def __init__(self, inputs: list[Input], path: Path, listener: Listener, **more: object) -> None:
        self.segments: list[Segment] = []
        self.engines: list[ScriptedEngine] = []
        engine = more.pop("engine", self._engine)
        self.live = LiveMeeting(
            inputs,
            path,
            engine,  # type: ignore[arg-type]
            listener,
            patience=QUICK,
            on_segment=self.segments.append,
        )
        self.live.start()

    def _engine(self) -> ScriptedEngine:
        self.engines.append(ScriptedEngine())
        return self.engines[-1]

    def end(self) -> None:
        self.live.stop()
        assert self.live.wait(IN_TIME)

    @property
    def heard(self) -> NDArray[np.float32]:
        return np.concatenate(self.engines[-1].heard)


def until(true: Callable[[], object]) -> None:
    deadline = time.monotonic() + IN_TIME
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def lose(source: PushSource) -> None:
    source.failure = DeviceFailed("The microphone is gone.")
    source.exhausted.set()


def gaps(listener: Listener) -> list[Gap]:
    return [event for event in listener.events if isinstance(event, Gap)]


def started(listener: Listener) -> list[TurnStarted]:
    return [event for event in listener.text if isinstance(event, TurnStarted)]


def remarks(listener: Listener, subject: Subject) -> list[str]:
    found = [event for event in listener.events if isinstance(event, Remark)]
    return [remark.message for remark in found if remark.subject is subject]


def from_disk(segments: list[Segment]) -> NDArray[np.float32]:
    with MeetingSound(segments, 16_000) as sound:
        return sound.read(0, sound.frames)


def test_a_device_that_comes_back_goes_on_in_a_new_file(path: Path, listener: Listener) -> None:
    first, second = PushSource(noise(TURN)), PushSource(noise(80), rate=8_000)
    devices = Devices(DeviceFailed("Busy."), ValueError("odd"), second)
    held = Held([Input(first, reopen=devices)], path, listener)
    lose(first)
    listener.wait_for(lambda event: event == Remark(Subject.MICROPHONE))
    second.push(noise(2 * TURN))
    held.end()
    assert first.stopped
    assert devices.tried == 3
    assert held.live.error is None
    beginning, again = held.segments
    assert (beginning.path, beginning.start) == (path, 0)
    assert again.path == path.with_name("meeting-2.wav")
    assert np.array_equal(recorded(path), noise(TURN))
    assert len(recorded(again.path)) == 80 + 2 * TURN
    (gap,) = gaps(listener)
    assert (gap.start, gap.start + gap.length) == (TURN, again.start)
    assert gap.reason is GapReason.DEVICE
    assert again.start > TURN + 16_000 * 0.08  # two attempts failed
    told = remarks(listener, Subject.MICROPHONE)
    assert "The microphone is gone." in told[0]
    assert told[1].startswith("Busy.")
    assert (told[2].startswith("odd"), told[-1]) == (True, "")
    np.testing.assert_allclose(held.heard, from_disk(held.segments), atol=1e-3)
    assert held.live.elapsed == again.start / 16_000 + (80 + 2 * TURN) / 8_000


def test_a_device_that_stays_away_does_not_end_the_meeting(path: Path, listener: Listener) -> None:
    source, devices = PushSource(noise(TURN)), Devices()
    held = Held([Input(source, reopen=devices)], path, listener)
    lose(source)
    until(lambda: devices.tried >= 3)
    assert EngineStatus.FINISHING not in listener.states
    began = time.monotonic()
    held.end()
    assert time.monotonic() - began < 2
    (gap,) = gaps(listener)
    assert gap.start == TURN
    assert gap.length > 0
    assert [p.name for p in path.parent.iterdir()] == ["meeting.wav"]
    assert len([m for m in remarks(listener, Subject.MICROPHONE) if m]) == 2  # not each time anew


def test_a_pause_takes_no_time_of_the_meeting(path: Path, listener: Listener) -> None:
    first, second = PushSource(noise(TURN)), PushSource(noise(TURN + 1))
    held = Held([Input(first, reopen=Devices(second))], path, listener)
    held.live.pause()
    held.live.pause()
    assert first.stopped
    time.sleep(0.1)
    assert held.live.elapsed == TURN / 16_000
    held.live.resume()
    until(lambda: len(held.segments) == 2)
    held.end()
    assert [segment.start for segment in held.segments] == [0, TURN]
    assert gaps(listener) == [Gap(TURN, 0, GapReason.PAUSE)]
    assert len(held.heard) == 2 * TURN + 1
    np.testing.assert_allclose(held.heard, from_disk(held.segments), atol=1e-4)


def test_stopping_while_paused_keeps_everything(path: Path, listener: Listener) -> None:
    held = Held([Input(PushSource(noise(TURN)), reopen=Devices())], path, listener)
    held.live.pause()
    held.end()
    assert listener.events[-1] == EngineState(EngineStatus.DONE)
    assert held.live.elapsed == TURN / 16_000
    assert np.array_equal(recorded(path), noise(TURN))


def test_other_devices_are_taken_when_they_change(path: Path, listener: Listener) -> None:
    first, second = PushSource(noise(TURN)), PushSource(noise(TURN, 2), rate=44_100)
    second.name = "Headset"
    held = Held([Input(first, reopen=Devices(second))], path, listener)
    held.live.renew()
    until(lambda: held.live.device_name == "Headset")
    held.end()
    assert first.stopped
    assert len(held.segments) == 2


def test_a_restarted_engine_hears_all_files_and_the_silence_between(
    path: Path, listener: Listener
) -> None:
    first, second = PushSource(noise(TURN)), PushSource(noise(TURN))
    made: list[ScriptedEngine] = []

    def fail_late(consumed: int) -> None:
        if len(made) == 1 and consumed >= TURN:
            raise MemoryError

    def engine() -> ScriptedEngine:
        made.append(ScriptedEngine(fail_late))
        return made[-1]

    held = Held([Input(first, reopen=Devices(second))], path, listener, engine=engine)
    lose(first)
    until(lambda: len(held.segments) == 2)
    second.push(noise(TURN))
    held.end()
    assert listener.states.count(EngineStatus.RESTARTING) == 1
    heard = np.concatenate(made[-1].heard)
    np.testing.assert_allclose(heard, from_disk(held.segments), atol=1e-4)


def test_a_disk_that_is_full_for_the_next_file_ends_the_meeting_saved(
    path: Path, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = PushSource(noise(TURN))
    held = Held([Input(source, reopen=Devices(PushSource(noise(TURN))))], path, listener)

    def full(self: Recorder, frames: object) -> None:
        raise RecordingError("The disk is full.")

    monkeypatch.setattr(Recorder, "write", full)
    lose(source)
    assert held.live.wait(IN_TIME)
    assert str(held.live.error) == "The disk is full."
    assert np.array_equal(recorded(path), noise(TURN))


def test_nothing_but_zeros_is_told_until_there_is_sound(path: Path, listener: Listener) -> None:
    source = PushSource(noise(TURN))
    held = Held([Input(source)], path, listener)
    zeros = np.zeros((16_000, 1), np.int16)
    for _ in range(round(ZEROS_S) - 1):
        source.push(zeros)
    source.push(noise(10))
    for _ in range(round(ZEROS_S) + 2):
        source.push(zeros)
    source.push(noise(10))
    held.end()
    muted, over = remarks(listener, Subject.SILENCE)
    assert "Is it muted?" in muted
    assert over == ""


# -- two sources --------------------------------------------------------------------------------


def both(
    path: Path, listener: Listener, **more: object
) -> tuple[Held, PushSource, PushSource, Devices]:
    mine, theirs, later = PushSource(noise(TURN)), PushSource(noise(TURN + 7, 2)), Devices()
    inputs = [Input(mine), Input(theirs, Source.SYSTEM, later)]
    return Held(inputs, path, listener, **more), mine, theirs, later


def test_two_sources_have_files_turns_channels_and_people_of_their_own(
    path: Path, listener: Listener
) -> None:
    held, mine, theirs, _ = both(path, listener)
    mine.push(noise(TURN))
    theirs.push(noise(TURN, 2))
    listener.wait_for_status(EngineStatus.RUNNING)
    held.end()
    assert len(held.engines) == 2
    assert [(s.path.name, s.source) for s in held.segments] == [
        ("meeting.wav", Source.MICROPHONE),
        ("meeting-system.wav", Source.SYSTEM),
    ]
    numbers = [event.turn for event in started(listener)]
    assert len(set(numbers)) == len(numbers) >= 4
    people = {(event.channel, event.speaker) for event in started(listener)}
    assert len(people) == 2
    assert {channel for channel, _ in people} == {0, 2}
    assert {speaker for _, speaker in people} == {1, 2}
    assert listener.threads == {"crosstalk-meeting"}
    assert listener.states.count(EngineStatus.RUNNING) == 1
    assert listener.states[-2:] == [EngineStatus.FINISHING, EngineStatus.DONE]


@pytest.mark.parametrize("error", [RuntimeError("boom"), MemoryError()], ids=["raise", "memory"])
def test_when_one_of_two_engines_dies_the_text_of_both_is_whole(
    path: Path, listener: Listener, error: Exception
) -> None:
    made: list[ScriptedEngine] = []

    def fail(consumed: int) -> None:
        if consumed >= TURN and len(made) == 2:
            raise error

    def engine() -> ScriptedEngine:
        made.append(ScriptedEngine(fail if len(made) == 1 else lambda _: None))
        return made[-1]

    held, mine, theirs, _ = both(path, listener, engine=engine)
    for _ in range(4):
        mine.push(noise(TURN))
        theirs.push(noise(TURN, 2))
    held.end()
    assert listener.states.count(EngineStatus.RESTARTING) == 1
    assert len(made) == 4
    assert sorted(engine.consumed for engine in made[2:]) == sorted(
        len(from_disk([segment])) for segment in held.segments
    )
    turns = {event.turn for event in started(listener)}
    assert turns >= set(range(1, 11))


def test_a_hung_engine_of_two_is_abandoned(
    path: Path, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    release, made = threading.Event(), list[ScriptedEngine]()

    def hang(_: int) -> None:
        release.wait(IN_TIME)

    def engine() -> ScriptedEngine:
        made.append(ScriptedEngine(hang if len(made) == 0 else lambda _: None))
        return made[-1]

    monkeypatch.setattr("tests.unit.app.test_track.QUICK", QUICK.__class__(0.3, tick_s=0.01))
    held, *_ = both(path, listener, engine=engine)
    listener.wait_for_status(EngineStatus.RESTARTING)
    held.end()
    release.set()
    assert "stopped answering" in listener.message(EngineStatus.RESTARTING)
    assert len(made) == 4


def test_the_computers_sound_may_go_while_the_microphone_goes_on(
    path: Path, listener: Listener
) -> None:
    held, mine, theirs, later = both(path, listener)
    lose(theirs)
    listener.wait_for(lambda e: isinstance(e, Remark) and e.subject is Subject.SYSTEM)
    mine.push(noise(TURN))
    back = PushSource(noise(TURN, 2))
    later.following.append(back)
    until(lambda: len(held.segments) == 3)
    held.end()
    assert held.segments[-1].path.name == "meeting-system-2.wav"
    assert len(recorded(path)) == 2 * TURN
    assert held.live.error is None


def test_a_second_source_that_refuses_stops_the_first(path: Path, listener: Listener) -> None:
    class Refuses(PushSource):
        def start(self, sink: object) -> None:
            raise DeviceFailed("Nothing to record of this computer.")

    mine = PushSource(noise(TURN))
    inputs = [Input(mine), Input(Refuses(noise(1)), Source.SYSTEM)]
    with pytest.raises(DeviceFailed, match="of this computer"):
        LiveMeeting(inputs, path, ScriptedEngine, listener).start()
    assert mine.stopped
    assert listener.events == []


def test_without_an_engine_a_meeting_is_only_recorded(path: Path, listener: Listener) -> None:
    held = Held([Input(PushSource(noise(TURN)))], path, listener, engine=None)
    held.end()
    assert listener.states == [EngineStatus.OFF, EngineStatus.FINISHING, EngineStatus.DONE]
    events: list[Event] = [e for e in listener.events if not isinstance(e, EngineState)]
    assert events == []
    assert np.array_equal(recorded(path), noise(TURN))
