"""A room that exists only in software: what is played into it, its microphone hears."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.audio import devices

PROGRAMS = ("pulseaudio", "pactl", "paplay", "parec")
IN_CI = os.environ.get("CI", "").lower() in {"1", "true", "yes"}
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


def _keep_awake() -> subprocess.Popen[bytes]:
    """Listen all the time: alone, a null sink hands out its silence in steps of two seconds."""
    listen = ["parec", "--latency-msec=20", "--device=room.monitor"]
    return subprocess.Popen(listen, stdout=subprocess.DEVNULL)


def _end(*processes: subprocess.Popen[bytes]) -> None:
    for process in processes:
        process.terminate()
        process.wait(START_S)


def _await_server(server: subprocess.Popen[bytes], folder: Path) -> None:
    choose_microphone = ["pactl", "set-default-source", "room.monitor"]
    deadline = time.monotonic() + START_S
    while subprocess.run(choose_microphone, capture_output=True, check=False).returncode:
        log = (folder / "log").read_text(errors="replace")
        assert server.poll() is None, f"PulseAudio ended: {log}"
        assert time.monotonic() < deadline, f"PulseAudio does not answer: {log}"
        time.sleep(0.05)


@pytest.fixture(scope="session")
def _server() -> Iterator[None]:
    missing = [program for program in PROGRAMS if not shutil.which(program)]
    if missing:
        (pytest.fail if IN_CI else pytest.skip)(f"needs {', '.join(missing)} (package pulseaudio)")
    # Not tmp_path: the path of a socket may have 107 bytes only.
    with tempfile.TemporaryDirectory(prefix="room-") as name, pytest.MonkeyPatch.context() as patch:
        folder = Path(name)
        for variable in ("XDG_RUNTIME_DIR", "XDG_CONFIG_HOME", "PULSE_STATE_PATH"):
            patch.setenv(variable, name)
        patch.setenv("PULSE_SERVER", f"unix:{folder / 'socket'}")
        server = _start_server(folder)
        try:
            _await_server(server, folder)
            listener = _keep_awake()
            try:
                yield
            finally:
                _end(listener)
        finally:
            _end(server)


@pytest.fixture
def virtual_room(_server: None) -> VirtualRoom:
    """A silent room with one microphone, the default one."""
    assert devices.refresh(), "an earlier test left a stream open"
    names = [device.name for device in devices.input_devices()]
    if VirtualRoom.microphone not in names:
        reason = f"needs PulseAudio as an ALSA device (package libasound2-plugins), has {names}"
        (pytest.fail if IN_CI else pytest.skip)(reason)
    return VirtualRoom()
