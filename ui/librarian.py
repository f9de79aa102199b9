"""Searches, deletes and brings back for the window; keeps library panel, undo bar and bin right."""

from __future__ import annotations

from PySide6.QtCore import QObject

from app.store import MeetingSummary
from app.store_search import MOST_HITS
from ui.actions import Actions
from ui.bin_dialog import BinDialog
from ui.desk import Desk
from ui.frame import Frame
from ui.meeting_list import size_text
from ui.theme import Theme


class Librarian(QObject):
    """Stands between the desk, which has the library, and the widgets that are about it."""

    def __init__(
        self, theme: Theme, frame: Frame, actions: Actions, desk: Desk, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._frame = frame
        self._panel = frame.library
        self._desk = desk
        self.bin = BinDialog(theme, frame)
        self._connect(actions)

    def delete(self, meeting_id: int) -> None:
        """Move a meeting to the bin, and offer to take that back."""
        gone = self._desk.ask("bin", lambda library: library.bin.put(meeting_id))
        if gone is not None:
            self._desk.put_away(meeting_id)
            self._frame.undo.offer(gone)
        self._desk.list_meetings()

    def restore(self, meeting_id: int) -> None:
        """Take a meeting out of the bin and show it."""
        back = self._desk.ask("bin", lambda library: library.bin.restore(meeting_id))
        self._frame.undo.forget()
        self._desk.list_meetings()
        if back is not None:
            self._desk.open(meeting_id)

    def empty_bin(self) -> None:
        """Destroy everything in the bin."""
        self._desk.ask("bin", lambda library: library.bin.empty())
        self._frame.undo.forget()
        self._desk.list_meetings()

    def show_bin(self) -> None:
        """Show what is in the bin."""
        self._desk.list_meetings()
        self.bin.open()

    def _connect(self, actions: Actions) -> None:
        self._panel.sought.connect(self._seek)
        self._panel.hit_opened.connect(self._open_hit)
        self._panel.delete_wanted.connect(self.delete)
        self._panel.bin.clicked.connect(self.show_bin)
        self._frame.undo.undone.connect(self.restore)
        self.bin.restored.connect(self.restore)
        self.bin.emptied.connect(self.empty_bin)
        self._desk.listed.connect(self._follow)
        actions.delete.triggered.connect(self._delete_open)
        actions.bin.triggered.connect(self.show_bin)

    def _seek(self) -> None:
        """Another search. As long as only its text is another one, the list stays as it is."""
        _, where = self._panel.wanted()
        if where == self._desk.where:
            self._search()
            return
        self._desk.where = where
        self._desk.list_meetings()

    def _follow(self, meetings: list[MeetingSummary]) -> None:
        """The library has changed, or another part of it is wanted."""
        self._search()
        self._desk.ask("library", lambda library: self._panel.filter.show_people(library.people()))
        binned = self._desk.ask("library", lambda library: library.bin.meetings()) or []
        self.bin.show_meetings(binned)
        if storage := self._desk.ask("library", lambda library: library.storage()):
            self._panel.show_room(size_text(storage.total), len(binned))

    def _search(self) -> None:
        text, where = self._panel.wanted()
        found = self._desk.ask("library", lambda library: library.search(text, where)) or []
        whole = len(found)
        if whole >= MOST_HITS:
            counted = self._desk.ask("library", lambda library: library.count_hits(text, where))
            whole = counted or whole
        self._panel.show_hits(found, whole)

    def _open_hit(self, meeting_id: int, turn: int | None) -> None:
        self._desk.open(meeting_id)
        if turn is not None and (current := self._desk.current) is not None:
            self._frame.page.view.show_row(current.model.row_of_turn(turn))
            self._frame.page.view.setFocus()

    def _delete_open(self) -> None:
        if self._desk.current is not None:
            self.delete(self._desk.current.summary.id)
