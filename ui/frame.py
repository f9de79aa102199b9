"""The widgets of the window and where they stand; knows nothing of what they are for."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from ui.banner import Banners
from ui.empty_state import EmptyState
from ui.library_panel import LibraryPanel
from ui.meeting_page import MeetingPage
from ui.theme import Theme
from ui.top_bar import TopBar
from ui.undo_bar import UndoBar

SIDE_EMS = 17
BOTH_EMS = 38
"""A narrower window shows the library or the meeting, not both."""


class Frame(QWidget):
    """Library at the left; at the right the bar, banners, and the open meeting or what to do."""

    def __init__(self, theme: Theme, device: str | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.library = LibraryPanel(theme)
        self.bar = TopBar(theme, device)
        self.banners = Banners(theme)
        self.undo = UndoBar()
        self.empty = EmptyState(theme)
        self.page = MeetingPage(theme)
        self.middle = QStackedWidget()
        self.middle.addWidget(self.empty)
        self.middle.addWidget(self.page)
        self._right = QWidget()
        column = QVBoxLayout(self._right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addWidget(self.banners)
        column.addWidget(self.undo)
        column.addWidget(self.middle, 1)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setHandleWidth(1)
        self.splitter.addWidget(self.library)
        self.splitter.addWidget(self._right)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setCollapsible(1, False)
        side = SIDE_EMS * self.fontMetrics().height()
        self.splitter.setSizes([side, 3 * side])
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.splitter)
        self._set_tab_order()
        self.bar.record.setFocus()

    def show_page(self) -> None:
        """Show the open meeting instead of the advice."""
        self.middle.setCurrentWidget(self.page)

    def show_advice(self) -> None:
        """No meeting lies open: show what to do."""
        self.middle.setCurrentWidget(self.empty)

    def show_library(self, shown: bool) -> None:
        """Show the library, or hide it."""
        self.library.setVisible(shown)
        self._make_room()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """There is more or less room."""
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        both = self.width() >= BOTH_EMS * self.fontMetrics().height()
        self._right.setVisible(both or self.library.isHidden())

    def _set_tab_order(self) -> None:
        """By what is used most: record, microphone, turns, what to do with them, library."""
        order: list[QWidget] = [
            self.bar.record,
            self.bar.pause,
            self.bar.device,
            self.bar.system,
            self.undo.undo,
            self.undo.dismiss,
            self.empty.record,
            self.empty.sample,
            self.page.finder.text,
            self.page.finder.previous,
            self.page.finder.next,
            self.page.finder.close_,
            self.page.view,
            self.page.transcribe,
            self.page.to_live,
            self.page.notes.list,
            self.page.notes.text,
            self.page.notes.delete,
            self.page.notes.undo,
            self.page.timeline,
            *self.page.player.in_order(),
            self.page.copy,
            self.page.export,
            self.library.search,
            self.library.filters,
            self.library.filter.person,
            self.library.filter.days,
            self.library.filter.since,
            self.library.filter.until,
            self.library.list,
            self.library.hits,
            self.library.bin,
            self.library.sample,
        ]
        for first, second in pairwise(order):
            QWidget.setTabOrder(first, second)
