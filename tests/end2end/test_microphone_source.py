"""A real PortAudio stream: what was played in the room is in the recording, every sample of it."""

from __future__ import annotations

import subprocess
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from app.audio.devices import find_input, input_devices, refresh
from app.audio.microphone import MicrophoneSource
from app.errors import DeviceNotFound
from app.session import LiveMeeting
from engine.events import EngineState, EngineStatus, Event, TurnEvent
from engine.timeline import SAMPLE_RATE
from tests.hearing import samples_of, shift, similarity
from tests.virtual_room import VirtualRoom

PLAYED_S = 4
HIGHEST_HZ = 1_000


class Deaf:
    """An engine that hears everything and says nothing."""

    def __init__(self) -> None:
        self.consumed = 0

    def accept(self, samples: NDArray[np.float32]) -> None:
        self.consumed += len(samples)

    def events(self) -> list[TurnEvent]:
        return []

    def finish(self) -> None:
        return


class CountingSource(MicrophoneSource):
    """Counts what PortAudio delivers, where it is delivered."""

    delivered = 0

    def _capture(self, data: Any, frames: int, clock: Any, status: Any) -> None:
        self.delivered += frames
        super()._capture(data, frames, clock, status)


@pytest.fixture
def played(tmp_path: Path, virtual_room: VirtualRoom) -> Path:
    """Noise resembles itself at one single shift; low noise also at a fraction of a sample."""
    spectrum = np.fft.rfft(np.random.default_rng(0).normal(0, 1, PLAYED_S * virtual_room.rate))
    spectrum[PLAYED_S * HIGHEST_HZ :] = 0
    noise = np.fft.irfft(spectrum)
    noise *= 0.1 / noise.std()
    soundfile.write(tmp_path / "noise.wav", noise, virtual_room.rate)
    return tmp_path / "noise.wav"


def test_what_is_played_is_recorded_without_a_hole(
    tmp_path: Path, virtual_room: VirtualRoom, played: Path
) -> None:
    source, engine = CountingSource(find_input(virtual_room.microphone)), Deaf()
    events: list[Event] = []
    path = tmp_path / "recording.wav"
    meeting = LiveMeeting(source, path, lambda: engine, events.append)
    meeting.start()
    assert virtual_room.play(played).wait(60) == 0
    time.sleep(0.5)  # what is on its way through the server
    meeting.stop()
    assert meeting.wait(60)

    info = soundfile.info(path)
    assert source.overruns == 0
    assert info.frames == source.delivered
    assert meeting.elapsed == info.frames / info.samplerate
    heard, original = samples_of(path), samples_of(played)
    assert engine.consumed == len(heard)
    at = shift(heard, original)
    for start in range(0, len(original) - SAMPLE_RATE // 2, SAMPLE_RATE // 2):
        stretch = original[start : start + SAMPLE_RATE // 2]
        assert similarity(heard[at + start :][: len(stretch)], stretch) > 0.95


def test_the_room_offers_its_microphone(virtual_room: VirtualRoom) -> None:
    device = find_input(virtual_room.microphone)
    assert device in input_devices()
    assert MicrophoneSource(device).channels == 2
    assert find_input(None).is_default
    with pytest.raises(DeviceNotFound, match="pulse"):
        find_input("A microphone that nobody has")


@pytest.mark.parametrize("time_round", [1, 2])
def test_a_stream_can_be_opened_again_after_a_refresh(
    virtual_room: VirtualRoom, time_round: int
) -> None:
    heard = threading.Event()
    source = MicrophoneSource(find_input(virtual_room.microphone))
    source.start(lambda _: heard.set())
    assert not refresh()  # it would pull the stream away
    assert heard.wait(10)
    source.stop()
    assert refresh()


def test_a_microphone_that_vanishes_ends_the_meeting_with_everything_saved(
    tmp_path: Path, mortal_server: subprocess.Popen[bytes]
) -> None:
    path, engine, events = tmp_path / "a.wav", Deaf(), list[Event]()
    meeting = LiveMeeting(
        MicrophoneSource(find_input("pulse")), path, lambda: engine, events.append
    )
    meeting.start()
    time.sleep(0.5)
    mortal_server.kill()
    assert meeting.wait(60)
    assert "stopped delivering sound" in str(meeting.error)
    assert EngineState(EngineStatus.FINISHING, str(meeting.error)) in events
    assert len(samples_of(path)) == engine.consumed > 0
