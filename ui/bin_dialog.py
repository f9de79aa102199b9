"""The bin: meetings that were deleted, to take out again or to destroy."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QAbstractItemView, QLabel, QMessageBox, QPushButton, QWidget

from app.store import MeetingSummary
from app.store_bin import KEPT_DAYS
from ui.list_dialog import ListDialog, ask_to_destroy
from ui.meeting_list import MeetingDelegate, MeetingListModel
from ui.theme import Theme

SIZE_EMS = (26, 24)


class BinDialog(ListDialog):
    """``restored`` carries the meeting to take out; ``emptied`` tells that all may be destroyed."""

    restored = Signal(int)
    emptied = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Bin"), SIZE_EMS, parent)
        self.model = MeetingListModel(self)
        self.about = QLabel()
        self.restore = QPushButton(self.tr("&Restore"))
        self.empty = QPushButton(self.tr("&Empty the bin…"))
        self._configure(theme)
        self.lay_out([self.about], [], [self.empty], [self.close_, self.restore])

    def show_meetings(self, meetings: Iterable[MeetingSummary]) -> None:
        """List what is in the bin."""
        self.model.show_meetings(meetings)
        some = self.model.rowCount() > 0
        self.list.setVisible(some)
        self.empty.setEnabled(some)
        kept = self.tr("Meetings stay here for %Ln days, then they are destroyed.", "", KEPT_DAYS)
        self.about.setText(kept if some else self.tr("The bin is empty."))
        if some and not self.list.selectedIndexes():
            self.list.setCurrentIndex(self.model.index(0, 0))
        self.restore.setEnabled(some)

    def ask(self) -> QMessageBox:
        """Ask whether to destroy everything; nothing happens unless the answer is yes."""
        return ask_to_destroy(
            self,
            self.tr("Empty the bin"),
            self.tr("Destroy these meetings and their recordings for good?"),
            self.tr("They cannot be brought back."),
            (self.tr("&Destroy"), self.tr("&Keep them")),
            self.emptied.emit,
        )

    def _restore_current(self) -> None:
        if selected := self.list.selectedIndexes():
            self.restored.emit(self.model.meeting(selected[0]).id)

    def _configure(self, theme: Theme) -> None:
        self.about.setObjectName("muted")
        self.about.setWordWrap(True)
        delegate = MeetingDelegate(theme, self.list)
        self.show_in_list(self.model, delegate, self.tr("Meetings in the bin"))
        self.list.setUniformItemSizes(True)
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.list.activated.connect(self._restore_current)
        self.restore.clicked.connect(self._restore_current)
        self.empty.clicked.connect(self.ask)
        self.restore.setDefault(True)
