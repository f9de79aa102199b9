"""Settings of recording."""

from __future__ import annotations

from ui.device_box import DeviceBox
from ui.devices import Devices
from ui.settings.form import Page
from ui.settings.keeper import Keeper
from ui.text import figure
from ui.theme import Theme

MINUTES = (5, 10, 15, 30, 60)
SECONDS = (2.0, 5.0, 10.0, 20.0, 30.0)


class RecordingPage(Page):
    """Microphone, what is recorded, and what happens meanwhile."""

    def __init__(self, keeper: Keeper, theme: Theme, devices: Devices) -> None:
        super().__init__(keeper, theme)
        self._devices = devices
        self.heading.setText(self.tr("Recording"))
        self.device = DeviceBox(theme, keeper.settings.input_device)
        self.device.chosen.connect(lambda name: keeper.change("input_device", name))
        self.add("input_device", self.tr("Microphone"), self.device)
        self.check("record_system_audio", self.tr("Record the sound of this computer too"))
        self.check("transcribe_while_recording", self.tr("Transcribe while recording"))
        self.check("keep_awake", self.tr("Keep the computer awake"))
        self.choice(
            "silence_prompt_min",
            self.tr("Ask about a forgotten recording"),
            [
                (self.tr("Never"), 0),
                *((self._after(n), n) for n in MINUTES),
            ],
            self._after,
        )
        self.choice(
            "pre_roll_s",
            self.tr("Begin before Record is pressed"),
            [
                (self.tr("No"), 0.0),
                *((self._before(n), n) for n in SECONDS),
            ],
            self._before,
        )
        self.end()
        devices.changed.connect(self._show_devices)
        keeper.changed.connect(self._follow)
        self._show_devices()

    def _after(self, minutes: int) -> str:
        return self.tr("After %Ln minutes", "", minutes)

    def _before(self, seconds: float) -> str:
        return self.tr("{seconds} s before").format(seconds=figure(seconds))

    def _show_devices(self) -> None:
        self.device.show_devices(self._devices.found)

    def _follow(self, name: str) -> None:
        if name == "input_device":
            self.device.choose(self.keeper.settings.input_device)
