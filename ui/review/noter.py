"""Keeps bookmarks: sets, writes, deletes and brings them back; shows them in list and timeline."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from app.store import Library
from app.store_notes import Note, NoteTable
from ui.desk import Desk
from ui.meeting_page import MeetingPage
from ui.review.review_actions import ReviewActions

Moment = Callable[[], int]
"""Tells the sample that is spoken or heard now."""


class Noter(QObject):
    """Stands between the desk, which has the library, and the page; ``sought`` carries a sample."""

    sought = Signal(int)

    def __init__(
        self, page: MeetingPage, actions: ReviewActions, desk: Desk, now: Moment, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._page = page
        self._desk = desk
        self._now = now
        self._show_list = actions.notes
        self._before: list[tuple[Note, bool]] = []  # each note as it was, and whether it was new
        actions.bookmark.triggered.connect(self.add)
        actions.note.triggered.connect(self.add_and_write)
        actions.notes.toggled.connect(page.notes.setVisible)
        panel = page.notes
        panel.chosen.connect(lambda note: self.sought.emit(note.sample))
        panel.written.connect(self.rewrite)
        panel.unwanted.connect(self.delete)
        panel.undone.connect(self.undo)
        panel.left.connect(page.view.setFocus)

    def open(self) -> None:
        """Show the notes of another meeting."""
        self._before.clear()
        self._show()

    def add(self) -> Note | None:
        """Set a bookmark at this moment."""
        current, sample = self._desk.current, self._now()
        if current is None:
            return None
        note = self._desk.ask("notes", lambda lib: lib.notes.add(current.summary.id, sample))
        if note is not None:
            self._before.append((note, True))
            self._show(note.id)
        return note

    def add_and_write(self) -> None:
        """Set a bookmark at this moment, and let the user say what for."""
        if self.add() is not None:
            self._show_list.setChecked(True)
            self._page.notes.write()

    def rewrite(self, note: Note, text: str) -> None:
        """Give a note another text; where that fails, what was typed stays in the field."""
        if self._desk.ask("notes", lambda lib: lib.notes.rewrite(note, text)) is not None:
            self._before.append((note, False))
            self._show(note.id)

    def delete(self, note: Note) -> None:
        """Delete a note."""
        if self._done(lambda notes: notes.delete(note)):
            self._before.append((note, False))
            self._show()

    def undo(self) -> None:
        """Take the last change back."""
        if self._before:
            note, new = self._before[-1]
            if self._done(lambda notes: notes.delete(note) if new else notes.restore(note)):
                self._before.pop()
                self._show(note.id)

    def _done(self, change: Callable[[NoteTable], None]) -> bool:
        """Whether the library took a change; if not, that was told and nothing is to be undone."""

        def make(library: Library) -> bool:
            change(library.notes)
            return True

        return bool(self._desk.ask("notes", make))

    def _show(self, chosen: int | None = None) -> None:
        current = self._desk.current
        notes: list[Note] | None = None
        if current is not None:
            notes = self._desk.ask("notes", lambda lib: lib.notes.of(current.summary.id))
        self._page.notes.show_notes(notes or [], chosen)
        self._page.notes.undo.setEnabled(bool(self._before))
        self._page.timeline.show_notes(note.sample for note in notes or [])
