"""What the computer plays, as a source of its own beside the microphone.

Linux: the monitor of the default sink, by ``parec``, which speaks to PulseAudio and PipeWire alike.
PortAudio knows no monitors there. Elsewhere: a device of PortAudio's that carries it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable

import numpy as np

from app.audio import devices
from app.audio.devices import input_devices
from app.audio.inputs import Input
from app.audio.microphone import MicrophoneSource
from app.audio.source import AudioSource, Sink
from app.errors import AppError, DeviceFailed, DeviceNotFound
from app.sound import Source
from app.words import QT_TRANSLATE_NOOP, translate
from engine.errors import EngineError

RATE = 48_000
CHANNELS = 2
BLOCK_BYTES = RATE // 50 * CHANNELS * 2
ANSWER_S = 5.0

CARRIERS = {
    "win32": ("[loopback]", "stereo mix"),
    "darwin": ("blackhole", "loopback audio", "soundflower"),
}
"""Words in the names of devices that carry what the computer plays."""

ADVICE = {
    "win32": QT_TRANSLATE_NOOP(
        "app",
        "Switch on “Stereo Mix” in the sound settings of Windows (recording devices), or "
        "record the microphone only.",
    ),
    "darwin": QT_TRANSLATE_NOOP(
        "app",
        "macOS gives it to no program by itself: install BlackHole, play the sound "
        "through it, or record the microphone only.",
    ),
}


def system_audio() -> Input:
    """What the computer plays.

    Raises:
        DeviceNotFound: it cannot be had here; the message says what to do.
    """
    return Input(_source(), Source.SYSTEM, reopen=_source)


def _source() -> AudioSource:
    if sys.platform not in CARRIERS:
        return MonitorSource()
    devices.refresh()
    words = CARRIERS[sys.platform]
    for device in input_devices():
        if any(word in device.name.casefold() for word in words):
            return MicrophoneSource(device)
    said = translate("app", "The sound of this computer cannot be recorded. {advice}")
    raise DeviceNotFound(said.format(advice=translate("app", ADVICE[sys.platform])))


class MonitorSource:
    """The monitor of the default sink; see :class:`app.audio.source.AudioSource`.

    When another sink becomes the default one, this source is exhausted: the next is that one's.
    """

    def __init__(self) -> None:
        """Find the sink; raises :class:`DeviceNotFound` if there is none or nobody to ask."""
        self.sink = default_sink()
        self.name = f"{self.sink}.monitor"
        self.rate, self.channels = RATE, CHANNELS
        self.overruns = 0
        self.exhausted = threading.Event()
        self.failure: AppError | EngineError | None = None
        self._children: list[subprocess.Popen[bytes]] = []
        self._threads: list[threading.Thread] = []
        self._stopping = threading.Event()

    def start(self, sink: Sink) -> None:
        """Begin to deliver; raises :class:`DeviceFailed` if the programs do not start."""
        form = [f"--rate={RATE}", f"--channels={CHANNELS}", "--format=s16le"]
        record = ["parec", f"--device={self.name}", "--raw", "--latency-msec=50", *form]
        self._run("crosstalk-system", record, lambda child: self._deliver(child, sink))
        self._run("crosstalk-sinks", ["pactl", "subscribe"], self._watch)

    def stop(self) -> None:
        """End both programs and hand over what they delivered."""
        self._stopping.set()
        for child in self._children:
            child.terminate()
        for thread in self._threads:
            thread.join()

    def _run(
        self, name: str, command: list[str], read: Callable[[subprocess.Popen[bytes]], None]
    ) -> None:
        try:
            child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        except OSError as error:
            raise DeviceFailed(
                translate(
                    "app",
                    "The sound of this computer cannot be recorded ({why}). Record the microphone "
                    "only, or try again.",
                ).format(why=error)
            ) from error
        self._children.append(child)
        thread = threading.Thread(target=lambda: _followed(child, read), name=name)
        self._threads.append(thread)
        thread.start()

    def _deliver(self, child: subprocess.Popen[bytes], sink: Sink) -> None:
        assert child.stdout is not None
        while len(data := child.stdout.read(BLOCK_BYTES)) > 0:
            whole = len(data) - len(data) % (2 * CHANNELS)
            sink(np.frombuffer(data[:whole], "<i2").reshape(-1, CHANNELS).astype(np.int16))
        if not self._stopping.is_set():
            self._exhaust(translate("app", "The sound of this computer cannot be heard any more."))

    def _watch(self, child: subprocess.Popen[bytes]) -> None:
        assert child.stdout is not None
        for line in child.stdout:
            if b"on server" in line and not self._stopping.is_set() and self._is_another():
                self._exhaust(translate("app", "The sound of this computer goes another way now."))

    def _is_another(self) -> bool:
        try:
            return default_sink() != self.sink
        except DeviceNotFound:
            return False  # the end of the sound tells

    def _exhaust(self, reason: str) -> None:
        self.failure = DeviceFailed(reason)
        self.exhausted.set()


def default_sink() -> str:
    """What this computer plays through.

    Raises:
        DeviceNotFound: nothing, or it cannot be asked; the message says what to do.
    """
    if missing := [name for name in ("pactl", "parec") if not shutil.which(name)]:
        raise DeviceNotFound(
            translate(
                "app",
                "The sound of this computer cannot be recorded: {missing} is missing. Install it "
                "(Debian and Ubuntu: sudo apt install pulseaudio-utils), or record the "
                "microphone only.",
            ).format(missing=" and ".join(missing))
        )
    command = ["pactl", "get-default-sink"]
    environment = {**os.environ, "LC_ALL": "C"}
    try:
        asked = subprocess.run(
            command, capture_output=True, timeout=ANSWER_S, check=False, text=True, env=environment
        )
        name = asked.stdout.strip()
    except (OSError, subprocess.TimeoutExpired):
        name = ""
    if not name or name == "@DEFAULT_SINK@":
        raise DeviceNotFound(
            translate(
                "app",
                "The sound of this computer cannot be recorded: there is no PulseAudio or "
                "PipeWire with an output. Check the sound settings, or record the microphone "
                "only.",
            )
        )
    return name


def _followed(
    child: subprocess.Popen[bytes], read: Callable[[subprocess.Popen[bytes]], None]
) -> None:
    with child:  # waits for its end, and closes the pipe
        read(child)
