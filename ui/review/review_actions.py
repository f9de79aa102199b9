"""The commands of review: playing, finding, bookmarks."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu

translate = QCoreApplication.translate


class ReviewActions:
    """Made by ``new`` from a text and a shortcut, as every action of the window."""

    def __init__(self, new: Callable[[str, str], QAction]) -> None:
        self.play = new(translate("Actions", "&Play or pause"), "Esc")
        self.play.setShortcuts([QKeySequence("Esc"), QKeySequence("Ctrl+Space")])
        self.back = new(translate("Actions", "&Back 5 s"), "Ctrl+Left")
        self.forward = new(translate("Actions", "&Forward 5 s"), "Ctrl+Right")
        self.far_back = new(translate("Actions", "Back &10 s"), "Ctrl+Shift+Left")
        self.far_forward = new(translate("Actions", "Forward 1&0 s"), "Ctrl+Shift+Right")
        self.slower = new(translate("Actions", "&Slower"), "Alt+Down")
        self.faster = new(translate("Actions", "F&aster"), "Alt+Up")
        self.play_turn = new(translate("Actions", "Play this &turn"), "Ctrl+Return")
        self.follow = new(translate("Actions", "Scroll &along"), "Ctrl+Shift+L")
        self.follow.setCheckable(True)
        self.follow.setChecked(True)
        self.to_timeline = new(translate("Actions", "&Go to timeline"), "Ctrl+3")
        self.bookmark = new(translate("Actions", "Book&mark this moment"), "Ctrl+D")
        self.note = new(translate("Actions", "Bookmark with a &note…"), "Ctrl+K")
        self.notes = new(translate("Actions", "Show &notes"), "Ctrl+Shift+K")
        self.notes.setCheckable(True)
        self.find = new(translate("Actions", "F&ind in this meeting"), "Ctrl+F")
        self.find_next = new(translate("Actions", "Find ne&xt"), "F3")
        self.find_previous = new(translate("Actions", "Find pre&vious"), "Shift+F3")

    def all(self) -> list[QAction]:
        """Every action."""
        return [each for each in vars(self).values() if isinstance(each, QAction)]

    def fill(self, menu: QMenu) -> None:
        """The menu of playback."""
        menu.addActions([self.play, self.play_turn])
        menu.addSeparator()
        menu.addActions([self.back, self.forward, self.far_back, self.far_forward])
        menu.addSeparator()
        menu.addActions([self.slower, self.faster, self.follow, self.to_timeline])
        menu.addSeparator()
        menu.addActions([self.bookmark, self.note, self.notes])

    @property
    def of_sound(self) -> list[QAction]:
        """Those that play."""
        return [self.play, self.play_turn, self.slower, self.faster]

    @property
    def of_position(self) -> list[QAction]:
        """Those that go elsewhere."""
        return [self.back, self.forward, self.far_back, self.far_forward]

    @property
    def of_meeting(self) -> list[QAction]:
        """Those that need an open meeting, and no more."""
        return [self.bookmark, self.note, self.notes, *self.of_finding]

    @property
    def of_finding(self) -> list[QAction]:
        """Those that find."""
        return [self.find, self.find_next, self.find_previous]
