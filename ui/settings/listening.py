"""Listens to a microphone only to show how loud it is: nothing is kept."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from app.audio.devices import find_input
from app.audio.level import LevelMeter
from app.audio.sources import AudioSource, MicrophoneSource
from ui.settings.chores import Chores


@dataclass(frozen=True, slots=True)
class Loudness:
    """Message: how loud a microphone is, in dBFS."""

    of: object
    peak: float
    rms: float


class Listening(QObject):
    """``level`` carries peak and mean in dBFS, ``failed`` why nothing can be heard."""

    level = Signal(float, float)
    failed = Signal(str)
    changed = Signal(bool)

    def __init__(self, chores: Chores, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._chores = chores
        self._token: object | None = None  # whom the levels must come from
        self._source: AudioSource | None = None
        chores.bridge.delivered.connect(self._take)

    @property
    def active(self) -> bool:
        """Whether a microphone is open, or about to be."""
        return self._token is not None

    def begin(self, name: str | None) -> None:
        """Listen to a microphone by its name, or to the system's default."""
        self.end()
        token = self._token = object()
        post = self._chores.bridge.post
        self.changed.emit(True)

        def open_() -> AudioSource:
            source = MicrophoneSource(find_input(name))
            meter = LevelMeter(source.rate, lambda peak, rms: post(Loudness(token, peak, rms)))
            source.start(meter.push)
            return source

        self._chores.do(
            "listen",
            open_,
            lambda source: self._opened(token, source),
            lambda problem: self._refused(token, problem),
        )

    def end(self) -> None:
        """Close the microphone."""
        if self._token is None:
            return
        self._token, source, self._source = None, self._source, None
        if source is not None:
            source.stop()
        self.changed.emit(False)

    def _opened(self, token: object, source: AudioSource) -> None:
        if token is self._token:
            self._source = source
        else:  # it was ended before the device was open
            source.stop()

    def _refused(self, token: object, problem: str) -> None:
        if token is self._token:
            self._token = None
            self.changed.emit(False)
            self.failed.emit(problem)

    def _take(self, messages: list[object]) -> None:
        for message in messages:
            if isinstance(message, Loudness) and message.of is self._token:
                self.level.emit(message.peak, message.rms)
