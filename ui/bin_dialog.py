"""The bin: meetings that were deleted, to take out again or to destroy."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QLabel,
    QListView,
    QMessageBox,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.store import MeetingSummary
from app.store_bin import KEPT_DAYS
from ui.meeting_list import MeetingDelegate, MeetingListModel
from ui.theme import Theme

SIZE_EMS = (26, 24)


class BinDialog(QDialog):
    """``restored`` carries the meeting to take out; ``emptied`` tells that all may be destroyed."""

    restored = Signal(int)
    emptied = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Bin"))
        self.model = MeetingListModel(self)
        self.list = QListView()
        self.about = QLabel()
        self.restore = QPushButton(self.tr("&Restore"))
        self.empty = QPushButton(self.tr("&Empty the bin…"))
        self.close_ = QPushButton(self.tr("&Close"))
        self._configure(theme)
        self._lay_out()
        em = self.fontMetrics().height()
        self.resize(SIZE_EMS[0] * em, SIZE_EMS[1] * em)

    def show_meetings(self, meetings: Iterable[MeetingSummary]) -> None:
        """List what is in the bin."""
        self.model.show_meetings(meetings)
        some = self.model.rowCount() > 0
        self.list.setVisible(some)
        self.empty.setEnabled(some)
        kept = self.tr("Meetings stay here for {days} days, then they are destroyed.")
        self.about.setText(kept.format(days=KEPT_DAYS) if some else self.tr("The bin is empty."))
        if some and not self.list.selectedIndexes():
            self.list.setCurrentIndex(self.model.index(0, 0))
        self.restore.setEnabled(some)

    def ask(self) -> QMessageBox:
        """Ask whether to destroy everything; nothing happens unless the answer is yes."""
        box = QMessageBox(QMessageBox.Icon.Warning, self.tr("Empty the bin"), "", parent=self)
        box.setText(self.tr("Destroy these meetings and their recordings for good?"))
        box.setInformativeText(self.tr("They cannot be brought back."))
        destroy = box.addButton(self.tr("&Destroy"), QMessageBox.ButtonRole.DestructiveRole)
        keep = box.addButton(self.tr("&Keep them"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(keep)
        box.setEscapeButton(keep)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        destroy.clicked.connect(self.emptied)
        box.open()
        return box

    def _restore_current(self) -> None:
        if selected := self.list.selectedIndexes():
            self.restored.emit(self.model.meeting(selected[0]).id)

    def _configure(self, theme: Theme) -> None:
        self.about.setObjectName("muted")
        self.list.setObjectName("inDialog")
        self.about.setWordWrap(True)
        self.list.setModel(self.model)
        self.list.setItemDelegate(MeetingDelegate(theme, self.list))
        self.list.setAccessibleName(self.tr("Meetings in the bin"))
        self.list.setUniformItemSizes(True)
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.activated.connect(self._restore_current)
        self.restore.clicked.connect(self._restore_current)
        self.empty.clicked.connect(self.ask)
        self.close_.clicked.connect(self.accept)
        self.restore.setDefault(True)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        column.addWidget(self.about)
        column.addWidget(self.list, 1)
        column.addStretch()
        buttons = QHBoxLayout()
        buttons.addWidget(self.empty)
        buttons.addStretch()
        buttons.addWidget(self.close_)
        buttons.addWidget(self.restore)
        column.addLayout(buttons)
