"""The context menu of the turns: whoever can do something with a turn fills a section."""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum, auto

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu, QWidget

Fill = Callable[[QMenu, QPoint], None]
"""Adds entries to a menu that was asked for at a point of the list."""


class Section(IntEnum):
    """The sections of the menu, from the top."""

    NAME = auto()
    EXPORT = auto()
    VOICE = auto()
    EDIT = auto()


class TurnMenu:
    """Builds the menu anew each time; its order is that of :class:`Section`, whoever came first."""

    def __init__(self) -> None:
        self._fills: dict[Section, Fill] = {}

    def add(self, section: Section, fill: Fill) -> None:
        """Have a section of the menu filled."""
        self._fills[section] = fill

    def build(self, parent: QWidget, point: QPoint) -> QMenu:
        """The menu of what is selected and of what lies at a point of the list."""
        menu = QMenu(parent)
        for section in sorted(self._fills):
            self._fills[section](menu, point)
        return menu
