"""The window: passes on between what the user does, what the app does, and what is shown."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent, QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QFileDialog, QMainWindow, QMenu, QMessageBox, QWidget

from app.exports import FORMATS
from app.paths import resource
from app.settings import Settings
from app.settings import Theme as ThemeChoice
from ui import icons
from ui.actions import Actions, fill_export_menu
from ui.announcer import Announcer
from ui.closing import Closing
from ui.correction.corrector import Corrector
from ui.correction.turn_commands import TurnCommands
from ui.desk import Desk
from ui.devices import Devices
from ui.frame import Frame
from ui.jobs.importer import Importer
from ui.key_hints import name_keys
from ui.librarian import Librarian
from ui.live import Phase
from ui.notices import Notice, failure
from ui.people.people import People
from ui.presenter import Presenter
from ui.recording import Recording
from ui.recording_care import RecordingCare
from ui.review.reviewer import Reviewer
from ui.rows import TurnRow
from ui.settings.preferences import Preferences
from ui.theme import Theme

START_SIZE = (1120, 720)
LEAST_SIZE = (460, 360)
NARROW_EMS = 46
"""A window narrower than this keeps the library out of sight until it is asked for."""

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
        self._narrow = False
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
        self.presenter = Presenter(self.frame, self.actions_, recording, desk, devices, self)
        self.announcer = Announcer(recording, desk, self)
        self.librarian = Librarian(theme, self.frame, self.actions_, desk, self)
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

    def export(self, name: str, turns: Collection[int] | None = None) -> None:
        """Ask where to, and write the open meeting, or some turns of it, in a format."""
        current = self.desk.current
        if current is None:
            return
        target = FORMATS[name]
        proposal = Path.home() / f"{_file_name(current.summary.title)}{target.suffix}"
        path, _ = QFileDialog.getSaveFileName(
            self, self.tr("Export"), str(proposal), f"{target.title} (*{target.suffix})"
        )
        if path:
            self.presenter.say(self.tr("Exporting…"))
            self.desk.save(target, Path(path), turns)

    def copy_all(self) -> None:
        """Put the whole open meeting on the clipboard."""
        if self.desk.current is not None:
            self._copy(range(self.desk.current.model.rowCount()))

    def choose_theme(self, choice: ThemeChoice) -> None:
        """Light, dark, or as the system; remembered."""
        self.preferences.keeper.change("theme", choice)

    def leave(self) -> None:
        """Stop, save and close without asking."""
        self.closing.leave()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window the turns need the room."""
        super().resizeEvent(event)
        narrow = event.size().width() < NARROW_EMS * self.fontMetrics().height()
        if narrow != self._narrow:
            self._narrow = narrow
            self.actions_.library.setChecked(not narrow)

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
        actions.retitle.triggered.connect(self._retitle)
        actions.export.triggered.connect(frame.page.export.showMenu)
        actions.copy_all.triggered.connect(self.copy_all)
        actions.copy.triggered.connect(self._copy_selected)
        actions.rename.triggered.connect(frame.page.view.rename_current)
        actions.search.triggered.connect(lambda: self._go_to_library(frame.library.search))
        actions.to_library.triggered.connect(lambda: self._go_to_library(frame.library.list))
        actions.to_turns.triggered.connect(frame.page.view.setFocus)
        actions.to_live.triggered.connect(self._go_live)
        actions.library.toggled.connect(frame.show_library)
        actions.shortcuts.triggered.connect(self._show_shortcuts)
        actions.about.triggered.connect(self._show_about)
        actions.quit.triggered.connect(self.close)
        for choice, action in actions.themes.items():
            action.setChecked(choice == self._settings.theme)
            action.triggered.connect(lambda _=False, choice=choice: self.choose_theme(choice))
        actions.library.setChecked(True)
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
        frame.page.view.copy_wanted.connect(self._copy_selected)
        frame.page.transcribe.clicked.connect(self.actions_.again.trigger)
        frame.page.view.menu_filling.connect(self._offer_export)
        frame.page.copy.clicked.connect(self.copy_all)
        fill_export_menu(frame.page.export_menu, self.export)
        self.desk.saved.connect(self._tell_saved)
        self.desk.opened.connect(self._show_what_opened)
        for part in (self.recording, self.desk):
            part.noticed.connect(self.show_notice)

    def _show_what_opened(self) -> None:
        """In a narrow window the library is done with once something was chosen in it."""
        if self._narrow:
            self.actions_.library.setChecked(False)

    def _offer_export(self, menu: QMenu) -> None:
        """Write the selected turns, and nothing else."""
        view = self.frame.page.view
        rows = (view.turns().row(row) for row in view.selected_rows())
        turns = [row.number for row in rows if isinstance(row, TurnRow) and row.words]
        formats = menu.addMenu(self.tr("E&xport selected turns"))
        fill_export_menu(formats, partial(self.export, turns=turns))
        formats.setEnabled(bool(turns))

    def _go_live(self) -> None:
        live = self.recording.live
        if live is not None and live.meeting_id is not None:
            if self.desk.current is None or self.desk.current.live is not live:
                self.desk.open(live.meeting_id)
            self.frame.page.view.follow()

    def _go_to_library(self, part: QWidget) -> None:
        self.actions_.library.setChecked(True)
        part.setFocus()

    def _retitle(self) -> None:
        if self.desk.current is not None:
            self.actions_.library.setChecked(True)
            self.frame.library.clear_search()
            self.frame.library.select(self.desk.current.summary.id)
            self.frame.library.rename_current()

    def _copy_selected(self) -> None:
        self._copy(self.frame.page.view.selected_rows())

    def _copy(self, rows: range | list[int]) -> None:
        if rows:
            QGuiApplication.clipboard().setText(self.desk.text(rows))
            self.presenter.say(self.tr("Copied"))

    def _tell_saved(self, path: Path) -> None:
        self.presenter.say(self.tr("Saved as {path}").format(path=path))

    def _choose_device(self, name: str | None) -> None:
        self.preferences.keeper.change("input_device", name)

    def _show_shortcuts(self) -> None:
        rows = "".join(
            f"<tr><td>{what}</td><td width=40></td><td style='font-weight:600'>{keys}</td></tr>"
            for what, keys in self.actions_.shortcut_lines()
        )
        self._inform(self.tr("Keyboard shortcuts"), f"<table cellpadding=3>{rows}</table>")

    def _show_about(self) -> None:
        text = self.tr(
            "Records a meeting and shows who says what, while people talk. "
            "Everything stays on this computer."
        )
        self._inform("Crosstalk", text)

    def _inform(self, title: str, text: str) -> None:
        box = QMessageBox(QMessageBox.Icon.NoIcon, title, text, parent=self)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.open()


def _file_name(title: str) -> str:
    """A title without what file systems do not take, and as long as they allow."""
    name = "".join(c if c.isalnum() or c in " -_.," else "-" for c in title).strip(" .")
    return name.encode()[:LONGEST_NAME].decode(errors="ignore").strip() or "Crosstalk"
