"""The bar that finds a text in the open meeting."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QToolButton, QWidget

from ui import icons
from ui.review.finding import Finder, Match, Search
from ui.text import figure
from ui.theme import Theme
from ui.turn_view import TurnView

PAUSE_MS = 80
"""After a letter, until it is searched for: in long meetings the next one may be quicker."""
NEWS_MS = 300
"""After turns changed: while somebody speaks they do all the time."""
SLICE_S = 0.006
"""Searched in one go: less than a frame, so that the window lives on in the longest meeting."""


class FindBar(QFrame):
    """Marks what is found in ``view``, and goes from one to the next; ``closed`` when it hides."""

    closed = Signal()

    def __init__(self, theme: Theme, view: TurnView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("findBar")
        self._theme = theme
        self._view = view
        self._finder = Finder()
        self._search = self._shown = Search(self._finder, (), "")
        self._current: Match | None = None
        self._said = ""
        self.text = QLineEdit()
        self.count = QLabel()
        self.previous, self.next, self.close_ = QToolButton(), QToolButton(), QToolButton()
        self._later = QTimer(self, singleShot=True)
        self._later.timeout.connect(self.search)
        self._slices = QTimer(self, interval=0)
        self._slices.timeout.connect(self._go_on)
        self._configure()
        self._lay_out()
        self.hide()

    def ask(self) -> None:
        """Show the bar, ready to type."""
        self.show()
        self.text.setFocus()
        self.text.selectAll()
        self.search()

    def leave(self) -> None:
        """Hide the bar and its marks."""
        if self.isVisible():
            self.hide()
            self._view.setFocus()
            self.closed.emit()

    def look_again(self) -> None:
        """The turns are others, or other turns."""
        if self.isVisible() and not self._later.isActive():
            self._later.start(NEWS_MS)

    def forget(self) -> None:
        """Another meeting is on show: its turns have the same numbers."""
        self._finder = Finder()
        self._said = ""
        if self.isVisible():
            self._later.start(PAUSE_MS)

    @property
    def searching(self) -> bool:
        """Whether there may be more than was found so far."""
        return self._slices.isActive()

    def search(self) -> None:
        """Find everything, in slices, and stay at the same place where it is still found.

        What was found of the same text stays marked meanwhile: turns are coming in.
        """
        self._later.stop()
        self._search = Search(self._finder, self._view.turns().rows(), self.text.text())
        if self.text.text() != self._said or not self._shown.done:
            self._said, self._shown = self.text.text(), self._search
            self._search.look_at(map(self._view.turns().row, self._view.rows_in_sight()))
            self._mark(None)
        self._go_on()

    def step(self, by: int) -> None:
        """Go on to another match; after the last one comes the first."""
        if not self.isVisible():
            self.ask()
        elif self._later.isActive() and self.text.text() != self._said:
            self.search()
        elif self._shown.done and self._shown.total:
            number = self._shown.number(self._current)
            self._go(0 if number is None else (number + by) % self._shown.total)

    def showEvent(self, event: QShowEvent) -> None:
        """The text is still there: what it finds is marked again."""
        super().showEvent(event)
        self._later.start(PAUSE_MS)

    def hideEvent(self, event: QHideEvent) -> None:
        """Nothing is marked, and nothing is looked for."""
        super().hideEvent(event)
        self._later.stop()
        self._slices.stop()
        self._search = self._shown = Search(self._finder, (), "")
        self._said = ""
        self._mark(None)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """In the field, Esc and Enter are not what they are elsewhere in the window."""
        if event.type() in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress):
            assert isinstance(event, QKeyEvent)
            if event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter):
                event.accept()
                if event.type() == QEvent.Type.KeyPress:
                    self._act(event)
                return True
        return super().eventFilter(watched, event)

    def _act(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        else:
            shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.step(-1 if shift else 1)

    def _go_on(self) -> None:
        """Search a little further; when that is all, go to a match."""
        self._search.go_on(SLICE_S)
        if not self._search.done:
            self._slices.start()
            self._tell()
            return
        self._slices.stop()
        self._shown = self._search
        if self._shown.number(self._current) is not None or not self._shown.total:
            self._mark(self._current if self._shown.total else None)
            return
        model, top = self._view.turns(), self._view.rows_in_sight().start
        self._go(self._shown.first_of(map(model.row, range(top, model.rowCount()))))

    def _go(self, number: int) -> None:
        match = self._shown.match(number)
        self._mark(match)
        self._view.reveal(self._view.turns().row_of_turn(match[0]))

    def _mark(self, current: Match | None) -> None:
        """Mark all that was found, and one match especially."""
        self._current = current
        marks = self._view.typesetter.marks
        marks.found, marks.current = self._shown.places, current
        self._view.viewport().update()
        self._tell()

    def _tell(self) -> None:
        """How many there are, as far as they are counted."""
        shown, number = self._shown, self._shown.number(self._current)
        for button in (self.previous, self.next):
            button.setEnabled(bool(shown.total))
        if not shown.done:
            text = f"{figure(shown.total)}…" if self._said.strip() else ""
        elif number is not None:
            text = self.tr("{number} of {total}").format(
                number=figure(number + 1), total=figure(shown.total)
            )
        else:
            text = self.tr("Not found") if self._said.strip() else ""
        self.count.setText(text)

    def _configure(self) -> None:
        self.text.setPlaceholderText(self.tr("Find in this meeting"))
        self.text.setAccessibleName(self.tr("Find in this meeting"))
        self.text.setClearButtonEnabled(True)
        self.text.installEventFilter(self)
        self.text.textChanged.connect(lambda: self._later.start(PAUSE_MS))
        self.count.setObjectName("muted")
        self.count.setAccessibleName(self.tr("Matches"))
        buttons = (
            (self.previous, self.tr("Previous match (Shift+F3)"), -1),
            (self.next, self.tr("Next match (F3)"), 1),
        )
        for button, text, by in buttons:
            button.setToolTip(text)
            button.setAccessibleName(text)
            button.clicked.connect(lambda _=False, by=by: self.step(by))
        self.close_.setToolTip(self.tr("Close (Esc)"))
        self.close_.setAccessibleName(self.tr("Close the search"))
        self.close_.clicked.connect(self.leave)
        self._theme.changed.connect(self._restyle)
        self._restyle()

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(28, 6, 12, 6)
        row.setSpacing(4)
        row.addWidget(self.text, 1)
        row.addSpacing(6)
        row.addWidget(self.count)
        for button in (self.previous, self.next, self.close_):
            row.addWidget(button)

    def _restyle(self) -> None:
        icon = ((self.previous, "arrow-up"), (self.next, "arrow-down"), (self.close_, "close"))
        for button, name in icon:
            button.setIcon(icons.icon(name, self._theme.colours.text))
