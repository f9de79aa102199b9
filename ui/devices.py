"""The microphones that can be chosen, looked for again when one is plugged in or out."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal

from app.audio import devices
from app.audio.devices import InputDevice
from ui.bridge import Bridge

SETTLE_MS = 400
"""A device that is plugged in announces itself several times."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Found:
    """Message: the microphones there are, or why none can be used."""

    devices: tuple[InputDevice, ...]
    problem: str = ""


class Devices(QObject):
    """Keeps the list of microphones; looking takes its time and never makes the window wait.

    ``plugged`` tells that something was plugged in or out, and whether the default one is another.
    """

    changed = Signal()
    plugged = Signal(bool)

    def __init__(self, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.found: Found | None = None  # None: still looking for the first time
        self._bridge = bridge
        self._looking = False
        self._again = False
        self._watch: QObject | None = None
        self._settle = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._settle.timeout.connect(self._tell_plugged)
        self._default = b""
        bridge.delivered.connect(self._take)

    def watch(self) -> None:
        """Look now, and whenever the system says that something was plugged in or out."""
        from PySide6.QtMultimedia import QMediaDevices  # takes its time: after the window is up

        watch = QMediaDevices(self)
        watch.audioInputsChanged.connect(self._settle.start)
        self._watch = watch
        self._default = _default_input()
        self._look(refresh=False)

    def look_again(self) -> None:
        """Look for devices anew; while one is recording, that has to wait for :meth:`resume`."""
        self._look(refresh=True)

    def resume(self) -> None:
        """Nothing records any more: do what had to wait."""
        if self._again:
            self._look(refresh=True)

    def stop(self) -> None:
        """Look no more."""
        self._settle.stop()
        self._again = False

    def _tell_plugged(self) -> None:
        before, self._default = self._default, _default_input()
        self.plugged.emit(before != self._default)
        self.look_again()

    def _look(self, refresh: bool) -> None:
        self._again = self._looking
        if not self._looking:
            self._looking = True
            self._bridge.run("crosstalk-devices", lambda: _find(refresh))

    def _take(self, messages: list[object]) -> None:
        for message in messages:
            if isinstance(message, Found | Postponed):
                self._looking = False
                self._hear(message)

    def _hear(self, message: Found | Postponed) -> None:
        if isinstance(message, Postponed):
            self._again = True
            return
        again, self._again = self._again, False
        self.found = message
        self.changed.emit()
        if again:
            self._look(refresh=True)


@dataclass(frozen=True, slots=True)
class Postponed:
    """Message: something is recording, so devices cannot be looked for."""


def _default_input() -> bytes:
    from PySide6.QtMultimedia import QMediaDevices

    return bytes(QMediaDevices.defaultAudioInput().id().data())


def _find(refresh: bool) -> Found | Postponed:
    try:
        if refresh and not devices.refresh():
            return Postponed()
        return Found(tuple(devices.input_devices()))
    except Exception as error:  # a broken sound system must not take the window with it
        logger.info("no microphones could be listed", exc_info=True)
        return Found((), str(error))
