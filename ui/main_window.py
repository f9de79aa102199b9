"""The window: passes on between what the user does, what the app does, and what is shown."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QFileDialog, QMainWindow

from app.exports import FORMATS
from app.paths import resource
from app.settings import Settings
from app.settings import Theme as ThemeChoice
from ui import icons
from ui.about import AboutDialog
from ui.actions import Actions, format_title
from ui.announcer import Announcer
from ui.closing import Closing
from ui.copier import Copier
from ui.correction.corrector import Corrector
from ui.correction.turn_commands import TurnCommands
from ui.desk import Desk
from ui.devices import Devices
from ui.exporter import Exporter, Part
from ui.frame import Frame
from ui.help_dialogs import ShortcutsDialog
from ui.jobs.importer import Importer
from ui.key_hints import name_keys
from ui.librarian import Librarian
from ui.live import Phase
from ui.navigator import Navigator
from ui.notices import Notice, failure
from ui.people.people import People
from ui.presenter import Presenter
from ui.recording import Recording
from ui.recording_care import RecordingCare
from ui.review.reviewer import Reviewer
from ui.settings.preferences import Preferences
from ui.theme import Theme

START_SIZE = (1120, 720)
LEAST_SIZE = (460, 360)
LONGEST_NAME = 120
"""Bytes of a proposed file name; file systems take 255, paths on Windows 260 letters."""


class MainWindow(QMainWindow):
    """Crosstalk's one window."""

    def __init__(
        self,
        theme: Theme,
        settings: Settings,
        recording: Recording,
        desk: Desk,
        devices: Devices,
    ) -> None:
        super().__init__()
        self._settings = settings
        self.recording = recording
        self.desk = desk
        self.devices = devices
        self.sample = resource("sample/meeting.flac")
        self.frame = Frame(theme, settings.input_device, self)
        self.actions_ = Actions(self)
        self.closing = Closing(recording, self, self.close)
        self.setCentralWidget(self.frame)
        self.setWindowTitle("Crosstalk")
        self.setWindowIcon(icons.app_icon())
        self.setMinimumSize(*LEAST_SIZE)
        self.resize(*START_SIZE)
        self._connect_actions()
        self._connect_parts()
        self.navigator = Navigator(self.frame, self.actions_, desk, recording, self)
        self.presenter = Presenter(self.frame, self.actions_, recording, desk, devices, self)
        self.copier = Copier(self.frame, self.actions_, desk, self.presenter, self)
        self.announcer = Announcer(recording, desk, self)
        self.librarian = Librarian(theme, self.frame, self.actions_, desk, self)
        self.exporter = Exporter(theme, self.frame, self.actions_, desk, self.export, self)
        self.corrector = Corrector(self.frame, self.actions_, desk, self)
        self.commands = TurnCommands(self.frame, self.actions_, desk, self.corrector, self)
        self.corrector.said.connect(self.presenter.say)
        self.frame.page.view.speaker_renamed.connect(self.commands.rename)
        self.reviewer = Reviewer(self.frame, self.actions_, desk, recording, self)
        self.reviewer.player.noticed.connect(self.show_notice)
        self.presenter.noticed.connect(self.show_notice)
        say = self.presenter.say
        self.importer = Importer(theme, self.frame, self.actions_, desk, recording, say, self)
        self.importer.noticed.connect(self.show_notice)
        self.preferences = Preferences(theme, settings, self)
        keeper, presenter = self.preferences.keeper, self.presenter
        self.people = People(theme, self.frame, self.actions_, desk, keeper, presenter, self)
        self.care = RecordingCare(
            *(self.frame, self.actions_, recording, devices),
            *(self.preferences.keeper, recording.bridge, self),
        )

    def start(self) -> None:
        """What can wait until the window is up: the library and the microphones."""
        self.desk.open_library()
        self.devices.watch()
        self.care.start()
        self.preferences.start()

    def show_notice(self, notice: Notice) -> None:
        """Show what the user must not miss."""
        self.frame.banners.show_notice(notice)

    def toggle_recording(self) -> None:
        """Record, or stop."""
        if self.recording.phase is Phase.IDLE:
            self.frame.banners.remove("start")
            self.recording.record(self.frame.bar.device.wanted)
        else:
            self.recording.stop()

    def play_sample(self) -> None:
        """Play the sample meeting, as if it were spoken now."""
        if self.sample.is_file():
            self.frame.bar.record.setFocus()  # from here, the space bar stops it
            self.recording.play(self.sample, self.tr("Sample meeting"))
            return
        missing = self.tr("The sample meeting is missing: install Crosstalk again to get it back.")
        self.show_notice(failure("start", missing))

    def export(self, name: str, part: Part = None) -> None:
        """Ask where to, and write the open meeting, or a part of it, in a format."""
        current = self.desk.current
        if current is None:
            return
        target = FORMATS[name]
        proposal = Path.home() / f"{_file_name(current.summary.title)}{target.suffix}"
        path, _ = QFileDialog.getSaveFileName(
            self, self.tr("Export"), str(proposal), f"{format_title(name)} (*{target.suffix})"
        )
        if path:
            self.presenter.say(self.tr("Exporting…"))
            self.desk.save(target, Path(path), part)

    def choose_theme(self, choice: ThemeChoice) -> None:
        """Light, dark, or as the system; remembered."""
        self.preferences.keeper.change("theme", choice)

    def leave(self) -> None:
        """Stop, save and close without asking."""
        self.closing.leave()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Not while something would be cut off."""
        if not self.closing.may_close():
            event.ignore()
            return
        self.presenter.stop()
        self.reviewer.close()
        self.care.stop()
        self.importer.stop()
        self.preferences.stop()
        self.devices.stop()
        self.desk.close()
        event.accept()

    def _connect_actions(self) -> None:
        actions, frame = self.actions_, self.frame
        actions.record.triggered.connect(self.toggle_recording)
        actions.sample.triggered.connect(self.play_sample)
        actions.device.triggered.connect(frame.bar.device.showPopup)
        actions.look.triggered.connect(self.devices.look_again)
        actions.rename.triggered.connect(frame.page.view.rename_current)
        actions.shortcuts.triggered.connect(self._show_shortcuts)
        actions.about.triggered.connect(lambda: AboutDialog(self).open())
        actions.quit.triggered.connect(self.close)
        for choice, action in actions.themes.items():
            action.setChecked(choice == self._settings.theme)
            action.triggered.connect(lambda _=False, choice=choice: self.choose_theme(choice))
        actions.fill_menu_bar()
        for widget, action in (
            (frame.bar.record, actions.record),
            (frame.bar.pause, actions.pause),
            (frame.bar.device, actions.device),
            (frame.bar.system, actions.computer_sound),
            (frame.library.search, actions.search),
            (frame.page.to_live, actions.to_live),
        ):
            name_keys(widget, action)

    def _connect_parts(self) -> None:
        frame = self.frame
        frame.bar.record.clicked.connect(self.toggle_recording)
        frame.bar.device.chosen.connect(self._choose_device)
        frame.empty.record.clicked.connect(self.toggle_recording)
        frame.empty.sample.clicked.connect(self.play_sample)
        frame.library.sample.clicked.connect(self.play_sample)
        frame.library.opened.connect(self.desk.open)
        frame.library.retitled.connect(self.desk.rename_meeting)
        frame.page.transcribe.clicked.connect(self.actions_.again.trigger)
        self.desk.saved.connect(self._tell_saved)
        for part in (self.recording, self.desk):
            part.noticed.connect(self.show_notice)

    def _tell_saved(self, path: Path) -> None:
        self.presenter.say(self.tr("Saved as {path}").format(path=path))

    def _choose_device(self, name: str | None) -> None:
        self.preferences.keeper.change("input_device", name)

    def _show_shortcuts(self) -> None:
        ShortcutsDialog(self.actions_.shortcut_lines(), self).open()


def _file_name(title: str) -> str:
    """A title without what file systems do not take, and as long as they allow."""
    name = "".join(c if c.isalnum() or c in " -_.," else "-" for c in title).strip(" .")
    return name.encode()[:LONGEST_NAME].decode(errors="ignore").strip() or "Crosstalk"
