"""The list of turns of a meeting: names and words can be clicked, names edited."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QMenu, QWidget

from ui.delegates.turn import TurnDelegate
from ui.theme import Theme
from ui.turns.turn_menu import Section, TurnMenu
from ui.turns.turn_rows import TurnRows


class TurnView(TurnRows):
    """What can be done with turns, and telling of it.

    ``speaker_renamed`` tells what the user typed; ``word_clicked`` carries a turn and which of its
    words. What can be done with a turn is added to ``menu``.
    """

    speaker_renamed = Signal(int, str)
    word_clicked = Signal(int, int)
    copy_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        # Bars, marks and times are drawn from the left; words run as their own letters do.
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.playable = False
        """Whether words are to be clicked: the pointer says so."""
        self._pressed: tuple[int, int] | None = None
        self.menu = TurnMenu()
        self.menu.add(Section.NAME, self._offer)
        self._configure()
        delegate = TurnDelegate(self.typesetter, self)
        delegate.renamed.connect(self.speaker_renamed)
        self.setItemDelegate(delegate)

    def word_at(self, point: QPoint) -> tuple[int, int] | None:
        """The turn under a point of the viewport, by number, and which of its words; or None."""
        index = self.indexAt(point)
        if (row := self.turns().turn_row(index)) is None:
            return None
        word = self.typesetter.word_at(row, self.visualRect(index), point)
        return None if word is None else (row.number, word)

    def rename_current(self) -> None:
        """Edit the name of the speaker of the current turn."""
        index = self.currentIndex()
        if index.isValid() and self.turns().turn_row(index) is not None:
            self.edit(index)

    def selected_rows(self) -> list[int]:
        """The selected rows, from the top."""
        return sorted(index.row() for index in self.selectedIndexes())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """A name or a word can be clicked: the pointer says so."""
        super().mouseMoveEvent(event)
        point = event.position().toPoint()
        hand = self._name_at(point).isValid()
        hand = hand or (self.playable and self.word_at(point) is not None)
        self.viewport().setCursor(
            Qt.CursorShape.PointingHandCursor if hand else Qt.CursorShape.ArrowCursor
        )

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click begins, perhaps on a word."""
        self._pressed = self.word_at(event.position().toPoint())
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click on a name edits it; one on a word is told."""
        super().mouseReleaseEvent(event)
        pressed, self._pressed = self._pressed, None  # the second click of two has no press
        plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
        if event.button() == Qt.MouseButton.LeftButton and plain:
            index = self._name_at(event.position().toPoint())
            if index.isValid():
                self.edit(index)
            elif pressed and pressed == self.word_at(event.position().toPoint()):
                self.word_clicked.emit(*pressed)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer what can be done with a turn."""
        menu = self.context_menu(event.pos())
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(event.globalPos())

    def context_menu(self, point: QPoint) -> QMenu:
        """The menu of the selected turns, asked for at a point of the viewport."""
        return self.menu.build(self, point)

    def _offer(self, menu: QMenu, _point: QPoint) -> None:
        row = self.turns().turn_row(self.currentIndex()) if self.model() else None
        rename = menu.addAction(self.tr("Rename speaker…"), self.rename_current)
        rename.setEnabled(row is not None)
        copy = menu.addAction(self.tr("Copy"), self.copy_wanted.emit)
        copy.setEnabled(bool(self.selectedIndexes()))

    def _configure(self) -> None:
        self.setObjectName("turns")
        self.setAccessibleName(self.tr("Turns of the meeting"))
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.setMouseTracking(True)

    def _name_at(self, point: QPoint) -> QModelIndex:
        index = self.indexAt(point)
        delegate = cast(TurnDelegate, self.itemDelegate())
        if index.isValid() and delegate.is_name(point, self.visualRect(index), index):
            return index
        return QModelIndex()
