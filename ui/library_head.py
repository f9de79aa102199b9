"""The head of the library: its title, the search through all meetings, and the filter."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.store import MeetingFilter
from ui import icons
from ui.library_filter import LibraryFilter
from ui.theme import Theme, scaled

LEADING = QLineEdit.ActionPosition.LeadingPosition
INSET = 14


class LibraryHead(QWidget):
    """``sought`` tells that :meth:`wanted` is another search."""

    sought = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.search = QLineEdit()
        self.filters = QPushButton(self.tr("Filter"))
        self.filter = LibraryFilter(theme)
        self._configure()
        self._lay_out()
        theme.changed.connect(self._restyle)
        self._restyle()

    def wanted(self) -> tuple[str, MeetingFilter]:
        """What is looked for, and in which meetings."""
        return self.search.text().strip(), self.filter.value()

    def clear(self) -> None:
        """Look for nothing."""
        self.search.clear()
        self.filter.clear()

    def _configure(self) -> None:
        self.search.setObjectName("search")
        self.search.setPlaceholderText(self.tr("Search all meetings"))
        self.search.setAccessibleName(
            self.tr("Search the words, people and titles of all meetings")
        )
        self.search.setToolTip(self.tr('Words, or a phrase in "quotes"'))
        self.search.setClearButtonEnabled(True)
        self._glass = self.search.addAction(icons.app_icon(), LEADING)
        self.search.textChanged.connect(self.sought)
        self.filters.setObjectName("quiet")
        self.filters.setCheckable(True)
        self.filters.setAccessibleName(self.tr("Filter by person and day"))
        self.filters.toggled.connect(self._show_filter)
        self.filter.changed.connect(self.sought)
        self.filter.hide()

    def _show_filter(self, shown: bool) -> None:
        self.filter.setVisible(shown)
        if not shown:
            self.filter.clear()  # nothing is left out for a reason that nobody sees

    def _lay_out(self) -> None:
        title = QLabel(self.tr("Meetings"))
        title.setFont(scaled(self.font(), 1.15, QFont.Weight.DemiBold))
        top = QHBoxLayout()
        top.setContentsMargins(20, 0, INSET, 0)
        top.addWidget(title, 1)
        top.addWidget(self.filters)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(top)
        for widget in (self.search, self.filter):
            column.addLayout(inset(widget))

    def _restyle(self) -> None:
        colours = self._theme.colours
        self._glass.setIcon(icons.icon("search", colours.muted))
        self.filters.setIcon(icons.icon("filter", colours.text))


def inset(widget: QWidget) -> QVBoxLayout:
    """A widget with room at its sides."""
    box = QVBoxLayout()
    box.setContentsMargins(INSET, 0, INSET, 0)
    box.addWidget(widget)
    return box
