"""The commands that correct turns, with their shortcuts."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

translate = QCoreApplication.translate

NewAction = Callable[[str, str], QAction]
"""Makes an action of the window from its text and shortcut."""


class EditActions:
    """What can be done with the selected turns. Their keys work where the turns have the focus."""

    def __init__(self, new: NewAction) -> None:
        self.words = new(translate("Actions", "Edit &words"), "F2")
        self.words.setShortcuts([QKeySequence(key) for key in ("F2", "Return", "Enter")])
        self.split = new(translate("Actions", "&Split turn…"), "Ctrl+Shift+S")
        self.join = new(translate("Actions", "&Join with the next turn"), "Ctrl+J")
        self.delete = new(translate("Actions", "&Delete turns"), "Del")
        self.person = new(translate("Actions", "&Person of this turn…"), "Ctrl+G")
        self.everything = new(translate("Actions", "&All turns of this person to…"), "Ctrl+Shift+G")
        self.merge = new(translate("Actions", "&Merge this person into…"), "Ctrl+Shift+J")
        self.start_earlier = new(translate("Actions", "Start 0.1 s earlier"), "Alt+Left")
        self.start_later = new(translate("Actions", "Start 0.1 s later"), "Alt+Right")
        self.end_earlier = new(translate("Actions", "End 0.1 s earlier"), "Alt+Shift+Left")
        self.end_later = new(translate("Actions", "End 0.1 s later"), "Alt+Shift+Right")
        self.times = new(translate("Actions", "S&tart and end…"), "Ctrl+Shift+E")
        for action in self.all():
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)

    def all(self) -> list[QAction]:
        """Every action."""
        return [each for each in vars(self).values() if isinstance(each, QAction)]

    @property
    def of_people(self) -> list[QAction]:
        """Who speaks."""
        return [self.person, self.everything, self.merge]

    @property
    def of_times(self) -> list[QAction]:
        """From where to where."""
        bounds = [self.start_earlier, self.start_later, self.end_earlier, self.end_later]
        return [*bounds, self.times]

    def serve(self, view: QWidget) -> None:
        """Let the keys work while ``view`` has the focus."""
        view.addActions(self.all())

    def enable(self, actions: Iterable[QAction]) -> None:
        """Only these can be used now."""
        usable = set(actions)
        for action in self.all():
            action.setEnabled(action in usable)

    def fill(self, menu: QMenu) -> None:
        """Put the actions into the window's menu."""
        menu.addActions(self.of_people)
        menu.addSeparator()
        menu.addActions([self.words, self.split, self.join])
        self.add_times(menu)
        menu.addAction(self.delete)

    def add_times(self, menu: QMenu) -> None:
        """Put what moves start and end into a menu of its own."""
        times = menu.addMenu(translate("Actions", "&Times"))
        times.addActions(self.of_times)
