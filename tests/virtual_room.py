"""A room that exists only in software: what is played into it, its microphone hears."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from app.audio import devices
from tests.needs import lacking

PROGRAMS = ("pulseaudio", "pactl", "paplay", "parec")
START_S = 20.0
RATE = 48_000


class VirtualRoom:
    """A PulseAudio server of our own; ``microphone`` is its name among PortAudio's devices."""

    microphone = "pulse"
    rate = RATE

    def play(self, path: Path) -> subprocess.Popen[bytes]:
        """Start to play an audio file; ``wait()`` on the result for its end."""
        return subprocess.Popen(["paplay", "--latency-msec=200", str(path)])


def _start_server(folder: Path) -> subprocess.Popen[bytes]:
    protocol = f"module-native-protocol-unix auth-anonymous=1 socket={folder / 'socket'}"
    sink = f"module-null-sink sink_name=room rate={RATE}"
    arguments = ["-n", "--daemonize=no", "--exit-idle-time=-1", "-L", protocol, "-L", sink]
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(["pulseaudio", *arguments], stdout=log, stderr=log)


def _listen(folder: Path) -> subprocess.Popen[bytes]:
    """Listen all the time: alone, a null sink hands out its silence in steps of two seconds."""
    cheap = ["--rate=8000", "--channels=1", "--format=u8"]
    listen = ["parec", "--latency-msec=20", "--device=room.monitor", *cheap]
    with (folder / "heard").open("wb") as heard:
        listener = subprocess.Popen(listen, stdout=heard)
    _await(lambda: (folder / "heard").stat().st_size > 0, "nothing is heard")
    return listener


def _choose_microphone() -> bool:
    command = ["pactl", "set-default-source", "room.monitor"]
    return not subprocess.run(command, capture_output=True, check=False).returncode


def _await(true: Callable[[], bool], complaint: str) -> None:
    deadline = time.monotonic() + START_S
    while not true():
        assert time.monotonic() < deadline, complaint
        time.sleep(0.05)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    process.wait(START_S)


@contextmanager
def running_room() -> Iterator[subprocess.Popen[bytes]]:
    """A server for all sound of this process and its children, while inside."""
    missing = [program for program in PROGRAMS if not shutil.which(program)]
    if missing:
        lacking(f"needs {', '.join(missing)} (package pulseaudio)")
    with ExitStack() as stack:
        # Not tmp_path: the path of a socket may have 107 bytes only.
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="room-")))
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        for variable in ("XDG_RUNTIME_DIR", "XDG_CONFIG_HOME", "PULSE_STATE_PATH"):
            patch.setenv(variable, str(folder))
        patch.setenv("PULSE_SERVER", f"unix:{folder / 'socket'}")
        server = _start_server(folder)
        stack.callback(_end, server)
        _await(_choose_microphone, f"PulseAudio does not answer, see {folder / 'log'}")
        stack.callback(_end, _listen(folder))
        yield server


def look_for_microphones() -> None:
    assert devices.refresh(), "an earlier test left a stream open"
    names = [device.name for device in devices.input_devices()]
    if VirtualRoom.microphone not in names:
        reason = f"needs PulseAudio as an ALSA device (package libasound2-plugins), has {names}"
        lacking(reason)
