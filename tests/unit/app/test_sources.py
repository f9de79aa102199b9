"""Every sample of a source arrives, or its loss is told."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from app.audio import devices, microphone
from app.audio.devices import InputDevice
from app.audio.level import FLOOR_DBFS, LevelMeter
from app.audio.ring import CaptureRing
from app.audio.source import AudioSource, failure_of
from app.audio.sources import FileSource, MicrophoneSource
from app.errors import DeviceFailed
from engine.errors import AudioError

DESK = InputDevice(index=3, name="Desk", channels=32, rate=1_000, is_default=True, hostapi="ALSA")


def ramp(start: int, frames: int, channels: int = 1) -> NDArray[np.int16]:
    """Frames that tell their own number."""
    numbers = np.arange(start, start + frames) % 30_000 + 1
    return np.repeat(numbers.astype(np.int16)[:, None], channels, axis=1)


# -- ring ---------------------------------------------------------------------------------------

actions = st.lists(
    st.one_of(
        st.tuples(st.just("write"), st.integers(0, 12), st.none() | st.integers(0, 5)),
        st.tuples(st.just("read"), st.just(0), st.none()),
    ),
    max_size=40,
)


@given(actions=actions, capacity=st.integers(1, 16), channels=st.integers(1, 2))
def test_the_ring_accounts_for_every_frame(
    actions: list[tuple[str, int, int | None]], capacity: int, channels: int
) -> None:
    ring = CaptureRing(capacity, channels, longest_loss=1_000)
    came, given_in, missed = [], 0, 0
    for action, size, lost in actions:
        if action == "read":
            came += list(ring.read())
        else:
            given_in += lost or 0  # the clock goes on while the device loses frames
            missed += lost or 0
            ring.write(ramp(given_in, size, channels), lost)
            given_in += size
    came += list(ring.close())
    frames = np.concatenate([np.zeros((0, channels), np.int16), *(s.frames for s in came)])
    silence = frames[:, 0] == 0
    assert len(frames) == given_in
    assert silence.sum() >= missed
    # What is not silence stands at its own place.
    assert np.array_equal(frames[~silence], ramp(0, given_in, channels)[~silence])
    assert sum(len(s.frames) for s in came if s.lost) == silence.sum()


def test_a_loss_of_unknown_length_is_told_as_an_empty_one() -> None:
    ring = CaptureRing(100, 1, longest_loss=10)
    ring.write(ramp(0, 5))
    ring.write(ramp(5, 5), lost=0)
    assert [(len(s.frames), s.lost) for s in ring.read()] == [(5, False), (0, True), (5, False)]


def test_silence_for_one_loss_is_bounded() -> None:
    ring = CaptureRing(100, 1, longest_loss=10)
    ring.write(ramp(0, 5), lost=1 << 40)
    assert [(len(s.frames), s.lost) for s in ring.read()] == [(10, True), (5, False)]


# -- level --------------------------------------------------------------------------------------


def levels(frames: NDArray[np.int16], block: int) -> list[tuple[float, float]]:
    told: list[tuple[float, float]] = []
    meter = LevelMeter(16_000, lambda peak, rms: told.append((peak, rms)))
    for start in range(0, len(frames), block):
        meter.push(frames[start : start + block])
    return told


def test_a_full_scale_sine_is_0_dbfs_peak_and_3_below_in_rms() -> None:
    sine = 32_767 * np.sin(2 * np.pi * 400 * np.arange(16_000) / 16_000)
    told = levels(sine.astype(np.int16)[:, None], 160)
    assert len(told) == 20
    for peak, rms in told:
        assert peak == pytest.approx(0.0, abs=0.01)
        assert rms == pytest.approx(-3.01, abs=0.02)


def test_silence_is_at_the_floor_and_nothing_is_nothing() -> None:
    assert set(levels(np.zeros((16_000, 2), np.int16), 999)) == {(FLOOR_DBFS, FLOOR_DBFS)}
    assert levels(np.zeros((0, 2), np.int16), 10) == []


# -- file ---------------------------------------------------------------------------------------


def played(source: AudioSource) -> NDArray[np.int16]:
    """All that a source delivers until it is exhausted."""
    blocks: list[NDArray[np.int16]] = []
    source.start(blocks.append)
    assert source.exhausted.wait(20)
    source.stop()
    return np.concatenate(blocks)


@pytest.mark.parametrize("rate", [8_000, 44_100, 48_000])
@pytest.mark.parametrize("channels", [1, 2, 8])
def test_a_file_arrives_whole_at_its_own_rate(tmp_path: Path, rate: int, channels: int) -> None:
    frames = np.random.default_rng(0).integers(-32_768, 32_768, (12_345, channels))
    soundfile.write(tmp_path / "a.wav", frames.astype(np.int16), rate)
    source = FileSource(tmp_path / "a.wav", pace=None)
    assert (source.rate, source.channels, source.name) == (rate, channels, "a.wav")
    assert np.array_equal(played(source), frames)
    assert failure_of(source) is None


def test_floats_are_rounded_and_kept_in_range(tmp_path: Path) -> None:
    values = [0.5, np.nan, np.inf, 2.0, -2.0, 0.4999 / 32_768]
    soundfile.write(tmp_path / "a.wav", np.array(values), 16_000, subtype="FLOAT")
    source = FileSource(tmp_path / "a.wav", pace=None)
    assert played(source)[:, 0].tolist() == [16_384, 0, 0, 32_767, -32_768, 0]


def test_a_file_is_paced_like_a_microphone(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", np.zeros(16_000), 16_000)
    begin = time.monotonic()
    played(FileSource(tmp_path / "a.wav", pace=4.0))
    assert 0.24 <= time.monotonic() - begin < 2.0


def test_a_file_can_be_stopped_in_the_middle(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", np.zeros(160_000), 16_000)
    source, heard = FileSource(tmp_path / "a.wav"), threading.Event()
    source.start(lambda _: heard.set())
    assert heard.wait(5)
    begin = time.monotonic()
    source.stop()
    assert time.monotonic() - begin < 1.0


def test_a_bad_file_is_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(AudioError, match="does not exist"):
        FileSource(tmp_path / "missing.wav")


def test_a_truncated_file_is_played_and_then_tells(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", np.zeros(16_000), 16_000)
    data = (tmp_path / "a.wav").read_bytes()
    (tmp_path / "a.wav").write_bytes(data[: 44 + 16_000])
    source = FileSource(tmp_path / "a.wav", pace=None)
    assert len(played(source)) == 8_000
    assert "cut short" in str(failure_of(source))


# -- microphone ---------------------------------------------------------------------------------


class FakePortAudio:
    """PortAudio of one device that takes ``rates`` and at most ``channels``."""

    class PortAudioError(Exception):
        pass

    def __init__(self, rates: tuple[int, ...] = (1_000,), channels: int = 2) -> None:
        self.rates, self.channels = rates, channels
        self.refusal: Exception | None = None
        self.callback: Callable[..., None]
        self.opened = False
        self.clock = 0.0

    def check_input_settings(self, device: int, channels: int, dtype: str, samplerate: int) -> None:
        if samplerate not in self.rates or channels > self.channels:
            raise self.PortAudioError("Invalid sample rate")

    def RawInputStream(self, **settings: Any) -> FakePortAudio:  # noqa: N802
        if self.refusal:
            raise self.refusal
        assert (settings["device"], settings["dtype"]) == (DESK.index, "int16")
        self.callback = settings["callback"]
        return self

    def _terminate(self) -> None:
        assert not self.opened

    def _initialize(self) -> None:
        self.clock = 0.0

    def start(self) -> None:
        self.opened = True

    def stop(self) -> None:
        self.opened = False

    def close(self) -> None:
        assert not self.opened

    def hear(self, frames: NDArray[np.int16], overflow: bool = False, late_s: float = 0) -> None:
        """Call back as PortAudio does, with memory that is reused afterwards."""
        self.clock += late_s
        memory = bytearray(frames.tobytes())
        times = SimpleNamespace(inputBufferAdcTime=self.clock)
        status = SimpleNamespace(input_overflow=overflow)
        self.callback(memory, len(frames), times, status)
        memory[:] = bytes(len(memory))
        self.clock += len(frames) / 1_000


@pytest.fixture
def audio(monkeypatch: pytest.MonkeyPatch) -> FakePortAudio:
    fake = FakePortAudio()
    monkeypatch.setattr(microphone, "portaudio", lambda: fake)
    return fake


def test_every_captured_frame_arrives(audio: FakePortAudio) -> None:
    blocks: list[NDArray[np.int16]] = []
    source = MicrophoneSource(DESK)
    assert (source.rate, source.channels, source.name) == (1_000, 2, "Desk")
    source.start(blocks.append)
    for start in range(0, 5_000, 50):
        audio.hear(ramp(start, 50, 2))
    source.stop()
    assert np.array_equal(np.concatenate(blocks), ramp(0, 5_000, 2))
    assert source.overruns == 0
    assert not audio.opened


def test_an_overrun_becomes_silence_of_the_lost_length(audio: FakePortAudio) -> None:
    source = MicrophoneSource(DESK)
    taken: list[tuple[int, NDArray[np.int16]]] = []
    source.start(lambda block: taken.append((source.overruns, block)))
    audio.hear(ramp(0, 50, 2))
    audio.hear(ramp(150, 50, 2), overflow=True, late_s=0.1)
    source.stop()
    frames = np.concatenate([block for _, block in taken])
    expected = ramp(0, 200, 2)
    expected[50:150] = 0
    assert np.array_equal(frames, expected)
    assert [(overruns, len(block)) for overruns, block in taken] == [(0, 50), (1, 100), (1, 50)]


def test_rates_and_channels_that_the_device_does_not_take_are_avoided(
    audio: FakePortAudio,
) -> None:
    audio.rates, audio.channels = (16_000, 44_100), 1
    source = MicrophoneSource(DESK)
    assert (source.rate, source.channels) == (44_100, 1)


def test_a_device_that_takes_nothing_says_what_to_do(audio: FakePortAudio) -> None:
    audio.rates = ()
    with pytest.raises(DeviceFailed, match=r"“Desk” could not be opened .*choose another"):
        MicrophoneSource(DESK)


def test_a_device_that_does_not_open_says_what_to_do(
    audio: FakePortAudio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(devices, "portaudio", lambda: audio)
    audio.refusal = audio.PortAudioError("Device unavailable")
    source = MicrophoneSource(DESK)
    with pytest.raises(DeviceFailed, match="Device unavailable"):
        source.start(lambda _: None)
    source.stop()
    assert devices.refresh()  # nothing counts as open any more


def test_a_device_that_goes_deaf_is_noticed(
    audio: FakePortAudio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(microphone, "DEAF_S", 0.1)
    source = MicrophoneSource(DESK)
    source.start(lambda _: None)
    audio.hear(ramp(0, 50, 2))
    assert source.exhausted.wait(5)
    source.stop()
    assert "stopped delivering" in str(failure_of(source))
