"""The bar that finds a text in the open meeting."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QToolButton, QWidget

from ui import icons
from ui.delegates.words import Characters
from ui.review.finding import Finder, Match
from ui.rows import TurnRow
from ui.theme import Theme
from ui.turn_view import TurnView

PAUSE_MS = 80
"""After a letter, until it is searched for: in long meetings the next one may be quicker."""


class FindBar(QFrame):
    """Marks what is found in ``view``, and goes from one to the next; ``closed`` when it hides."""

    closed = Signal()

    def __init__(self, theme: Theme, view: TurnView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("findBar")
        self._theme = theme
        self._view = view
        self._finder = Finder()
        self._matches: list[Match] = []
        self._current = -1
        self.text = QLineEdit()
        self.count = QLabel()
        self.previous, self.next, self.close_ = QToolButton(), QToolButton(), QToolButton()
        self._later = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._later.timeout.connect(self.search)
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
            self._later.stop()
            self.hide()
            self._show([])
            self._view.setFocus()
            self.closed.emit()

    def look_again(self) -> None:
        """The turns are others, or other turns."""
        if self.isVisible():
            self._later.start()

    def forget(self) -> None:
        """Another meeting is on show: its turns have the same numbers."""
        self._finder = Finder()
        self.look_again()

    def search(self) -> None:
        """Find everything, and stay at the same place where it is still found."""
        model = self._view.turns()
        rows = (model.row(row) for row in range(model.rowCount()))
        former = self._matches[self._current] if 0 <= self._current < len(self._matches) else None
        self._show(self._finder.find(rows, self.text.text()))
        if former in self._matches:
            self._current = self._matches.index(former)
            self._tell()
        elif self._matches:
            self._go(self._first_in_sight())

    def step(self, by: int) -> None:
        """Go on to another match; after the last one comes the first."""
        if not self.isVisible():
            self.ask()
            return
        if self._later.isActive():
            self._later.stop()
            self.search()
        elif self._matches:
            self._go((self._current + by) % len(self._matches))

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

    def _first_in_sight(self) -> int:
        """The first match no higher than what is on the screen."""
        model, top = self._view.turns(), max(0, self._view.indexAt(QPoint(8, 8)).row())
        rows = map(model.row, range(top, model.rowCount()))
        below = {row.number for row in rows if isinstance(row, TurnRow)}
        return next((n for n, match in enumerate(self._matches) if match[0] in below), 0)

    def _go(self, number: int) -> None:
        self._current = number
        self._tell()
        self._view.reveal(self._view.turns().row_of_turn(self._matches[number][0]))

    def _show(self, matches: list[Match]) -> None:
        found: dict[int, list[Characters]] = {}
        for turn, place in matches:
            found.setdefault(turn, []).append(place)
        self._matches, self._current = matches, -1
        self._view.typesetter.marks.found = found
        self._tell()

    def _tell(self) -> None:
        marks, at = self._view.typesetter.marks, self._current
        marks.current = self._matches[at] if 0 <= at < len(self._matches) else None
        self._view.viewport().update()
        total = len(self._matches)
        for button in (self.previous, self.next):
            button.setEnabled(bool(total))
        found = self.tr("{number} of {total}").format(number=at + 1, total=total)
        nothing = self.tr("Not found") if self.text.text().strip() else ""
        self.count.setText(found if total else nothing)

    def _configure(self) -> None:
        self.text.setPlaceholderText(self.tr("Find in this meeting"))
        self.text.setAccessibleName(self.tr("Find in this meeting"))
        self.text.setClearButtonEnabled(True)
        self.text.installEventFilter(self)
        self.text.textChanged.connect(self._later.start)
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
