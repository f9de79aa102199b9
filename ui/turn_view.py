"""The list of turns: measures rows lazily, follows the live end unless the user scrolled up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import cast

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent, QHideEvent, QMouseEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QMenu, QWidget

from ui.delegates.turn import TurnDelegate
from ui.delegates.typesetting import Typesetter
from ui.delegates.words import Marks
from ui.models import Index, TurnListModel
from ui.theme import Theme

AT_END = 24
"""Pixels from the end within which the view follows."""
CHUNK = 80
"""Rows measured in one go while nothing is shown of them."""

GUESSED = 0
"""The stamp of a height that nobody measured; measured ones carry 1, 2, 3, ..."""


class TurnView(QListView):
    """Shows a :class:`TurnListModel`.

    ``speaker_renamed`` tells what the user typed; ``following_changed`` whether the view sticks to
    the live end; ``menu_filling`` carries the menu of a turn, for what else can be done with it;
    ``scrolled`` tells that the user looks elsewhere; ``word_clicked`` carries a turn and which of
    its words.
    """

    speaker_renamed = Signal(int, str)
    following_changed = Signal(bool)
    scrolled = Signal()
    word_clicked = Signal(int, int)
    copy_wanted = Signal()
    menu_filling = Signal(QMenu)
    menu_wanted = Signal(object, object)  # a QMenu to add to, and where it was asked for (QPoint)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.typesetter = Typesetter(self.font(), theme.colours)
        self.following = True
        self.playable = False
        """Whether words are to be clicked: the pointer says so."""
        self._pressed: tuple[int, int] | None = None
        self._placing = False
        self._misplaced = False
        self._anchor = QPersistentModelIndex()
        self._anchor_top = 0
        self._stamp = 0
        self._chunks = QTimer(self, interval=0)
        self._chunks.timeout.connect(self._measure_chunk)
        self._configure()
        delegate = TurnDelegate(self.typesetter, self)
        delegate.renamed.connect(self.speaker_renamed)
        self.setItemDelegate(delegate)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)
        theme.changed.connect(self._restyle)

    def turns(self) -> TurnListModel:
        """The model on show."""
        return cast(TurnListModel, self.model())

    @property
    def measuring(self) -> bool:
        """Whether some heights out of sight are still guesses."""
        return self._chunks.isActive()

    def show_turns(self, model: TurnListModel, follow: bool) -> None:
        """Show another meeting: its beginning, or (``follow``) its live end."""
        if (former := self.model()) is not None:
            cast(TurnListModel, former).refreshed.disconnect(self._rows_refreshed)
            cast(TurnListModel, former).refilled.disconnect(self._measure_anew)
        self.setModel(model)
        model.refreshed.connect(self._rows_refreshed)
        model.refilled.connect(self._measure_anew)
        self._set_following(follow)
        self._anchor = QPersistentModelIndex()
        self._misplaced = True
        self._measure_anew()

    def follow(self) -> None:
        """Go to the live end and stay there."""
        self._set_following(True)
        with self._placing_rows():
            self.scrollToBottom()

    def show_row(self, row: int) -> None:
        """Go to a row and mark it; nothing if there is no such row."""
        index = self.turns().index(row, 0)
        if not index.isValid():
            return
        self._set_following(False)
        with self._placing_rows():
            self.setCurrentIndex(index)
            self.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtCenter)
        self._measure(self._near())
        self._place()
        with self._placing_rows():
            self.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtCenter)
        self._drop_anchor()

    def reveal(self, row: int, word: int = 0) -> None:
        """Bring a row into sight, unless it is, or a word of one that is too high to be seen whole.

        What is selected stays so.
        """
        index = self.turns().index(row, 0)
        if not index.isValid() or self._in_sight(index, word):
            return
        self._set_following(False)
        self._drop_anchor()
        last = min(self.turns().rowCount(), row + CHUNK // 4)
        self._measure(range(max(0, row - CHUNK // 4), last))
        self._place()
        with self._placing_rows():
            self.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtCenter)
            if not self._in_sight(index, word):
                bar, middle = self.verticalScrollBar(), self.viewport().rect().center().y()
                bar.setValue(bar.value() + self._place_of(index, word).center().y() - middle)
        self._drop_anchor()

    def mark(self, marks: Marks, rows: Iterable[int]) -> None:
        """Draw other marks; ``rows`` are those that look different."""
        self.typesetter.marks = marks
        for row in rows:
            self.update(self.turns().index(row, 0))

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

    def dataChanged(  # noqa: N802 - Qt's name
        self, first: Index, last: Index, roles: Sequence[int] = ()
    ) -> None:
        """Draw the row anew. A list view would also place every row; here heights tell of that."""
        QAbstractItemView.dataChanged(self, first, last, list(roles))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lines break elsewhere: what is seen is measured at once, the rest when there is time."""
        with self._placing_rows():
            super().resizeEvent(event)
            if self.following:
                self.scrollToBottom()
        if self.model() and event.size().width() != event.oldSize().width():
            self._measure_anew()

    def showEvent(self, event: QShowEvent) -> None:
        """Go on with what was left when the view was hidden."""
        super().showEvent(event)
        if self.model() is not None:
            self._measure_later()
            self._place()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody looks: nothing to measure."""
        self._chunks.stop()
        super().hideEvent(event)

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
        menu = self.context_menu()
        self.menu_wanted.emit(menu, event.pos())
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(event.globalPos())

    def context_menu(self) -> QMenu:
        """The menu of the current turn."""
        menu = QMenu(self)
        row = self.turns().turn_row(self.currentIndex()) if self.model() else None
        rename = menu.addAction(self.tr("Rename speaker…"), self.rename_current)
        rename.setEnabled(row is not None)
        copy = menu.addAction(self.tr("Copy"), self.copy_wanted.emit)
        copy.setEnabled(bool(self.selectedIndexes()))
        self.menu_filling.emit(menu)
        return menu

    def _configure(self) -> None:
        self.setObjectName("turns")
        self.setAccessibleName(self.tr("Turns of the meeting"))
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalScrollBar().setSingleStep(24)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.setAutoScroll(False)
        self.setMouseTracking(True)

    def _restyle(self) -> None:
        self.typesetter.restyle(self.font(), self._theme.colours)
        if self.model() is not None:
            self._measure_anew()

    def _in_sight(self, index: QModelIndex, word: int) -> bool:
        place = self._place_of(index, word)
        return place.top() >= 0 and place.bottom() <= self.viewport().height()

    def _place_of(self, index: QModelIndex, word: int) -> QRect:
        """The area of a row, or of a word of it where the row is higher than the view."""
        area, row = self.visualRect(index), self.turns().turn_row(index)
        if row is None or word >= len(row.words) or area.height() <= self.viewport().height():
            return area
        return self.typesetter.word_box(row, area, word)

    def _name_at(self, point: QPoint) -> QModelIndex:
        index = self.indexAt(point)
        delegate = cast(TurnDelegate, self.itemDelegate())
        if index.isValid() and delegate.is_name(point, self.visualRect(index), index):
            return index
        return QModelIndex()

    def _rows_refreshed(self, first: int, last: int) -> None:
        if last - first > CHUNK:
            self._measure_later()
        else:
            self._measure(range(first, last + 1))
        self._place()

    def _measure_anew(self) -> None:
        """Every height is in doubt: lines break elsewhere, or all rows are new."""
        self._stamp += 1
        model, width = self.turns(), self.viewport().width()
        for row in model.unmeasured():
            model.set_height(row, self.typesetter.guess(model.row(row), width), GUESSED)
        self._measure(self._near())
        self._measure_later()
        self._place()

    def _measure_later(self) -> None:
        self._measure(self._near())
        if self.isVisible():
            self._chunks.start()

    def _near(self) -> range:
        """The rows that are seen, or will be in a moment."""
        count = self.turns().rowCount()
        top = self.indexAt(QPoint(8, 8)).row()
        first = count - CHUNK // 2 if self.following else top
        return range(max(0, first), min(count, max(0, first) + CHUNK // 2))

    def _measure_chunk(self) -> None:
        """Rows that are seen come first and are placed at once, all others when all are measured.

        Placing takes as long as the meeting is, however few heights are new.
        """
        stale, near = self.turns().stale(self._stamp), self._near()
        seen = [row for row in stale if row in near]
        self._measure(seen or stale[:CHUNK], keep=bool(seen))
        if seen or not stale:
            self._place()
        if not stale:
            self._chunks.stop()

    def _measure(self, rows: Iterable[int], keep: bool = True) -> None:
        model, width = self.turns(), self.viewport().width()
        for row in rows:
            height = self.typesetter.height(model.row(row), width, keep)
            if model.set_height(row, height, self._stamp):
                self._misplaced = True

    def _place(self) -> None:
        """Put the rows where their heights say; what is read stays where it is, or the end does."""
        if not self._misplaced:
            return
        self._misplaced = False
        with self._placing_rows():
            self.doItemsLayout()
            if self.following:
                self.scrollToBottom()
            elif self._anchor.isValid():
                moved = self.visualRect(_index(self._anchor)).top() - self._anchor_top
                bar = self.verticalScrollBar()
                bar.setValue(bar.value() + moved)
        self._drop_anchor()

    def _drop_anchor(self) -> None:
        """Remember which row is at the top, so that it can be put there again."""
        top = self.indexAt(QPoint(8, 8))
        self._anchor = QPersistentModelIndex(top)
        self._anchor_top = self.visualRect(top).top()

    @contextmanager
    def _placing_rows(self) -> Iterator[None]:
        """What scrolls in here, the user did not scroll."""
        former, self._placing = self._placing, True
        try:
            yield
        finally:
            self._placing = former

    def _scrolled(self, value: int) -> None:
        if not self._placing:
            self._set_following(value >= self.verticalScrollBar().maximum() - AT_END)
            self._drop_anchor()
            self.scrolled.emit()

    def _set_following(self, following: bool) -> None:
        if following != self.following:
            self.following = following
            self.following_changed.emit(following)


def _index(persistent: QPersistentModelIndex) -> QModelIndex:
    return persistent.model().index(persistent.row(), 0)
