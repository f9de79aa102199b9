"""Every command of the window with its shortcut, and the menus that hold them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu

from app.exports import FORMATS
from app.settings import Theme as ThemeChoice
from app.words import translate as app_translate
from ui.correction.edit_actions import EditActions
from ui.review.review_actions import ReviewActions

translate = QCoreApplication.translate


class Actions(QObject):
    """The commands as named actions; the window connects them."""

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.record = self._action(translate("Actions", "&Record"), "Ctrl+R")
        self.pause = self._action(translate("Actions", "&Pause"), "Ctrl+P")
        self.computer_sound = self._action(
            translate("Actions", "Record the sound of this &computer"), "Ctrl+Shift+M"
        )
        self.sample = self._action(translate("Actions", "Play the &sample meeting"), "Ctrl+T")
        self.device = self._action(translate("Actions", "Choose &microphone"), "Ctrl+M")
        self.look = self._action(translate("Actions", "&Look for microphones again"), "F5")
        self.import_ = self._action(translate("Actions", "&Import files…"), "Ctrl+O")
        self.again = self._action(translate("Actions", "&Transcribe again…"), "Ctrl+Shift+T")
        self.retitle = self._action(translate("Actions", "Re&name meeting…"), "Ctrl+Shift+N")
        self.delete = self._action(translate("Actions", "&Move meeting to the bin"), "Ctrl+Shift+D")
        self.undo = self._action(translate("Actions", "&Undo"), "Ctrl+Z")
        self.redo = self._action(translate("Actions", "&Redo"), "Ctrl+Shift+Z")
        self.edits = EditActions(self._action)
        self.review = ReviewActions(self._action)
        self.bin = self._action(translate("Actions", "Show the &bin…"), "Ctrl+Shift+B")
        self.export = self._action(translate("Actions", "&Export…"), "Ctrl+E")
        self.copy_all = self._action(translate("Actions", "&Copy as text"), "Ctrl+Shift+C")
        self.people = self._action(translate("Actions", "&People…"), "Ctrl+Shift+P")
        self.remember = self._action(translate("Actions", "Remember this &voice"), "Ctrl+Shift+V")
        self.settings = self._action(translate("Actions", "&Settings…"), "Ctrl+,")
        self.settings.setMenuRole(QAction.MenuRole.PreferencesRole)
        self.quit = self._action(translate("Actions", "&Quit"), "Ctrl+Q")
        self.quit.setMenuRole(QAction.MenuRole.QuitRole)
        self.copy = self._action(translate("Actions", "&Copy turn"), "Ctrl+C")
        self.rename = self._action(translate("Actions", "&Rename speaker…"), "Ctrl+Shift+R")
        self.search = self._action(translate("Actions", "&Find in all meetings"), "Ctrl+Shift+F")
        self.to_library = self._action(translate("Actions", "Go to &meetings"), "Ctrl+1")
        self.to_turns = self._action(translate("Actions", "Go to &turns"), "Ctrl+2")
        self.to_live = self._action(translate("Actions", "Back to &live"), "Ctrl+L")
        self.library = self._action(translate("Actions", "Show the &library"), "Ctrl+B")
        self.library.setCheckable(True)
        self.shortcuts = self._action(translate("Actions", "&Keyboard shortcuts"), "F1")
        self.diagnosis = self._action(translate("Actions", "Copy &diagnosis"), "Shift+F1")
        self.about = self._action(translate("Actions", "&About Crosstalk"), "")
        self.about.setMenuRole(QAction.MenuRole.AboutRole)
        self.themes = self._themes()

    def all(self) -> list[QAction]:
        """Every action, in the order of the menus."""
        own = [each for each in vars(self).values() if isinstance(each, QAction)]
        return [*own, *self.edits.all(), *self.review.all()]

    def fill_menu_bar(self) -> None:
        """Put the actions into the window's menus."""
        bar = self._window.menuBar()
        bar.setNativeMenuBar(True)
        meeting = bar.addMenu(translate("Actions", "&Meeting"))
        meeting.addActions([self.record, self.sample, self.import_])
        meeting.addSeparator()
        meeting.addActions([self.device, self.look, self.computer_sound])
        meeting.addSeparator()
        meeting.addActions([self.retitle, self.export, self.copy_all, self.again])
        meeting.addSeparator()
        meeting.addActions([self.delete, self.bin])
        meeting.addSeparator()
        meeting.addActions([self.people, self.settings])
        meeting.addAction(self.quit)
        edit = bar.addMenu(translate("Actions", "&Edit"))
        edit.addActions([self.undo, self.redo])
        edit.addSeparator()
        edit.addAction(self.copy)
        edit.addSeparator()
        edit.addActions(self.review.of_finding)
        edit.addAction(self.search)
        edit.addSeparator()
        edit.addActions([self.rename, self.remember])
        self.edits.fill(edit)
        self.review.fill(bar.addMenu(translate("Actions", "&Playback")))
        view = bar.addMenu(translate("Actions", "&View"))
        view.addActions([self.to_live, self.to_library, self.to_turns, self.library])
        colours = view.addMenu(translate("Actions", "&Colours"))
        colours.addActions(list(self.themes.values()))
        help_menu = bar.addMenu(translate("Actions", "&Help"))
        help_menu.addActions([self.shortcuts, self.diagnosis, self.about])

    def shortcut_lines(self) -> list[tuple[str, str]]:
        """Each command that has a shortcut, and the shortcut as this system writes it."""
        native = QKeySequence.SequenceFormat.NativeText
        return [
            (each.text().replace("&", ""), each.shortcut().toString(native))
            for each in self.all()
            if not each.shortcut().isEmpty()
        ]

    def _themes(self) -> dict[ThemeChoice, QAction]:
        titles: dict[ThemeChoice, str] = {
            "system": translate("Actions", "As the &system"),
            "light": translate("Actions", "&Light"),
            "dark": translate("Actions", "&Dark"),
        }
        group = QActionGroup(self)
        made: dict[ThemeChoice, QAction] = {}
        for choice, title in titles.items():
            made[choice] = group.addAction(title)
            made[choice].setCheckable(True)
        return made

    def _action(self, text: str, shortcut: str) -> QAction:
        action = QAction(text, self._window)
        if shortcut:
            action.setShortcut(QKeySequence(shortcut))
        self._window.addAction(action)
        return action


def fill_export_menu(menu: QMenu, choose: Callable[[str], object]) -> None:
    """One entry for each format; ``choose`` takes its name."""
    for name in FORMATS:
        menu.addAction(f"{format_title(name)}…", partial(choose, name))


def format_title(name: str) -> str:
    """What a format is called, in the language of the window."""
    return app_translate("Formats", FORMATS[name].title)
