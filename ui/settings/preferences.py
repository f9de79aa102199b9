"""Applies the settings to the window, and opens what is about them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from app.doctor import report
from app.settings import Settings
from ui.notices import failure
from ui.settings.chores import Chores
from ui.settings.keeper import Keeper
from ui.settings.shortcuts import Shortcuts
from ui.theme import Theme

if TYPE_CHECKING:
    from ui.main_window import MainWindow
    from ui.settings.dialog import SettingsDialog
    from ui.settings.welcome import Welcome


class Preferences(QObject):
    """Stands between the settings and the parts of the window that follow them."""

    def __init__(self, theme: Theme, settings: Settings, window: MainWindow) -> None:
        super().__init__(window)
        self.keeper = Keeper(settings, self)
        self.chores = Chores(window.desk.bridge, self)
        self.shortcuts = Shortcuts(window.actions_, self.keeper, window)
        self.welcome: Welcome | None = None
        self._theme = theme
        self._window = window
        self._dialog: SettingsDialog | None = None
        self.keeper.changed.connect(self._apply)
        self.keeper.noticed.connect(window.show_notice)
        window.actions_.settings.triggered.connect(self.show)
        window.actions_.diagnosis.triggered.connect(self.copy_diagnosis)

    @property
    def dialog(self) -> SettingsDialog:
        """The dialog, built when it is first wanted."""
        if self._dialog is None:
            from ui.settings.dialog import SettingsDialog  # it takes its time

            window = self._window
            self._dialog = SettingsDialog(
                self.keeper,
                self._theme,
                window.devices,
                self.chores,
                self.shortcuts,
                lambda: window.recording.busy,
                window,
            )
        return self._dialog

    def start(self) -> None:
        """Welcome whoever starts the program for the first time."""
        if not self.keeper.settings.first_run_done:
            from ui.settings.welcome import Welcome

            self.welcome = Welcome(self._theme, self.keeper, self.chores, self._window)
            self.welcome.show()

    def show(self) -> None:
        """Open the settings where they were left."""
        pages = self.dialog.pages()
        self.dialog.show_page(pages[max(0, self.dialog.list.currentRow())])

    def copy_diagnosis(self) -> None:
        """Look at everything, and put what was found on the clipboard."""
        self._window.presenter.say(self.tr("Looking at everything…"))
        self.chores.do("doctor", report, self._copy, self._fail)

    def stop(self) -> None:
        """The window closes."""
        if self._dialog is not None:
            self._dialog.models.dialog.stop()
        if self.welcome is not None:
            self.welcome.stop()

    def _copy(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self._window.presenter.say(self.tr("The diagnosis is on the clipboard"))

    def _fail(self, problem: str) -> None:
        self._window.show_notice(failure("diagnosis", problem))

    def _apply(self, name: str) -> None:
        settings = self.keeper.settings
        if name == "theme":
            self._theme.choose(settings.theme)
            self._window.actions_.themes[settings.theme].setChecked(True)
        elif name == "font_scale":
            self._theme.enlarge(settings.font_scale)
        elif name == "input_device":
            self._window.frame.bar.device.choose(settings.input_device)
