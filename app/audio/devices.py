"""The microphones of this machine, as PortAudio sees them.

PortAudio looks for devices once, when it is initialised; :func:`refresh` makes it look again.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import ModuleType

from app.audio.alsa import check_alsa
from app.errors import DeviceNotFound
from app.words import translate

_lock = threading.RLock()
_open_streams = 0


@dataclass(frozen=True, slots=True)
class InputDevice:
    """Something to record from. ``index`` is PortAudio's, until the next :func:`refresh`."""

    index: int
    name: str
    channels: int
    rate: int
    is_default: bool
    hostapi: str


def portaudio() -> ModuleType:
    """The sounddevice module; importing it initialises PortAudio, so it waits for the first use.

    Raises:
        DeviceNotFound: the PortAudio library is not installed, or not usable.
    """
    if "sounddevice" not in sys.modules:
        check_alsa()
    try:
        import sounddevice
    except OSError as error:
        raise DeviceNotFound(
            translate(
                "app",
                "PortAudio is missing, so no microphone can be used. Install it (Debian and "
                "Ubuntu: sudo apt install libportaudio2) and start again; audio files work "
                "without it.",
            )
        ) from error
    module: ModuleType = sounddevice
    return module


def input_devices() -> list[InputDevice]:
    """All devices that can record, in PortAudio's order; an empty list where there are none."""
    audio = portaudio()
    with _lock:
        default = audio.default.device[0]
        apis = [api["name"] for api in audio.query_hostapis()]
        return [
            InputDevice(
                index=index,
                name=device["name"],
                channels=device["max_input_channels"],
                rate=round(device["default_samplerate"]),
                is_default=index == default,
                hostapi=apis[device["hostapi"]],
            )
            for index, device in enumerate(audio.query_devices())
            if device["max_input_channels"] > 0
        ]


def find_input(name: str | None) -> InputDevice:
    """The device called ``name``, or the default one.

    Raises:
        DeviceNotFound: there is none; the message lists those that there are.
    """
    devices = input_devices()
    if not devices:
        raise DeviceNotFound(
            translate(
                "app",
                "No microphone was found. Connect one, or allow this program to use it, and try "
                "again; audio files can be transcribed all the same.",
            )
        )
    if name is None:
        return next((device for device in devices if device.is_default), devices[0])
    for device in devices:
        if device.name == name:
            return device
    known = ", ".join(f"“{device.name}”" for device in devices)
    raise DeviceNotFound(
        translate("app", "There is no microphone called “{name}”. Connected are: {known}.").format(
            name=name, known=known
        )
    )


def refresh() -> bool:
    """Look for devices again; returns False, with nothing done, while something is recording."""
    audio = portaudio()
    with _lock:
        if _open_streams:
            return False
        audio._terminate()
        audio._initialize()
        return True


@contextmanager
def stream_open() -> Iterator[None]:
    """Hold off :func:`refresh`, which would pull the stream away."""
    global _open_streams
    with _lock:
        _open_streams += 1
    try:
        yield
    finally:
        with _lock:
            _open_streams -= 1
