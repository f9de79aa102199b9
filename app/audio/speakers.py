"""The loudspeakers or headphones that the system has chosen, by PortAudio."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

from app.audio.devices import portaudio, stream_open
from app.errors import AppError, DeviceNotFound
from app.words import translate

LATENCY_S = 0.15
"""Played ahead: on a busy machine less is heard as gaps, and more as a slow pause button."""


class PlaybackError(AppError):
    """Nothing can be heard: there is no sound device, or it stopped."""


class Output(Protocol):
    """Somewhere to play mono sound to; for one thread."""

    latency_s: float

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None:
        """Fall silent at once."""

    def write(self, samples: NDArray[np.float32]) -> None:
        """Play (n,) samples in [-1, 1], and wait until there is room for more."""

    def drain(self) -> None:
        """Wait until everything was heard."""


class Speakers:
    """See :class:`Output`. While it is open PortAudio cannot look for devices again."""

    def __init__(self, rate: int) -> None:
        """Open the device that the system plays to; raises :class:`PlaybackError`."""
        try:
            audio = portaudio()
        except DeviceNotFound as error:
            raise PlaybackError(
                translate(
                    "app",
                    "PortAudio is missing, so nothing can be played. Install it (Debian and "
                    "Ubuntu: sudo apt install libportaudio2) and start again.",
                )
            ) from error
        self._broken = (audio.PortAudioError, OSError, ValueError)
        self._open = ExitStack()
        self._open.enter_context(stream_open())
        try:
            self._stream = audio.OutputStream(
                samplerate=rate, channels=1, dtype="float32", latency=LATENCY_S
            )
            self._open.callback(self._stream.close)
            self._stream.start()
        except self._broken as error:
            self._open.close()
            raise PlaybackError(
                translate(
                    "app",
                    "Nothing can be played: no loudspeakers or headphones were found, or another "
                    "program keeps them. Connect some, or choose them in the system's sound "
                    "settings, and try again.",
                )
            ) from error
        self.latency_s = float(self._stream.latency)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.callback(self._stream.abort)
        self._open.close()

    def write(self, samples: NDArray[np.float32]) -> None:
        """Play samples; raises :class:`PlaybackError` if the device is gone."""
        try:
            self._stream.write(samples[:, None])
        except self._broken as error:
            raise PlaybackError(
                translate(
                    "app",
                    "Playing stopped: the loudspeakers or headphones are gone. Play again to go "
                    "on with those that the system chose instead.",
                )
            ) from error

    def drain(self) -> None:
        """Wait until everything was heard."""
        self._stream.stop()
