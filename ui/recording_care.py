"""Looks after the recording around its button: pause, the computer's sound, pre-roll, devices."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass

from PySide6.QtCore import QObject

from app.audio.devices import find_input
from app.audio.microphone import MicrophoneSource
from app.audio.pre_roll import PreRoll
from app.audio.source import AudioSource
from app.meeting import MeetingRun
from ui.actions import Actions
from ui.bridge import Bridge
from ui.devices import Devices
from ui.frame import Frame
from ui.live import Phase
from ui.recording import Recording
from ui.settings.keeper import Keeper
from ui.top_bar import PAUSABLE
from ui.wishes import wishes_of

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Listening:
    """Message: a microphone is listened to before the recording; None: it does not open."""

    device: str | None
    source: PreRoll | None


@dataclass(frozen=True, slots=True)
class Closed:
    """Message: that microphone is closed."""


class RecordingCare(QObject):
    """Connects pause, the switch for the computer's sound, and what the settings say."""

    def __init__(
        self,
        frame: Frame,
        actions: Actions,
        recording: Recording,
        devices: Devices,
        keeper: Keeper,
        bridge: Bridge,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._bar = frame.bar
        self._actions = actions
        self._recording = recording
        self._devices = devices
        self._keeper = keeper
        self._bridge = bridge
        self._open: Listening | None = None
        self._busy = False
        self._thread: threading.Thread | None = None
        self._came: list[Listening] = []  # what that thread opened
        self._refused = False  # until something changes
        self._going = False
        recording.wishes = lambda: wishes_of(keeper.settings)
        recording.prepared = self._hand_over
        actions.pause.triggered.connect(recording.toggle_pause)
        actions.computer_sound.triggered.connect(self._bar.system.click)
        self._bar.pause.clicked.connect(recording.toggle_pause)
        self._bar.system.setChecked(keeper.settings.record_system_audio)
        self._bar.system.toggled.connect(lambda on: keeper.change("record_system_audio", on))
        keeper.changed.connect(self._follow)
        recording.changed.connect(self._show)
        devices.plugged.connect(self._plugged)
        devices.changed.connect(self._listen_anew)
        bridge.delivered.connect(self._take)
        self._show()

    def start(self) -> None:
        """The window is up: from now on a microphone may be listened to."""
        self._going = True

    def stop(self) -> None:
        """Listen no more."""
        self._going = False
        listening, self._open = self._open, None
        if self._busy and self._thread is not None:  # nobody hears any more that it has opened
            self._thread.join()
            listening = next(iter(self._came), None)
        if listening and listening.source:
            listening.source.stop()

    def _follow(self, name: str) -> None:
        if name == "record_system_audio":
            self._bar.system.setChecked(self._keeper.settings.record_system_audio)
        elif name in ("pre_roll_s", "input_device"):
            self._close()
            self._listen_anew()

    def _show(self) -> None:
        phase = self._recording.phase
        run = self._recording.live.run if self._recording.live else None
        can_pause = phase in PAUSABLE and run is not None and run.can_pause
        self._bar.pause.setVisible(can_pause)
        self._actions.pause.setText(self._bar.pause_text)
        self._actions.pause.setEnabled(can_pause)
        self._actions.computer_sound.setEnabled(phase is Phase.IDLE)
        if phase is Phase.IDLE:
            self._listen()

    def _plugged(self, other_default: bool) -> None:
        """Follow the default microphone, and go back to the chosen one when it is back."""
        live, wanted = self._recording.live, self._bar.device.wanted
        if live and live.run and (other_default if wanted is None else _is_away(live.run, wanted)):
            self._recording.renew()
        self._close()  # PortAudio does not look for devices while one is open

    def _listen_anew(self) -> None:
        self._refused = False
        self._listen()

    def _listen(self) -> None:
        """Open the microphone before the recording, if the user wants that."""
        seconds = self._keeper.settings.pre_roll_s
        idle = self._recording.phase is Phase.IDLE
        if not (self._going and seconds and idle) or self._open or self._busy or self._refused:
            return
        if not self._devices.found or not self._devices.found.devices:
            return
        self._busy = True
        device = self._bar.device.wanted
        came = self._came = list[Listening]()
        self._thread = self._bridge.run(
            "crosstalk-pre-roll", lambda: _noted(came, _listen_to(device, seconds))
        )

    def _take(self, messages: list[object]) -> None:
        for message in messages:
            if isinstance(message, Listening):
                self._busy = False
                self._has_opened(message)
            elif isinstance(message, Closed):
                self._busy = False
                if self._recording.phase is Phase.IDLE and self._going:
                    self._devices.look_again()

    def _has_opened(self, message: Listening) -> None:
        self._open = message if message.source else None
        self._refused = message.source is None
        wanted = self._going and self._keeper.settings.pre_roll_s
        if not wanted or self._recording.phase is not Phase.IDLE:
            self._close()
        self._tell()

    def _hand_over(self, device: str | None) -> AudioSource | None:
        """The microphone with its last seconds, to whoever records now."""
        listening = self._open
        if listening is None or listening.device != device or not listening.source:
            self._close()
            return None
        self._open = None
        self._tell()
        if listening.source.exhausted.is_set():
            listening.source.stop()
            return None
        return listening.source

    def _close(self) -> None:
        listening, self._open = self._open, None
        if listening and listening.source:
            source, self._busy = listening.source, True
            self._tell()
            self._bridge.run("crosstalk-pre-roll", lambda: _closed(source))

    def _tell(self) -> None:
        self._recording.pre_roll_s = self._keeper.settings.pre_roll_s if self._open else 0.0
        self._recording.changed.emit()


def _is_away(run: MeetingRun, wanted: str) -> bool:
    return run.device_name != wanted


def _listen_to(device: str | None, seconds: float) -> Listening:
    try:
        source = PreRoll(MicrophoneSource(find_input(device)), seconds)
        source.listen()
    except Exception:  # then the recording begins when it is begun, and says what is wrong
        logger.info("no microphone opens before the recording", exc_info=True)
        return Listening(device, None)
    return Listening(device, source)


def _noted(came: list[Listening], listening: Listening) -> Listening:
    came.append(listening)
    return listening


def _closed(source: PreRoll) -> Closed:
    source.stop()
    return Closed()
