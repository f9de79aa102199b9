"""The list of meetings: opens them, and offers what can be done with the marked one."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QMenu

from ui.meeting_list import MeetingDelegate, MeetingListModel
from ui.theme import Theme


class MeetingView(QListView):
    """``opened``, ``delete_wanted`` and ``transcribe_wanted`` carry the meeting's number."""

    opened = Signal(int)
    delete_wanted = Signal(int)
    transcribe_wanted = Signal(int)

    def __init__(self, theme: Theme, model: MeetingListModel) -> None:
        super().__init__()
        self._meetings = model
        self.setModel(model)
        self.setItemDelegate(MeetingDelegate(theme, self))
        self.setAccessibleName(self.tr("Meetings"))
        self.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._menu)
        let_open(self, self._open)

    def select(self, meeting_id: int | None) -> None:
        """Mark the meeting on show; None marks none."""
        row = -1 if meeting_id is None else self._meetings.row_of(meeting_id)
        if row < 0:
            self.clearSelection()
            return
        index = self._meetings.index(row, 0)
        self.setCurrentIndex(index)
        self.scrollTo(index)

    def current_id(self) -> int | None:
        """The marked meeting."""
        selected = self.selectedIndexes()
        return self._meetings.meeting(selected[0]).id if selected else None

    def rename_current(self) -> None:
        """Edit the title of the marked meeting."""
        if self.current_id() is not None:
            self.edit(self.currentIndex())

    def delete_current(self) -> None:
        """Ask for the marked meeting to be deleted."""
        if (meeting_id := self.current_id()) is not None:
            self.delete_wanted.emit(meeting_id)

    def transcribe_current(self) -> None:
        """Ask for the marked meeting to be transcribed, perhaps once more."""
        if (meeting_id := self.current_id()) is not None:
            self.transcribe_wanted.emit(meeting_id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Some keys delete."""
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.delete_current()
        else:
            super().keyPressEvent(event)

    def _open(self, index: QModelIndex) -> None:
        self.opened.emit(self._meetings.meeting(index).id)

    def _menu(self, point: QPoint) -> None:
        if self.indexAt(point).isValid():
            menu = QMenu(self)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.addAction(self.tr("Open"), lambda: self._open(self.currentIndex()))
            menu.addAction(self.tr("Rename…"), self.rename_current)
            menu.addAction(self.tr("Transcribe again…"), self.transcribe_current)
            menu.addAction(self.tr("Move to the bin"), self.delete_current)
            menu.popup(self.viewport().mapToGlobal(point))


def let_open(view: QListView, open_: Callable[[QModelIndex], object]) -> None:
    """A list of the library opens what is clicked, or chosen by the keyboard."""
    view.setMouseTracking(True)
    view.setMinimumHeight(3 * view.fontMetrics().height())
    view.setUniformItemSizes(True)
    view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    view.clicked.connect(open_)
    view.activated.connect(open_)
