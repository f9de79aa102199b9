"""Correcting the words of a turn in its place: opens the editor, keeps it there, saves."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt

from app.corrections import DeleteTurns, Edit, EditWords, SplitTurn
from app.corrections.words import typed_words
from ui.correction.corrector import Corrector
from ui.correction.word_editor import WordEditor
from ui.desk import Desk, OpenMeeting
from ui.rows import TurnRow
from ui.turn_view import TurnView


@dataclass(frozen=True)
class Editing:
    """What is being edited, as it was when the editor was opened."""

    meeting: OpenMeeting
    turn: int
    text: str
    start: int
    until: int
    editor: WordEditor


class WordEditing(QObject):
    """At most one turn is edited. What was typed is never lost: where saving fails, it stays."""

    def __init__(self, view: TurnView, corrector: Corrector, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._view = view
        self._corrector = corrector
        self._desk = desk
        self._editing: Editing | None = None
        bar = view.verticalScrollBar()
        bar.valueChanged.connect(self._place)
        bar.rangeChanged.connect(self._place)
        view.viewport().installEventFilter(self)
        desk.opened.connect(self._go_along)
        desk.closed.connect(self._go_along)

    @property
    def editor(self) -> WordEditor | None:
        """The editor, while it is open."""
        return self._editing.editor if self._editing else None

    def open(self) -> None:
        """Edit the words of the current turn."""
        row = self._view.turns().turn_row(self._view.currentIndex())
        meeting = self._desk.current
        if row is None or meeting is None:
            return
        if self._editing is not None and not self.save():
            return
        editor = WordEditor(_text(row), self._view.typesetter, self._view.viewport())
        self._editing = Editing(meeting, row.number, _text(row), row.start, row.until, editor)
        self._connect(editor)
        self._place()
        self._view.scrollTo(self._view.currentIndex())
        self._place()
        editor.show()
        editor.field.setFocus()

    def save(self) -> bool:
        """Make the edit and close; False if it was refused and the editor is still open."""
        if (editing := self._editing) is None:
            return True
        text = editing.editor.text
        if text != editing.text and not self._corrector.make(_edit(editing), editing.meeting):
            return False
        self.close()
        return True

    def split(self) -> None:
        """Save, and begin a new turn at the cursor."""
        if (editing := self._editing) is None:
            return
        at = len(typed_words(editing.editor.text_before_cursor))
        if self.save():
            self._corrector.make(SplitTurn(editing.turn, at), editing.meeting)

    def close(self) -> None:
        """Close the editor without saving."""
        if self._editing is None:
            return
        editing, self._editing = self._editing, None
        editor = editing.editor
        self._make_room(editing, None)
        had_focus = editor.isAncestorOf(self._view.window().focusWidget() or self._view)
        editor.hide()
        editor.deleteLater()
        if had_focus:
            self._view.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The rows lie elsewhere in a list of another size."""
        if event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def _connect(self, editor: WordEditor) -> None:
        queued = Qt.ConnectionType.QueuedConnection  # the editor may go with what they cause
        editor.field.committed.connect(self.save, queued)
        editor.field.left.connect(self.save, queued)
        editor.field.cancelled.connect(self.close, queued)
        editor.field.split_wanted.connect(self.split, queued)
        editor.field.textChanged.connect(self._place)

    def _place(self) -> None:
        """Keep the editor on its turn, as long as that is there."""
        editing = self._editing
        if editing is None or self._view.model() is not editing.meeting.model:
            return
        model = self._view.turns()
        index = model.index(model.row_of_turn(editing.turn), 0)
        if index.isValid():
            row, room = model.row(index.row()), self._view.viewport().size()
            boxes = self._view.typesetter.place(row, self._view.visualRect(index))
            self._make_room(editing, (editing.turn, editing.editor.needed(boxes.words, room)))
            boxes = self._view.typesetter.place(row, self._view.visualRect(index))
            editing.editor.lie_over(boxes.words, room)

    def _make_room(self, editing: Editing, edited: tuple[int, int] | None) -> None:
        """The row is as high as the editor, which covers no other row then."""
        if self._view.typesetter.edited == edited:
            return
        self._view.typesetter.edited = edited
        model = editing.meeting.model
        if (row := model.row_of_turn(editing.turn)) >= 0:
            index = model.index(row, 0)
            model.dataChanged.emit(index, index)
            model.refreshed.emit(row, row)

    def _go_along(self) -> None:
        """What was typed belongs to its meeting: saved there if another one lies open now.

        If it is the same one, which was transcribed again meanwhile, the editor stays open.
        """
        editing, current = self._editing, self._desk.current
        if editing is None or editing.meeting is current:
            return
        if current is None or current.summary.id != editing.meeting.summary.id:
            self.save()
        elif (row := _same_turn(current, editing)) is not None:
            self._go_on_in(current, row)

    def _go_on_in(self, meeting: OpenMeeting, row: TurnRow) -> None:
        """Edit the turn that now says what the edited one said."""
        assert self._editing is not None
        editor, untouched = self._editing.editor, self._editing.editor.text == self._editing.text
        self._editing = Editing(meeting, row.number, _text(row), row.start, row.until, editor)
        self._view.setCurrentIndex(meeting.model.index(meeting.model.row_of_turn(row.number), 0))
        if untouched:
            editor.field.setPlainText(_text(row))
        self._place()


def _text(row: TurnRow) -> str:
    return " ".join(word.shown for word in row.words)


def _same_turn(meeting: OpenMeeting, editing: Editing) -> TurnRow | None:
    """The turn that shares most time with the edited one; None if nobody speaks there any more."""
    every = (meeting.model.row(row) for row in range(meeting.model.rowCount()))
    turns = [row for row in every if isinstance(row, TurnRow)]

    def shared(row: TurnRow) -> int:
        return min(row.until, editing.until) - max(row.start, editing.start)

    rivals = [row for row in turns if shared(row) > 0]
    return max(rivals, key=lambda row: (shared(row), row.number == editing.turn), default=None)


def _edit(editing: Editing) -> Edit:
    """Who leaves no word does not want the turn."""
    text = editing.editor.text
    if not typed_words(text):
        return DeleteTurns((editing.turn,))
    return EditWords(editing.turn, text, editing.until)
