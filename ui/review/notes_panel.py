"""The list of bookmarks beside the turns; the text of the chosen one is written below it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.store_notes import LONGEST, Note
from engine.timeline import to_seconds
from ui.text import stopwatch
from ui.theme import scaled

NOTE = Qt.ItemDataRole.UserRole
LOW_EMS = 11


class NotesPanel(QFrame):
    """``chosen`` carries a note to go to, ``written`` a note and its new text, ``unwanted`` a note.

    ``undone`` asks for the last change to be taken back; ``left`` tells that the user is done.
    """

    chosen = Signal(object)
    written = Signal(object, str)
    unwanted = Signal(object)
    undone = Signal()
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("notesPanel")
        self.title = QLabel(self.tr("Notes"))
        self.list = QListWidget()
        self.empty = QLabel(
            self.tr("No bookmarks yet. Ctrl+D sets one at this moment, also while recording.")
        )
        self.text = QLineEdit()
        self.delete = QPushButton(self.tr("Delete"))
        self.undo = QPushButton(self.tr("Undo"))
        self._configure()
        self._lay_out()
        self.show_notes([])

    def show_notes(self, notes: Sequence[Note], chosen: int | None = None) -> None:
        """List these; ``chosen`` is the one to stand at, by its number."""
        chosen = chosen if chosen is not None else self._chosen_id()
        blocked = self.list.blockSignals(True)
        self.list.clear()
        for note in notes:
            self.list.addItem(_item(note))
            if note.id == chosen:
                self.list.setCurrentRow(self.list.count() - 1)
        self.list.blockSignals(blocked)
        self.list.setVisible(bool(notes))
        self.empty.setVisible(not notes)
        self._show_text()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room, it belongs to the notes."""
        super().resizeEvent(event)
        self.title.setVisible(event.size().height() >= LOW_EMS * self.fontMetrics().height())

    def write(self) -> None:
        """Let the user write at the chosen note."""
        self.text.setFocus()
        self.text.selectAll()

    def current(self) -> Note | None:
        """The chosen note."""
        item = self.list.currentItem()
        note: Note | None = item.data(NOTE) if item is not None else None
        return note

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Esc leaves the field, which it would not do elsewhere; Del deletes from the list."""
        if event.type() in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress):
            assert isinstance(event, QKeyEvent)
            key = Qt.Key.Key_Escape if watched is self.text else Qt.Key.Key_Delete
            if event.key() == key:
                event.accept()
                if event.type() == QEvent.Type.KeyPress:
                    self._act(watched)
                return True
        return super().eventFilter(watched, event)

    def _act(self, watched: QObject) -> None:
        if watched is self.list:
            self._delete()
        else:
            self._show_text()  # as it was
            self.left.emit()

    def _chosen_id(self) -> int | None:
        note = self.current()
        return note.id if note else None

    def _show_text(self) -> None:
        note = self.current()
        self.text.setText(note.text if note else "")
        for part in (self.text, self.delete):
            part.setEnabled(note is not None)

    def _save(self) -> None:
        note = self.current()
        if note is not None and self.text.text().strip() != note.text:
            self.written.emit(note, self.text.text())

    def _delete(self) -> None:
        if (note := self.current()) is not None:
            self.unwanted.emit(note)

    def _go(self, item: QListWidgetItem) -> None:
        self.chosen.emit(item.data(NOTE))

    def _configure(self) -> None:
        self.title.setFont(scaled(self.font(), 1.0, self.font().Weight.DemiBold))
        self.empty.setObjectName("muted")
        self.empty.setWordWrap(True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.list.setWordWrap(True)
        self.list.setMinimumHeight(self.fontMetrics().height())
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setAccessibleName(self.tr("Bookmarks of the meeting"))
        self.list.installEventFilter(self)
        self.list.currentItemChanged.connect(self._show_text)
        self.list.itemClicked.connect(self._go)
        self.list.itemActivated.connect(self._go)
        self.text.setPlaceholderText(self.tr("Text of the bookmark"))
        self.text.setAccessibleName(self.tr("Text of the bookmark"))
        self.text.setMaxLength(LONGEST)
        self.text.installEventFilter(self)
        self.text.editingFinished.connect(self._save)
        self.text.returnPressed.connect(self.left)
        for button in (self.delete, self.undo):
            button.setObjectName("quiet")
        self.delete.setAccessibleName(self.tr("Delete the bookmark"))
        self.undo.setAccessibleName(self.tr("Take back the last change of a bookmark"))
        self.delete.clicked.connect(self._delete)
        self.undo.clicked.connect(self.undone)
        self.undo.setEnabled(False)

    def _lay_out(self) -> None:
        below = QHBoxLayout()
        below.addWidget(self.delete)
        below.addWidget(self.undo)
        below.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 8)
        column.setSpacing(8)
        column.addWidget(self.title)
        column.addWidget(self.list, 1)
        column.addWidget(self.empty, 1)
        column.addWidget(self.text)
        column.addLayout(below)


def _item(note: Note) -> QListWidgetItem:
    at = stopwatch(to_seconds(note.sample))
    item = QListWidgetItem(f"{at}  {note.text}".rstrip())
    item.setData(NOTE, note)
    return item
