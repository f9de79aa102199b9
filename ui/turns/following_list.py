"""A list that stays where it is looked at: at its end while that grows, or at what is read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, QPoint, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QWidget

from ui.turns.row_list import RowList

AT_END = 24
"""Pixels from the end within which the view follows."""
TOP = QPoint(8, 8)
CENTRE = QAbstractItemView.ScrollHint.PositionAtCenter


class FollowingList(RowList):
    """Follows the end unless the user scrolled up; otherwise what is read stays where it is.

    ``following_changed`` tells whether it sticks to the end; ``scrolled`` that the user looks
    elsewhere.
    """

    following_changed = Signal(bool)
    scrolled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.following = True
        self._placing = False
        self._anchor = QPersistentModelIndex()
        self._anchor_top = 0
        self.verticalScrollBar().setSingleStep(24)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)

    def follow(self) -> None:
        """Go to the live end and stay there."""
        self.set_following(True)
        with self.placing_rows():
            self.scrollToBottom()

    def set_following(self, following: bool) -> None:
        """Whether to stick to the end, as far as that comes."""
        if following != self.following:
            self.following = following
            self.following_changed.emit(following)

    def show_in_the_middle(self, index: QModelIndex) -> None:
        """Go to a row."""
        with self.placing_rows():
            self.scrollTo(index, CENTRE)
        self.drop_anchor()

    def setModel(self, model: QAbstractItemModel | None) -> None:  # noqa: N802 - Qt's name
        """Show another model."""
        self._anchor = QPersistentModelIndex()
        super().setModel(model)

    def place(self) -> None:
        """Put the rows where their heights say; what is read stays where it is, or the end does."""
        with self.placing_rows():
            super().place()

    def keep_place(self) -> None:
        """To the end, or to what was at the top before."""
        if self.following:
            self.scrollToBottom()
        elif self._anchor.isValid():
            bar = self.verticalScrollBar()
            bar.setValue(bar.value() + self.visualRect(self._anchor).top() - self._anchor_top)
        self.drop_anchor()

    def drop_anchor(self) -> None:
        """Remember which row is at the top, so that it can be put there again."""
        top = self.indexAt(TOP)
        self._anchor = QPersistentModelIndex(top)
        self._anchor_top = self.visualRect(top).top()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Whoever was at the end is there again."""
        with self.placing_rows():
            super().resizeEvent(event)
            if self.following:
                self.scrollToBottom()

    def near(self, many: int) -> range:
        """So many rows that are seen, or will be in a moment."""
        count = len(self.heights)
        first = max(0, count - many if self.following else self.indexAt(TOP).row())
        return range(first, min(count, first + many))

    @contextmanager
    def placing_rows(self) -> Iterator[None]:
        """What scrolls in here, the user did not scroll."""
        former, self._placing = self._placing, True
        try:
            yield
        finally:
            self._placing = former

    def _scrolled(self, value: int) -> None:
        if not self._placing:
            self.set_following(value >= self.verticalScrollBar().maximum() - AT_END)
            self.drop_anchor()
            self.scrolled.emit()
