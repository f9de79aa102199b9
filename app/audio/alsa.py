"""Whether ALSA, the sound system of Linux, can be asked for devices at all."""

from __future__ import annotations

import ctypes
import sys

from app.errors import DeviceNotFound
from app.words import translate


def check_alsa() -> None:
    """Look before PortAudio does: without ALSA's configuration it ends the whole program.

    Raises:
        DeviceNotFound: the configuration is missing.
    """
    if sys.platform.startswith("linux") and not _has_devices():
        raise DeviceNotFound(
            translate(
                "app",
                "The configuration of the sound system ALSA is missing, so no microphone can be "
                "used. Install it (Debian and Ubuntu: sudo apt install libasound2-data) and start "
                "again; audio files work without it.",
            )
        )


def _has_devices() -> bool:
    """Whether the kinds of devices are configured; true where there is no ALSA, nor its abort."""
    try:
        alsa = ctypes.CDLL("libasound.so.2")
    except OSError:
        return True
    alsa.snd_config_update()
    top, found = ctypes.c_void_p.in_dll(alsa, "snd_config"), ctypes.c_void_p()
    return bool(alsa.snd_config_search(top, b"pcm", ctypes.byref(found)) >= 0)
