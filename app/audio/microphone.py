"""A microphone, by PortAudio."""

from __future__ import annotations

import threading
import time
from contextlib import ExitStack
from typing import Any, Protocol

import numpy as np

from app.audio.devices import InputDevice, portaudio, stream_open
from app.audio.rate_watch import RateWatch
from app.audio.ring import CaptureRing
from app.audio.source import Sink
from app.errors import AppError, DeviceFailed
from app.words import translate
from engine.errors import EngineError

RING_S = 30  # how long the disk may stall
POLL_S = 0.02
LONGEST_GAP_S = 60  # silence written for one loss, however far the clock jumped
DEAF_S = 3.0  # a device that delivers nothing for so long is gone
MOST_CHANNELS = 2  # virtual devices offer 32, and all would be recorded
_RATES = (48_000, 44_100, 16_000)


class CallbackTime(Protocol):
    """PortAudio's clock of a callback, in seconds."""

    inputBufferAdcTime: float  # noqa: N815 - PortAudio's name


class MicrophoneSource:
    """Captures one device; see :class:`app.audio.source.AudioSource`."""

    def __init__(self, device: InputDevice) -> None:
        """Find out how the device can be opened; raises :class:`DeviceFailed` if it cannot."""
        self.name = device.name
        self.rate, self.channels = _workable(device)
        self.overruns = 0
        self.exhausted = threading.Event()
        self.failure: AppError | EngineError | None = None
        self._device = device
        self._ring = CaptureRing(RING_S * self.rate, self.channels, LONGEST_GAP_S * self.rate)
        self._rate_watch = RateWatch(self.rate)
        self._expected: float | None = None  # when the next callback's first frame is due
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._deliver, name="crosstalk-microphone")
        self._open = ExitStack()

    def start(self, sink: Sink) -> None:
        """Open the device and begin; raises :class:`DeviceFailed` if it does not open."""
        audio = portaudio()
        self._sink = sink
        self._open.enter_context(stream_open())
        try:
            stream = audio.RawInputStream(
                device=self._device.index,
                samplerate=self.rate,
                channels=self.channels,
                dtype="int16",
                latency="high",
                callback=self._capture,
            )
            self._open.callback(stream.close)
            stream.start()
        except audio.PortAudioError as error:
            self._open.close()
            raise _not_opened(self._device, error) from error
        self._open.callback(stream.stop)
        self._thread.start()

    def stop(self) -> None:
        """Close the device after its last buffer, and hand over what it delivered."""
        self._open.close()
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def _capture(self, data: Any, frames: int, clock: CallbackTime, status: Any) -> None:
        block = np.frombuffer(data, np.int16).reshape(frames, self.channels)
        begin = clock.inputBufferAdcTime
        lost = None
        if status.input_overflow:
            late_s = begin - self._expected if self._expected is not None else 0.0
            lost = max(0, round(late_s * self.rate))
        self._expected = begin + frames / self.rate
        self._ring.write(block, lost)

    def _deliver(self) -> None:
        heard_at = time.monotonic()
        while not self._stopping.wait(POLL_S):
            if self._drain():
                heard_at = time.monotonic()
            elif time.monotonic() - heard_at > DEAF_S:
                self._exhaust(
                    translate(
                        "app",
                        "The microphone “{name}” stopped delivering sound. Everything before is "
                        "saved. Check that it is connected, then record again.",
                    ).format(name=self.name)
                )
            if self._rate_watch.wrong:
                self._exhaust(
                    translate("app", "The microphone “{name}” changed its sampling rate.").format(
                        name=self.name
                    )
                )
        self._drain()

    def _exhaust(self, reason: str) -> None:
        if not self.exhausted.is_set():
            self.failure = DeviceFailed(reason)
            self.exhausted.set()

    def _drain(self) -> bool:
        stretches = self._ring.close() if self._stopping.is_set() else self._ring.read()
        any_frames = False
        for stretch in stretches:
            self.overruns += stretch.lost
            self._sink(stretch.frames)
            self._rate_watch.count(len(stretch.frames))
            any_frames = True
        return any_frames


def _workable(device: InputDevice) -> tuple[int, int]:
    """Rate and channels that the device can be opened with, its own first."""
    audio = portaudio()
    most = min(device.channels, MOST_CHANNELS)
    choices = [(rate, n) for n in range(most, 0, -1) for rate in (device.rate, *_RATES)]
    refusal: Exception | None = None
    for rate, channels in choices:
        try:
            audio.check_input_settings(device.index, channels, "int16", samplerate=rate)
        except audio.PortAudioError as error:
            refusal = refusal or error
        else:
            return rate, channels
    raise _not_opened(device, refusal) from refusal


def _not_opened(device: InputDevice, error: Exception | None) -> DeviceFailed:
    return DeviceFailed(
        translate(
            "app",
            "The microphone “{name}” could not be opened ({why}). Close other programs that "
            "use it, check that this program may use it, or choose another.",
        ).format(name=device.name, why=error)
    )
