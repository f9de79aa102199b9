"""Shows in the turns which words are played, and scrolls along unless the user looks elsewhere."""

from __future__ import annotations

from bisect import bisect_right

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction

from ui.meeting_page import MeetingPage
from ui.review.player import Player
from ui.rows import TurnRow


class Follower(QObject):
    """Marks words while something is played, or once the user went to a moment."""

    def __init__(self, page: MeetingPage, player: Player, follow: QAction) -> None:
        super().__init__(page)
        self._page = page
        self._player = player
        self._follow = follow
        self._rows: list[int] = []
        player.moved.connect(self._show)
        page.view.scrolled.connect(self._let_go)
        follow.toggled.connect(self.look)

    def follow_again(self) -> None:
        """The user went somewhere: that is what to look at."""
        self._follow.setChecked(True)

    def look(self) -> None:
        """Bring what is played, or where the user went, into sight; unless they look elsewhere."""
        if self._follow.isChecked():
            position = self._player.position
            self._scroll(self._page.outline.at(position), position)

    def forget(self) -> None:
        """Other turns are on show."""
        self._rows = []
        self._page.view.typesetter.marks.playing = {}

    def _show(self, position: int) -> None:
        view, marks = self._page.view, self._page.view.typesetter.marks
        rows = self._page.outline.at(position)
        playing = {
            turn.number: word
            for turn in map(view.turns().row, rows)
            if isinstance(turn, TurnRow) and (word := _word(turn, position)) is not None
        }
        if playing != marks.playing:
            former, self._rows = self._rows, rows
            marks.playing = playing
            view.mark(marks, {*former, *rows})
        if self._follow.isChecked() and self._player.playing:
            self._scroll(rows, position)

    def _scroll(self, rows: list[int], position: int) -> None:
        row = rows[-1] if rows else self._page.outline.before(position)
        if row >= 0:
            turn = self._page.view.turns().row(row)
            word = _word(turn, position) if isinstance(turn, TurnRow) else None
            self._page.view.reveal(row, word or 0)

    def _let_go(self) -> None:
        if self._player.playing:
            self._follow.setChecked(False)


def _word(turn: TurnRow, position: int) -> int | None:
    """The word that is said at a moment, or was said last."""
    word = bisect_right(turn.words, position, key=lambda each: each.start) - 1
    return word if word >= 0 else None
