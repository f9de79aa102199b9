"""Whatever an engine does, the recording is whole and the text is made from all of it."""

from __future__ import annotations

import errno
import os
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

import app.take
from app.audio.source import Sink
from app.audio.sources import FileSource
from app.errors import AppError, DeviceFailed, RecordingError
from app.recorder import Recorder
from app.session import LiveMeeting, Patience
from engine.audio import stream_16k
from engine.errors import AudioError, DeviceError, EngineError, ModelError
from engine.events import (
    EngineState,
    EngineStatus,
    Event,
    Gap,
    GapReason,
    Lag,
    TurnEvent,
    TurnStarted,
    Word,
    WordsChanged,
)
from engine.hearing import hear_file

QUICK = Patience(tick_s=0.01)
IMPATIENT = Patience(hang_s=0.5, tick_s=0.01)
TURN = 4_000  # samples per turn of the scripted engine
IN_TIME = 20.0


class ScriptedEngine:
    """Says one word for every quarter of a second: what it heard there, as a number."""

    def __init__(self, before: Callable[[int], None] = lambda _: None) -> None:
        """``before`` is called with the samples consumed so far; it may raise or wait."""
        self._before = before
        self._out: list[TurnEvent] = []
        self._rest = np.zeros(0, np.float32)
        self._turns = 0
        self.heard: list[NDArray[np.float32]] = []

    @property
    def consumed(self) -> int:
        return sum(map(len, self.heard))

    def accept(self, samples: NDArray[np.float32]) -> None:
        self._before(self.consumed)
        self.heard.append(samples.copy())
        self._rest = np.concatenate([self._rest, samples])
        while len(self._rest) >= TURN:
            self._say(self._rest[:TURN])
            self._rest = self._rest[TURN:]

    def finish(self) -> None:
        self._say(self._rest)

    def events(self) -> list[TurnEvent]:
        out, self._out = self._out, []
        return out

    def _say(self, samples: NDArray[np.float32]) -> None:
        start = self._turns * TURN
        self._turns += 1
        end = start + len(samples)
        word = Word(repr(samples.sum(dtype=np.float64)), start, end, confidence=1.0)
        self._out.append(TurnStarted(self._turns, 0, start, 1, end))
        self._out.append(WordsChanged(self._turns, (word,), end))


class PushSource:
    """A source that delivers what the test pushes; ``first`` comes as soon as it is started."""

    name = "Test microphone"

    def __init__(self, first: NDArray[np.int16], rate: int = 16_000) -> None:
        self.rate, self.channels = rate, first.shape[1]
        self.overruns = 0
        self.exhausted = threading.Event()
        self.failure: AppError | EngineError | None = None
        self.stopped = False
        self._first = first

    def start(self, sink: Sink) -> None:
        self.push = sink
        if len(self._first):
            sink(self._first)

    def stop(self) -> None:
        self.stopped = True


class Listener:
    """Keeps events, and waits for them."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.threads: set[str] = set()
        self._changed = threading.Condition()

    def __call__(self, event: Event) -> None:
        with self._changed:
            self.events.append(event)
            self.threads.add(threading.current_thread().name)
            self._changed.notify_all()

    def wait_for(self, wanted: Callable[[Event], bool]) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: any(map(wanted, self.events)), IN_TIME)

    def wait_for_status(self, status: EngineStatus) -> None:
        self.wait_for(lambda event: isinstance(event, EngineState) and event.status is status)

    @property
    def states(self) -> list[EngineStatus]:
        return [event.status for event in self.events if isinstance(event, EngineState)]

    def message(self, status: EngineStatus) -> str:
        """The sentence that came with the last ``status``."""
        return [
            event.message
            for event in self.events
            if isinstance(event, EngineState) and event.status is status
        ][-1]

    @property
    def text(self) -> list[TurnEvent]:
        """What stands in the end: the events since the last restart."""
        restarts = [n for n, e in enumerate(self.events) if restarting(e)]
        since = self.events[restarts[-1] :] if restarts else self.events
        return [event for event in since if isinstance(event, TurnEvent)]


def restarting(event: Event) -> bool:
    return isinstance(event, EngineState) and event.status is EngineStatus.RESTARTING


def noise(frames: int, channels: int = 1) -> NDArray[np.int16]:
    values = np.random.default_rng(frames).integers(-9_000, 9_000, (frames, channels))
    return values.astype(np.int16)


def recorded(path: Path) -> NDArray[np.int16]:
    values, _ = soundfile.read(path, dtype="int16", always_2d=True)
    return np.asarray(values, np.int16)


def expected_text(path: Path) -> list[Event]:
    return list(hear_file(ScriptedEngine(), path))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "recordings" / "meeting.wav"


@pytest.fixture
def listener() -> Listener:
    return Listener()


@pytest.fixture
def release() -> Iterator[threading.Event]:
    """Set at the end of the test, to let go of engines that hang."""
    event = threading.Event()
    yield event
    event.set()
    for thread in threading.enumerate():
        if thread.name == "crosstalk-engine":
            thread.join(IN_TIME)


# -- the ordinary way ---------------------------------------------------------------------------


@pytest.mark.parametrize("rate", [8_000, 16_000, 44_100, 48_000])
@pytest.mark.parametrize("channels", [1, 2])
def test_a_meeting_says_what_transcribing_its_recording_says(
    path: Path, tmp_path: Path, listener: Listener, rate: int, channels: int
) -> None:
    frames = noise(3 * rate + 77, channels)
    soundfile.write(tmp_path / "input.wav", frames, rate)
    engine = ScriptedEngine()
    meeting = LiveMeeting(
        FileSource(tmp_path / "input.wav", pace=None), path, lambda: engine, listener
    )
    meeting.start()
    assert meeting.wait(IN_TIME)
    assert np.array_equal(recorded(path), frames)
    assert np.array_equal(np.concatenate(engine.heard), np.concatenate(list(stream_16k(path))))
    assert listener.text == expected_text(path)
    assert listener.states[0] is EngineStatus.LOADING
    assert listener.states[-2:] == [EngineStatus.FINISHING, EngineStatus.DONE]
    assert meeting.elapsed == pytest.approx(len(frames) / rate)
    assert (meeting.device_name, meeting.recording) == ("input.wav", path)
    assert meeting.error is None


@settings(max_examples=25)
@given(
    cuts=st.lists(st.integers(0, 9_000), max_size=10),
    rate=st.sampled_from([8_000, 16_000, 44_100]),
)
def test_samples_in_are_samples_out(
    tmp_path_factory: pytest.TempPathFactory, cuts: list[int], rate: int
) -> None:
    path, engine, listener = tmp_path_factory.mktemp("m") / "a.wav", ScriptedEngine(), Listener()
    frames = noise(9_000)
    blocks = [frames[a:b] for a, b in pairwise([0, 1, *sorted(max(1, c) for c in cuts), 9_000])]
    source = PushSource(blocks[0], rate)
    meeting = LiveMeeting(source, path, lambda: engine, listener, patience=QUICK)
    meeting.start()
    for block in blocks[1:]:
        source.push(block)
    meeting.stop()
    assert meeting.wait(IN_TIME)
    assert np.array_equal(recorded(path), frames)
    assert np.array_equal(np.concatenate(engine.heard), np.concatenate(list(stream_16k(path))))
    assert listener.text == expected_text(path)


def test_words_come_while_the_meeting_goes_on(path: Path, listener: Listener) -> None:
    source = PushSource(noise(TURN))
    meeting = LiveMeeting(source, path, ScriptedEngine, listener)
    meeting.start()
    listener.wait_for(lambda event: isinstance(event, WordsChanged) and event.turn == 1)
    source.push(noise(TURN))
    listener.wait_for(lambda event: isinstance(event, WordsChanged) and event.turn == 2)
    assert EngineStatus.FINISHING not in listener.states
    meeting.stop()
    assert meeting.wait(IN_TIME)
    assert source.stopped


def test_all_events_come_in_one_thread_and_the_last_is_done(path: Path, listener: Listener) -> None:
    source = PushSource(noise(TURN))
    meeting = LiveMeeting(source, path, ScriptedEngine, listener)
    meeting.start()
    source.overruns += 1
    source.push(np.zeros((10, 1), np.int16))
    meeting.stop()
    meeting.stop()  # twice is once
    assert meeting.wait(IN_TIME)
    assert listener.threads == {"crosstalk-meeting"}
    assert listener.events[-1] == EngineState(EngineStatus.DONE)
    assert listener.states.count(EngineStatus.FINISHING) == 1


def test_the_level_is_told_while_recording(path: Path, listener: Listener) -> None:
    levels: list[tuple[float, float]] = []
    source = PushSource(np.full((16_000, 1), 16_384, np.int16))
    meeting = LiveMeeting(
        source, path, ScriptedEngine, listener, lambda peak, rms: levels.append((peak, rms))
    )
    meeting.start()
    meeting.stop()
    assert meeting.wait(IN_TIME)
    assert np.array(levels) == pytest.approx(np.full((1, 2), -6.02), abs=0.01)


# -- audio that is missing ----------------------------------------------------------------------


def test_lost_audio_is_marked_where_its_silence_stands(path: Path, listener: Listener) -> None:
    source = PushSource(noise(3_000), rate=8_000)
    meeting = LiveMeeting(source, path, ScriptedEngine, listener)
    meeting.start()
    source.overruns += 1
    source.push(np.zeros((400, 1), np.int16))
    source.push(noise(1_000))
    meeting.stop()
    assert meeting.wait(IN_TIME)
    gaps = [event for event in listener.events if isinstance(event, Gap)]
    assert gaps == [Gap(start=6_000, length=800, reason=GapReason.OVERRUN)]
    assert not recorded(path)[3_000:3_400].any()


def test_a_source_that_fails_ends_the_meeting_with_its_reason(
    path: Path, listener: Listener
) -> None:
    source = PushSource(noise(TURN))
    meeting = LiveMeeting(source, path, ScriptedEngine, listener, patience=QUICK)
    meeting.start()
    source.failure = DeviceFailed("The microphone is gone.")
    source.exhausted.set()
    assert meeting.wait(IN_TIME)
    assert meeting.error is source.failure
    assert listener.message(EngineStatus.FINISHING) == "The microphone is gone."
    assert listener.text == expected_text(path)


def test_a_source_that_does_not_start_leaves_no_file(path: Path, listener: Listener) -> None:
    class Broken(PushSource):
        def start(self, sink: Sink) -> None:
            raise DeviceFailed("It could not be opened.")

    meeting = LiveMeeting(Broken(noise(1)), path, ScriptedEngine, listener)
    with pytest.raises(DeviceFailed, match="could not be opened"):
        meeting.start()
    assert not path.exists()
    assert listener.events == []


@pytest.mark.parametrize("known", [True, False])
def test_a_source_without_sound_is_told_at_the_start(
    path: Path, listener: Listener, monkeypatch: pytest.MonkeyPatch, known: bool
) -> None:
    monkeypatch.setattr(app.take, "FIRST_SOUND_S", 0.1)
    source = PushSource(noise(0))
    if known:
        source.failure = DeviceFailed("It delivers no sound, and we know why.")
        source.exhausted.set()
    with pytest.raises(DeviceFailed, match="delivers no sound"):
        LiveMeeting(source, path, ScriptedEngine, listener).start()
    assert source.stopped
    assert not path.exists()


def test_an_existing_recording_is_never_touched(path: Path, listener: Listener) -> None:
    path.parent.mkdir()
    path.write_bytes(b"precious")
    with pytest.raises(RecordingError, match="exists already"):
        LiveMeeting(PushSource(noise(1)), path, ScriptedEngine, listener).start()
    assert path.read_bytes() == b"precious"


def fill_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: Recorder, frames: NDArray[np.int16]) -> None:
        raise RecordingError("The disk is full.") from OSError(errno.ENOSPC, os.strerror(28))

    monkeypatch.setattr(Recorder, "write", full)


def test_a_full_disk_ends_the_meeting_with_everything_saved(
    path: Path, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, frames = PushSource(noise(2 * TURN)), noise(2 * TURN)
    meeting = LiveMeeting(source, path, ScriptedEngine, listener, patience=QUICK)
    meeting.start()
    fill_the_disk(monkeypatch)
    source.push(noise(10))
    source.push(noise(10))  # what comes after is not written behind a hole
    assert meeting.wait(IN_TIME)
    assert source.stopped
    assert listener.message(EngineStatus.FINISHING) == str(meeting.error) == "The disk is full."
    assert np.array_equal(recorded(path), frames)
    assert listener.text == expected_text(path)


def test_a_disk_that_is_full_from_the_start_is_told_at_once(
    path: Path, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill_the_disk(monkeypatch)
    with pytest.raises(RecordingError, match="full"):
        LiveMeeting(PushSource(noise(1)), path, ScriptedEngine, listener).start()
    assert not path.exists()


# -- engines that fail --------------------------------------------------------------------------


class Engines:
    """A factory of scripted engines; ``scripts`` are for the first ones, later ones are sound."""

    def __init__(self, *scripts: Callable[[int], None]) -> None:
        self.made: list[ScriptedEngine] = []
        self._scripts = list(scripts)

    def __call__(self) -> ScriptedEngine:
        script = self._scripts.pop(0) if self._scripts else lambda _: None
        self.made.append(ScriptedEngine(script))
        return self.made[-1]


def raise_after(samples: int, error: BaseException) -> Callable[[int], None]:
    def script(consumed: int) -> None:
        if consumed >= samples:
            raise error

    return script


def hang_after(samples: int, release: threading.Event) -> Callable[[int], None]:
    def script(consumed: int) -> None:
        if consumed >= samples:
            release.wait(IN_TIME)

    return script


def hold(
    path: Path,
    engine: Callable[[], ScriptedEngine],
    listener: Listener,
    patience: Patience = QUICK,
) -> LiveMeeting:
    """A whole meeting of four seconds with a difficult engine."""
    source = PushSource(noise(16_000))
    meeting = LiveMeeting(source, path, engine, listener, patience=patience)
    meeting.start()
    for _ in range(12):
        source.push(noise(TURN))
    meeting.stop()
    assert meeting.wait(IN_TIME)
    assert len(recorded(path)) == 64_000
    return meeting


@pytest.mark.parametrize(
    "error",
    [ValueError("boom"), MemoryError(), DeviceError("The GPU is full."), SystemExit(1)],
    ids=lambda error: type(error).__name__,
)
@pytest.mark.parametrize("after", [0, 20_000])
def test_an_engine_that_dies_is_replaced_and_the_text_is_whole(
    path: Path, listener: Listener, error: BaseException, after: int
) -> None:
    engines = Engines(raise_after(after, error))
    hold(path, engines, listener)
    assert len(engines.made) == 2
    assert listener.states.count(EngineStatus.RESTARTING) == 1
    assert listener.text == expected_text(path)
    assert np.array_equal(
        np.concatenate(engines.made[1].heard), np.concatenate(list(stream_16k(path)))
    )
    assert "Nothing is lost" in listener.message(EngineStatus.RESTARTING)


def test_a_failure_at_the_very_end_is_survived(path: Path, listener: Listener) -> None:
    class FailsToFinish(ScriptedEngine):
        def finish(self) -> None:
            raise ValueError("boom")

    makers: list[Callable[[], ScriptedEngine]] = [ScriptedEngine, FailsToFinish]
    hold(path, lambda: makers.pop()(), listener)
    assert listener.text == expected_text(path)
    assert listener.states[-4:] == [
        EngineStatus.FINISHING,
        EngineStatus.RESTARTING,
        EngineStatus.FINISHING,
        EngineStatus.DONE,
    ]


def test_an_engine_that_always_dies_is_given_up_and_the_recording_is_whole(
    path: Path, listener: Listener
) -> None:
    error = EngineError("The model file is damaged. Install it again.")
    engines = Engines(*[raise_after(8_000, error)] * 9)
    hold(path, engines, listener)
    assert len(engines.made) == 4
    assert listener.states.count(EngineStatus.RESTARTING) == 3
    assert listener.states.count(EngineStatus.FAILED) == 1
    assert listener.states[-1] is EngineStatus.DONE
    for status in (EngineStatus.FAILED, EngineStatus.DONE):
        assert listener.message(status).startswith("The model file is damaged. Install it again.")
        assert f"crosstalk transcribe {path}" in listener.message(status)


def test_an_engine_that_hears_is_not_said_to_be_loading(path: Path, listener: Listener) -> None:
    go_on = threading.Event()

    def hold(consumed: int) -> None:
        assert consumed < 8_000 or go_on.wait(IN_TIME)

    source = PushSource(noise(24_000))  # after the first block of it, a second is still to hear
    meeting = LiveMeeting(source, path, lambda: ScriptedEngine(hold), listener, patience=QUICK)
    meeting.start()
    listener.wait_for_status(EngineStatus.RUNNING)
    go_on.set()
    meeting.stop()
    assert meeting.wait(IN_TIME)


def test_a_model_that_cannot_be_used_is_not_tried_again(path: Path, listener: Listener) -> None:
    tried: list[None] = []

    def no_engine() -> ScriptedEngine:
        tried.append(None)
        raise ModelError("The model is damaged. Install it again.")

    meeting = LiveMeeting(PushSource(noise(TURN)), path, no_engine, listener, patience=QUICK)
    meeting.start()
    listener.wait_for_status(EngineStatus.FAILED)
    meeting.stop()
    assert meeting.wait(IN_TIME)
    assert len(tried) == 1
    assert EngineStatus.RESTARTING not in listener.states
    assert listener.message(EngineStatus.DONE).startswith("The model is damaged. Install it again.")


def test_recording_goes_on_after_the_engine_was_given_up(path: Path, listener: Listener) -> None:
    def no_engine() -> ScriptedEngine:
        raise EngineError("No model is installed.")

    source = PushSource(noise(TURN))
    meeting = LiveMeeting(source, path, no_engine, listener, patience=QUICK)
    meeting.start()
    listener.wait_for_status(EngineStatus.FAILED)
    source.push(noise(TURN))
    assert not meeting.wait(0.1)
    meeting.stop()
    assert meeting.wait(IN_TIME)
    assert len(recorded(path)) == 2 * TURN


def test_the_memory_of_a_dead_session_is_free_before_the_next_is_made(
    path: Path, listener: Listener
) -> None:
    alive: list[weakref.ref[ScriptedEngine]] = []
    at_making: list[int] = []

    def engine() -> ScriptedEngine:
        at_making.append(sum(ref() is not None for ref in alive))
        script = raise_after(8_000, MemoryError()) if not alive else lambda _: None
        made = ScriptedEngine(script)
        alive.append(weakref.ref(made))
        return made

    hold(path, engine, listener)
    assert at_making == [0, 0]


@pytest.mark.parametrize("after", [0, 20_000])
def test_a_hung_engine_is_abandoned_and_its_late_words_are_ignored(
    path: Path, listener: Listener, release: threading.Event, after: int
) -> None:
    def first_hangs(consumed: int) -> None:
        hang_after(after, release)(consumed)

    def then_the_first_wakes(consumed: int) -> None:
        if consumed >= 24_000:
            release.set()  # the abandoned one goes on while the new one is speaking
            time.sleep(0.05)

    engines = Engines(first_hangs, then_the_first_wakes)
    hold(path, engines, listener, IMPATIENT)
    assert listener.states.count(EngineStatus.RESTARTING) >= 1
    assert "stopped answering" in listener.message(EngineStatus.RESTARTING)
    assert listener.text == expected_text(path)


def test_stop_does_not_wait_for_a_hung_engine(
    path: Path, listener: Listener, release: threading.Event
) -> None:
    source = PushSource(noise(TURN))
    engines = Engines(hang_after(0, release))
    meeting = LiveMeeting(source, path, engines, listener, patience=Patience(tick_s=0.01))
    meeting.start()
    listener.wait_for_status(EngineStatus.LOADING)
    begin = time.monotonic()
    meeting.stop()
    assert time.monotonic() - begin < 1.0
    assert len(recorded(path)) == TURN
    assert not meeting.wait(0.1)
    release.set()
    assert meeting.wait(IN_TIME)
    assert listener.text == expected_text(path)


def test_an_engine_that_loads_slowly_is_not_taken_for_hung(path: Path, listener: Listener) -> None:
    def slow() -> ScriptedEngine:
        time.sleep(2 * IMPATIENT.hang_s)
        return ScriptedEngine()

    hold(path, slow, listener, IMPATIENT)
    assert EngineStatus.RESTARTING not in listener.states
    assert listener.text == expected_text(path)


def test_an_engine_that_waits_for_audio_is_not_taken_for_hung(
    path: Path, listener: Listener
) -> None:
    source = PushSource(noise(TURN))
    meeting = LiveMeeting(source, path, ScriptedEngine, listener, patience=IMPATIENT)
    meeting.start()
    time.sleep(2 * IMPATIENT.hang_s)
    meeting.stop()
    assert meeting.wait(IN_TIME)
    assert EngineStatus.RESTARTING not in listener.states


def test_an_engine_that_never_loads_is_replaced(
    path: Path, listener: Listener, release: threading.Event
) -> None:
    calls: list[int] = []

    def engine() -> ScriptedEngine:
        calls.append(1)
        if len(calls) == 1:
            release.wait(IN_TIME)
        return ScriptedEngine()

    source = PushSource(noise(2 * TURN))
    patience = Patience(load_s=0.5, tick_s=0.01)
    meeting = LiveMeeting(source, path, engine, listener, patience=patience)
    meeting.start()
    listener.wait_for_status(EngineStatus.RESTARTING)
    meeting.stop()
    assert meeting.wait(IN_TIME)
    assert listener.text == expected_text(path)


def test_a_slow_engine_lags_says_so_and_drops_nothing(
    path: Path, listener: Listener, release: threading.Event
) -> None:
    engines = Engines(hang_after(TURN, release))
    source = PushSource(noise(TURN))
    meeting = LiveMeeting(source, path, engines, listener)
    meeting.start()
    listener.wait_for_status(EngineStatus.RUNNING)
    for _ in range(40):
        source.push(noise(TURN))
    release.set()
    listener.wait_for_status(EngineStatus.CATCHING_UP)
    listener.wait_for(lambda event: event == Lag(0))
    meeting.stop()
    assert meeting.wait(IN_TIME)
    lags = [event.behind for event in listener.events if isinstance(event, Lag)]
    assert max(lags) > 9 * 16_000
    assert all(abs(a - b) > 8_000 or b == 0 for a, b in pairwise([0, *lags]))
    assert listener.states == [
        EngineStatus.LOADING,
        EngineStatus.RUNNING,
        EngineStatus.CATCHING_UP,
        EngineStatus.RUNNING,
        EngineStatus.FINISHING,
        EngineStatus.DONE,
    ]
    assert listener.text == expected_text(path)


def test_a_recording_that_shrinks_under_the_engine_is_told(
    path: Path, listener: Listener, release: threading.Event
) -> None:
    source = PushSource(noise(TURN))
    meeting = LiveMeeting(source, path, Engines(hang_after(0, release)), listener)
    meeting.start()
    listener.wait_for_status(EngineStatus.LOADING)
    source.push(noise(64_000))
    with path.open("r+b") as file:
        file.truncate(2_000)
    release.set()
    listener.wait_for_status(EngineStatus.FAILED)
    assert "Check the disk" in listener.message(EngineStatus.FAILED)
    meeting.stop()
    assert meeting.wait(IN_TIME)


# -- files --------------------------------------------------------------------------------------


def test_transcribing_a_truncated_file_gives_its_words_and_then_says_so(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", noise(64_000), 16_000)
    data = (tmp_path / "a.wav").read_bytes()
    (tmp_path / "a.wav").write_bytes(data[: 44 + 64_000])
    soundfile.write(tmp_path / "b.wav", noise(64_000)[:32_000], 16_000)
    events: list[Event] = []
    with pytest.raises(AudioError, match="cut short"):
        events.extend(hear_file(ScriptedEngine(), tmp_path / "a.wav"))
    assert events == expected_text(tmp_path / "b.wav")


def test_transcribing_a_missing_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(AudioError, match="does not exist"):
        expected_text(tmp_path / "missing.wav")
