"""Room on the disk, silence, the clock of a meeting, sleep, and what two engines say."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
import time
from collections import namedtuple
from pathlib import Path

import numpy as np
import pytest

from app import disk_watch
from app.audio.pre_roll import PreRoll
from app.audio.rate_watch import RateWatch
from app.awake import StayAwake, can_stay_awake
from app.disk_watch import MARGIN_BYTES, DiskWatch
from app.errors import RecordingError
from app.meeting_clock import MeetingClock
from app.merger import Merger
from app.session import LiveMeeting
from app.silence import QuietWatch
from engine.errors import ModelError
from engine.events import (
    EngineState,
    EngineStatus,
    Event,
    Gap,
    GapReason,
    Lag,
    Remark,
    SpeakerRecognised,
    SpeakerRevised,
    Subject,
    TurnStarted,
    Word,
    WordsChanged,
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

RATE = 96_000  # bytes per second
Usage = namedtuple("Usage", "total used free")


class Disk:
    """A disk with as much room as a test says."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.free = 10**12
        self.now = 0.0
        monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(0, 0, self.free))


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    return Disk(monkeypatch)


def test_the_warning_comes_an_hour_before_and_goes_when_there_is_room(
    disk: Disk, tmp_path: Path
) -> None:
    watch = DiskWatch(tmp_path, lambda: disk.now)

    def look(hours: float) -> Remark | None:
        disk.free = MARGIN_BYTES + round(hours * 3_600 * RATE)
        disk.now += 10
        return watch.look(RATE)

    assert look(1.1) is None
    warned = look(0.99)
    assert warned is not None
    assert (warned.subject, "about 60 more minutes" in warned.message) == (Subject.DISK, True)
    assert look(0.98) is None  # not again for every second
    fewer = look(0.1)
    assert fewer is not None
    assert "about 6 more minutes" in fewer.message
    assert look(2.0) == Remark(Subject.DISK)
    with pytest.raises(RecordingError, match=r"was stopped. Everything is saved"):
        look(-0.001)


def test_it_looks_once_in_a_while_and_not_where_nothing_is_written(
    disk: Disk, tmp_path: Path
) -> None:
    watch = DiskWatch(tmp_path, lambda: disk.now)
    watch.look(RATE)
    disk.free = 0
    assert watch.look(RATE) is None  # it has just looked
    disk.now = 100.0
    assert watch.look(0) is None


def test_a_recording_is_stopped_in_time_with_everything_saved(disk: Disk, tmp_path: Path) -> None:
    listener, source = Listener(), PushSource(noise(TURN))
    path = tmp_path / "r" / "a.wav"
    meeting = LiveMeeting(source, path, None, listener, patience=QUICK)
    meeting.start()
    meeting._disk._look_at = 0.0
    disk.free = MARGIN_BYTES - 1
    assert meeting.wait(IN_TIME)
    assert "almost full, so the recording was stopped" in listener.message(EngineStatus.FINISHING)
    assert np.array_equal(recorded(path), noise(TURN))
    with pytest.raises(RecordingError, match="free some space, then record again"):
        LiveMeeting(source, tmp_path / "b.wav", None, listener).start()
    assert not (tmp_path / "b.wav").exists()


def test_whoever_is_quiet_for_long_is_asked_once_and_again_after_speech() -> None:
    watch, minute = QuietWatch(600.0), 60 * 16_000
    assert watch.look(9 * minute) is None
    asked = watch.look(10 * minute)
    assert asked is not None
    assert "Nobody has spoken for 10 minutes. Still recording?" in asked.message
    assert watch.look(30 * minute) is None
    said = WordsChanged(1, (Word("yes", 0, 31 * minute, 0.9),), 0)
    assert watch.hear(said) == Remark(Subject.QUIET)
    assert watch.hear(said) is None
    assert watch.look(40 * minute) is None
    assert watch.look(41 * minute) is not None
    never = QuietWatch(None)
    assert never.look(10**9) is None


def test_the_question_comes_through_the_meeting(tmp_path: Path) -> None:
    listener, source = Listener(), PushSource(np.zeros((100, 1), np.int16))

    class Deaf:
        def accept(self, samples: object) -> None: ...

        def events(self) -> list[Event]:
            return []

        def finish(self) -> None: ...

    meeting = LiveMeeting(
        source,
        tmp_path / "a.wav",
        Deaf,  # type: ignore[arg-type]
        listener,
        patience=QUICK,
        quiet_s=60.0,
    )
    meeting.start()
    for _ in range(61):
        source.push(np.ones((16_000, 1), np.int16))
    listener.wait_for(lambda e: isinstance(e, Remark) and e.subject is Subject.QUIET)
    meeting.stop()
    assert meeting.wait(IN_TIME)


def test_without_an_engine_that_listens_nobody_is_asked(tmp_path: Path) -> None:
    def broken() -> ScriptedEngine:
        raise ModelError("The model is missing.")

    listener, source = Listener(), PushSource(noise(TURN))
    meeting = LiveMeeting(
        source, tmp_path / "a.wav", broken, listener, patience=QUICK, quiet_s=60.0
    )
    meeting.start()
    listener.wait_for_status(EngineStatus.FAILED)
    source.push(np.ones((61 * 16_000, 1), np.int16))
    time.sleep(0.1)
    meeting.stop()
    assert meeting.wait(IN_TIME)
    assert not [event for event in listener.events if isinstance(event, Remark)]


def test_the_clock_stands_until_sound_comes_and_while_paused() -> None:
    now = [100.0]
    clock = MeetingClock(lambda: now[0])
    now[0] = 105.0
    assert clock.at == 0
    assert clock.arrived(0.5) == 0  # the first block began half a second ago
    now[0] = 106.0
    assert clock.at == 1.5 * 16_000
    assert clock.arrived(0.25) == 1.25 * 16_000
    clock.stand(20_000)
    now[0] = 200.0
    assert clock.at == 20_000
    assert clock.arrived(0.1) == 20_000
    now[0] = 201.0
    assert clock.at == 20_000 + 1.1 * 16_000


def test_the_seconds_before_are_kept_and_no_more() -> None:
    source = PushSource(np.zeros((0, 1), np.int16))
    kept, taken = PreRoll(source, 2.0), list[int]()
    kept.listen()
    for number in range(50):
        source.push(np.full((1_600, 1), number, np.int16))
    assert 2.0 <= kept.kept_s < 2.2
    kept.start(lambda frames: taken.extend(frames[:, 0].tolist()))
    assert taken == []  # all blocks come from one thread
    source.push(np.full((1_600, 1), 50, np.int16))
    source.push(np.full((1_600, 1), 51, np.int16))
    assert taken == [n for n in range(30, 52) for _ in range(1_600)]
    kept.stop()
    assert source.stopped


def helper(folder: Path, script: str) -> None:
    path = folder / "systemd-inhibit"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


@pytest.mark.skipif(sys.platform != "linux", reason="the helper of Linux")
def test_the_computer_is_kept_awake_as_long_as_we_live(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    helper(tmp_path, f'echo "$@" > {tmp_path}/asked; shift 4; exec "$@"')
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    assert can_stay_awake()
    stay = StayAwake()
    stay.begin()
    child = stay._helper
    assert child is not None
    assert child.poll() is None
    stay.end()
    stay.end()
    assert child.poll() is not None
    assert "--what=idle:sleep" in (tmp_path / "asked").read_text()
    # The program dies without a word: the helper's input ends, and it with it.
    script = "from app.awake import StayAwake; import os; s = StayAwake(); s.begin(); "
    script += "print(s._helper.pid, flush=True); os._exit(1)"
    run = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[3],
    )
    deadline = time.monotonic() + IN_TIME
    while _lives(int(run.stdout)):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def _lives(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().split()[2] != "Z"
    except OSError:
        return False


@pytest.mark.skipif(sys.platform != "linux", reason="the helper of Linux")
def test_where_it_cannot_be_kept_awake_nothing_happens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    helper(tmp_path, "exit 1")
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    assert not can_stay_awake()
    stay = StayAwake()
    stay.begin()
    stay.end()
    monkeypatch.setattr("app.awake.shutil.which", lambda _: None)
    assert not can_stay_awake()
    stay.begin()
    stay.end()
    assert disk_watch.WARN_BELOW_S == 3_600


def delivered(rate: float, seconds: float, step_s: float = 0.1) -> bool:
    """Whether a device opened at 48 kHz is taken for one of another rate."""
    now = [0.0]
    watch = RateWatch(48_000, lambda: now[0])
    for _ in range(round(seconds / step_s)):
        watch.count(round(rate * step_s))
        now[0] += step_s
    return watch.wrong


def test_another_rate_is_noticed_and_stalls_are_not() -> None:
    assert delivered(44_100, 40)
    assert delivered(96_000, 40)
    assert not delivered(44_100, 25)
    assert not delivered(48_050, 600)
    assert not delivered(48_000, 600, step_s=2.0)
    now = [0.0]
    watch = RateWatch(48_000, lambda: now[0])
    for second in range(600):  # every half minute it stalls for five seconds, and catches up
        now[0] += 1.0
        if second % 30 >= 5:
            watch.count(48_000 * (6 if second % 30 == 5 else 1))
        assert not watch.wrong


def test_one_engine_is_told_as_it_is() -> None:
    merger, event = Merger(1, shared=False), SpeakerRevised(7, 3, 0.5, 10)
    assert merger.merged(0, event) is event


def test_two_engines_are_told_as_one() -> None:
    merger = Merger(2, shared=False)
    running, behind = EngineState(EngineStatus.RUNNING), EngineState(EngineStatus.CATCHING_UP)
    assert merger.merged(0, running) is None  # the other one is loading
    assert merger.merged(1, running) == running
    assert merger.merged(1, behind) == behind
    assert merger.merged(0, running) is None
    assert merger.merged(1, running) == running
    assert [merger.merged(0, Lag(5)), merger.merged(1, Lag(3)), merger.merged(0, Lag(0))] == [
        Lag(5),
        None,
        Lag(3),
    ]
    starts = [merger.merged(source, TurnStarted(2, 1, 0, 1, 0)) for source in (0, 1)]
    assert starts == [TurnStarted(3, 1, 0, 1, 0), TurnStarted(4, 3, 0, 2, 0)]
    assert merger.merged(1, SpeakerRecognised(1, 9, "Ada", 0.9, True, 0)) == SpeakerRecognised(
        2, 9, "Ada", 0.9, True, 0
    )
    merger.begin()
    again = merger.merged(1, TurnStarted(2, 1, 0, 1, 0))
    assert again == starts[1]  # a name that was given stays with the same person
    gap = Gap(0, 1, GapReason.DEVICE)
    assert merger.merged(0, gap) is gap
    shared = Merger(2, shared=True)
    assert shared.merged(1, SpeakerRevised(1, 2, 0.5, 0)) == SpeakerRevised(2, 2, 0.5, 0)
