"""Leads through the very first start, until the user begins with something."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.hardware import ComputeFound, likely_devices
from app.model_card import card_of
from app.models import default_model
from ui.settings.chores import Chores
from ui.settings.keeper import Keeper
from ui.settings.listening import Listening
from ui.settings.welcome_page import WelcomePage
from ui.theme import Theme

if TYPE_CHECKING:
    from ui.main_window import MainWindow


class Welcome(QObject):
    """Puts the page into the middle of the window, and takes it away for good."""

    def __init__(self, theme: Theme, keeper: Keeper, chores: Chores, window: MainWindow) -> None:
        super().__init__(window)
        self._keeper = keeper
        self._chores = chores
        self._window = window
        self.page = WelcomePage(theme, keeper.settings.input_device)
        self.listening = Listening(chores, self)
        window.frame.middle.addWidget(self.page)
        self._connect()

    def show(self) -> None:
        """Show the page, and find out what the speech engine has to work with."""
        self._window.frame.middle.setCurrentWidget(self.page)
        self._show_devices()
        self.page.record.setFocus()
        self._chores.do("welcome", _engine_found, self._show_engine, self.page.engine.setText)

    def stop(self) -> None:
        """The window closes."""
        self.listening.end()

    def _connect(self) -> None:
        page, window = self.page, self._window
        page.record.clicked.connect(self._leave_for(window.toggle_recording))
        page.sample.clicked.connect(self._leave_for(window.play_sample))
        page.import_.clicked.connect(self._leave_for(window.actions_.import_.trigger))
        page.skip.clicked.connect(self._leave)
        page.try_.clicked.connect(self._try)
        page.device.chosen.connect(self._choose)
        self.listening.changed.connect(page.show_listening)
        self.listening.level.connect(page.meter.show_level)
        self.listening.failed.connect(page.heard.setText)
        window.devices.changed.connect(self._show_devices)
        self._keeper.changed.connect(self._follow)
        window.frame.middle.currentChanged.connect(self._look_whether_left)

    def _leave_for(self, begin: Callable[[], object]) -> Callable[[], None]:
        def leave() -> None:
            self._leave()
            begin()

        return leave

    def _leave(self) -> None:
        self.listening.end()
        self._keeper.change("first_run_done", True)
        if self._window.frame.middle.currentWidget() is self.page:
            self._window.frame.show_advice()
        self._window.frame.bar.record.setFocus()

    def _look_whether_left(self) -> None:
        """Something else took its place: a meeting was opened, or is recorded."""
        if self._window.frame.middle.currentWidget() is not self.page:
            self.listening.end()
            self._keeper.change("first_run_done", True)

    def _try(self) -> None:
        if self.listening.active:
            self.listening.end()
        else:
            self.listening.begin(self.page.device.wanted)

    def _choose(self, name: str | None) -> None:
        self._keeper.change("input_device", name)
        if self.listening.active:
            self.listening.begin(name)

    def _follow(self, name: str) -> None:
        """The microphone was chosen elsewhere, in the bar for example."""
        if name == "input_device":
            self.page.device.choose(self._keeper.settings.input_device)

    def _show_devices(self) -> None:
        found = self._window.devices.found
        self.page.device.show_devices(found)
        self.page.show_listening(self.listening.active)
        some = found is None or bool(found.devices)
        self.page.try_.setEnabled(some)
        self.page.record.setEnabled(some)
        if not some:
            self.page.heard.setText(
                self.tr("No microphone was found. Connect one: it will show up by itself.")
            )

    def _show_engine(self, found: tuple[str, ComputeFound]) -> None:
        name, compute = found
        where = compute.gpu or self.tr("the processor")
        said = self.tr("Ready: the model “{model}”, on {device}.")
        self.page.engine.setText(said.format(model=name, device=where))


def _engine_found() -> tuple[str, ComputeFound]:
    return card_of(default_model()).name, likely_devices()
