"""The rows of a meeting: typeset, and measured as far as somebody looks at them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import cast

from PySide6.QtCore import QModelIndex, QRect
from PySide6.QtGui import QHideEvent, QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QWidget

from ui.delegates.typesetting import Typesetter
from ui.delegates.words import Marks
from ui.models import Index, TurnListModel
from ui.theme import Theme
from ui.turns.following_list import FollowingList
from ui.turns.measuring import CHUNK, Measuring


class TurnRows(FollowingList):
    """Shows a :class:`TurnListModel`, and goes to its rows and words."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.typesetter = Typesetter(self.font(), theme.colours)
        self._measuring = Measuring(self, self._height)
        theme.changed.connect(self._restyle)

    def turns(self) -> TurnListModel:
        """The model on show."""
        return cast(TurnListModel, self.model())

    @property
    def measuring(self) -> bool:
        """Whether some heights out of sight are still guesses."""
        return self._measuring.busy

    def show_turns(self, model: TurnListModel, follow: bool) -> None:
        """Show another meeting: its beginning, or (``follow``) its live end."""
        if (former := self.model()) is not None:
            cast(TurnListModel, former).refreshed.disconnect(self._rows_refreshed)
            cast(TurnListModel, former).refilled.disconnect(self._measuring.anew)
        self.setModel(model)
        model.refreshed.connect(self._rows_refreshed)
        model.refilled.connect(self._measuring.anew)
        self.set_following(follow)
        self._measuring.anew()

    def show_row(self, row: int) -> None:
        """Go to a row and mark it; nothing if there is no such row."""
        index = self.turns().index(row, 0)
        if index.isValid():
            self.set_following(False)
            self.setCurrentIndex(index)
            self._measuring.around(row)
            self.show_in_the_middle(index)

    def reveal(self, row: int, word: int = 0) -> None:
        """Bring a row into sight, unless it is, or a word of one that is too high to be seen whole.

        What is selected stays so.
        """
        index = self.turns().index(row, 0)
        if not index.isValid() or self._in_sight(index, word):
            return
        self.set_following(False)
        self._measuring.around(row)
        self.show_in_the_middle(index)
        if not self._in_sight(index, word):
            bar, middle = self.verticalScrollBar(), self.viewport().rect().center().y()
            with self.placing_rows():
                bar.setValue(bar.value() + self._place_of(index, word).center().y() - middle)
            self.drop_anchor()

    def mark(self, marks: Marks, rows: Iterable[int]) -> None:
        """Draw other marks; ``rows`` are those that look different."""
        self.typesetter.marks = marks
        for row in rows:
            self.update(self.turns().index(row, 0))

    def dataChanged(  # noqa: N802 - Qt's name
        self, first: Index, last: Index, roles: Sequence[int] = ()
    ) -> None:
        """Draw the row anew. A list view would also place every row; here heights tell of that."""
        for row in range(first.row(), last.row() + 1):
            self.heights.doubt(row)
        QAbstractItemView.dataChanged(self, first, last, list(roles))

    def guess(self, rows: range) -> list[int]:
        """About how high rows are, from how much they say."""
        model, width = self.turns(), self.viewport().width()
        return [self.typesetter.guess(model.row(row), width) for row in rows]

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lines break elsewhere: what is seen is measured at once, the rest when there is time."""
        super().resizeEvent(event)
        if self.model() and event.size().width() != event.oldSize().width():
            self._measuring.anew()

    def showEvent(self, event: QShowEvent) -> None:
        """Go on with what was left when the view was hidden."""
        super().showEvent(event)
        if self.model() is not None:
            self._measuring.later()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody looks: nothing to measure."""
        self._measuring.stop()
        super().hideEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The keyboard takes the eyes along."""
        before = self.currentIndex().row()
        super().keyPressEvent(event)
        if (row := self.currentIndex().row()) not in (before, -1):
            self._measuring.around(row)
            self.scrollTo(self.currentIndex())

    def _restyle(self) -> None:
        self.typesetter.restyle(self.font(), self._theme.colours)
        if self.model() is not None:
            self._measuring.anew()
        self.viewport().update()

    def _in_sight(self, index: QModelIndex, word: int) -> bool:
        place = self._place_of(index, word)
        return place.top() >= 0 and place.bottom() <= self.viewport().height()

    def _place_of(self, index: QModelIndex, word: int) -> QRect:
        """The area of a row, or of a word of it where the row is higher than the view."""
        area, row = self.visualRect(index), self.turns().turn_row(index)
        if row is None or word >= len(row.words) or area.height() <= self.viewport().height():
            return area
        return self.typesetter.word_box(row, area, word)

    def _rows_refreshed(self, first: int, last: int) -> None:
        if last - first > CHUNK:
            self._measuring.later()
        else:
            self._measuring.now(range(first, last + 1))

    def _height(self, row: int, keep: bool) -> int:
        return self.typesetter.height(self.turns().row(row), self.viewport().width(), keep)
