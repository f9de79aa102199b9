"""A real sound server whose devices go and come while a meeting is recorded."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from app.audio.inputs import microphone
from app.audio.system_audio import MonitorSource, system_audio
from app.errors import DeviceNotFound
from app.session import LiveMeeting
from app.sound import MeetingSound, Segment, Source
from engine.events import EngineState, EngineStatus, Event, Gap, GapReason, Remark, Subject
from tests.hearing import samples_of, shift, similarity
from tests.virtual_room import VirtualRoom, look_for_microphones, running_room

PATIENCE_S = 30.0


@pytest.fixture
def room() -> Iterator[VirtualRoom]:
    """A sound server of this test's own, whose sinks it may take away."""
    with running_room():
        look_for_microphones()
        yield VirtualRoom()


def pactl(*words: str) -> str:
    run = subprocess.run(["pactl", *words], capture_output=True, text=True, check=True)
    return run.stdout.strip()


def sink(name: str) -> str:
    """Add a sink; returns the number of its module."""
    return pactl("load-module", "module-null-sink", f"sink_name={name}", "rate=48000")


def until(true: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def noise(path: Path, seconds: float) -> Path:
    spectrum = np.fft.rfft(np.random.default_rng(0).normal(0, 1, round(seconds * 48_000)))
    spectrum[round(seconds * 1_000) :] = 0
    sound = np.fft.irfft(spectrum)
    soundfile.write(path, sound * 0.1 / sound.std(), 48_000)
    return path


def is_heard(heard: NDArray[np.float32], played: NDArray[np.float32]) -> bool:
    at = shift(heard, played)
    return bool(similarity(heard[at:][: len(played)], played) > 0.9)


def test_a_microphone_that_is_unplugged_and_plugged_in_again(
    room: VirtualRoom, tmp_path: Path
) -> None:
    events, segments = list[Event](), list[Segment]()
    meeting = LiveMeeting(
        [microphone("pulse")],
        tmp_path / "a.wav",
        None,
        events.append,
        on_segment=segments.append,
    )
    modules = [
        line.split()[0]
        for line in pactl("list", "short", "modules").splitlines()
        if "module-null-sink" in line
    ]
    meeting.start()
    pactl("unload-module", modules[0])
    until(lambda: any(isinstance(e, Remark) and e.message for e in events))
    sink("room")
    pactl("set-default-source", "room.monitor")
    until(lambda: len(segments) == 2)
    played = noise(tmp_path / "noise.wav", 2)
    assert room.play(played).wait(60) == 0
    time.sleep(0.5)
    meeting.stop()
    assert meeting.wait(60)
    assert meeting.error is None
    (gap,) = [event for event in events if isinstance(event, Gap)]
    assert gap.reason is GapReason.DEVICE
    assert gap.start + gap.length == segments[1].start
    assert events[-2:] == [EngineState(EngineStatus.FINISHING), EngineState(EngineStatus.DONE)]
    with MeetingSound(segments, 16_000) as sound:
        heard = sound.read(0, sound.frames)
    assert is_heard(heard[segments[1].start :], samples_of(played))


def test_the_computers_sound_is_recorded_beside_the_microphone(
    room: VirtualRoom, tmp_path: Path
) -> None:
    """And follows, when it is played through another output."""
    sink("speakers")
    pactl("set-default-sink", "speakers")
    events, segments = list[Event](), list[Segment]()
    inputs = [microphone("pulse"), system_audio()]
    meeting = LiveMeeting(
        inputs, tmp_path / "a.wav", None, events.append, on_segment=segments.append
    )
    meeting.start()
    until(lambda: len(segments) == 2)
    played = noise(tmp_path / "noise.wav", 2)
    assert subprocess.run(["paplay", "--device=speakers", str(played)], check=True)
    sink("headset")
    pactl("set-default-sink", "headset")
    until(lambda: len(segments) == 3)
    assert subprocess.run(["paplay", "--device=headset", str(played)], check=True)
    time.sleep(0.3)
    meeting.stop()
    assert meeting.wait(60)
    assert [segment.source for segment in segments] == [
        Source.MICROPHONE,
        Source.SYSTEM,
        Source.SYSTEM,
    ]
    original = samples_of(played)
    for segment in segments[1:]:
        assert is_heard(samples_of(segment.path), original)
    assert not samples_of(segments[0].path).any()  # nobody played into the room
    remarks = [event for event in events if isinstance(event, Remark)]
    assert remarks[-1] == Remark(Subject.SYSTEM)


def test_without_a_sound_server_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULSE_SERVER", "unix:/nowhere")
    with pytest.raises(DeviceNotFound, match="record the microphone only"):
        MonitorSource()
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(DeviceNotFound, match="apt install pulseaudio-utils"):
        MonitorSource()
