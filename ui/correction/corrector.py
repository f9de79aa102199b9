"""Makes edits of the open meeting, takes them back, and says what happened."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, QObject, Signal

from app.corrections import Edit, EditKind, Patch
from app.meeting import Step
from ui.actions import Actions
from ui.correction.said import done_text, redo_text, undo_text, undone_text
from ui.desk import Desk, OpenMeeting
from ui.frame import Frame
from ui.live import Told
from ui.rows import TurnRow

SELECT = QItemSelectionModel.SelectionFlag.Select
ONLY = QItemSelectionModel.SelectionFlag.ClearAndSelect


class Corrector(QObject):
    """The one door for edits, also of the meeting that is being recorded.

    ``said`` is what is worth a quiet word. ``Undo`` is for what was done last: an edit of the open
    meeting, or the deletion of one while the bar that offers it is shown.
    """

    said = Signal(str)

    def __init__(self, frame: Frame, actions: Actions, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._frame = frame
        self._actions = actions
        self._desk = desk
        self._deleted_last = False
        actions.undo.triggered.connect(self.undo)
        actions.redo.triggered.connect(self.redo)
        frame.undo.shown.connect(self._follow_bin)
        for changed in (desk.opened, desk.closed, desk.updated):
            changed.connect(self.show_history)
        self.show_history()

    def make(self, edit: Edit, meeting: OpenMeeting | None = None) -> bool:
        """Make an edit of the open meeting, or of another one; False if that fails, which is told.

        What it changed is on the disk when this returns.
        """
        meeting = meeting or self._desk.current
        if meeting is None:
            return False
        number = meeting.summary.id
        patch = self._change(meeting, lambda log, document: log.make(number, edit, document))
        if patch:
            self.said.emit(done_text(edit.kind, len(patch.numbers)))
        return patch is not None

    def undo(self) -> None:
        """Take back what was done last."""
        if self._deleted_last:
            self._frame.undo.take_back()
            return
        self._step(undone=True)

    def redo(self) -> None:
        """Make again what was taken back."""
        self._step(undone=False)

    def show_history(self) -> None:
        """Let the menu say what undo and redo would do now."""
        undo, redo = self._next(undone=True), self._next(undone=False)
        self._actions.undo.setEnabled(self._deleted_last or undo is not None)
        self._actions.undo.setText(
            self.tr("&Undo deleting the meeting") if self._deleted_last else undo_text(undo)
        )
        self._actions.redo.setEnabled(redo is not None)
        self._actions.redo.setText(redo_text(redo))

    def _step(self, undone: bool) -> None:
        meeting, kind = self._desk.current, self._next(undone)
        if meeting is None or kind is None:
            return
        number = meeting.summary.id
        patch = self._change(
            meeting,
            lambda log, document: (log.undo if undone else log.redo)(number, document),
        )
        if patch is not None:
            self._show(patch)
            self.said.emit(undone_text(kind) if undone else done_text(kind, len(patch.numbers)))

    def _change(self, meeting: OpenMeeting, step: Step) -> Patch | None:
        """Change the meeting and what is shown of it; None if that fails."""
        selected = self._selected()
        live = meeting.live
        if live is not None and (run := live.run) is not None:
            bridge = self._desk.bridge
            patch = self._desk.ask(
                "edit",
                lambda _: run.correct(step, lambda made: bridge.post(Told(live, made))),
            )
            bridge.deliver()
        else:
            document = meeting.model.transcript
            patch = self._desk.ask("edit", lambda library: step(library.corrections, document))
            if patch:
                meeting.model.show_patch(patch)
        if patch is not None:
            self._select(selected)
            self._settle(patch)
        return patch

    def _selected(self) -> set[int]:
        """The turns that are selected, by their numbers."""
        view = self._frame.page.view
        rows = (view.turns().row(row) for row in view.selected_rows()) if view.model() else ()
        return {row.number for row in rows if isinstance(row, TurnRow)}

    def _select(self, numbers: set[int]) -> None:
        """Turns that moved in the list are still selected."""
        view = self._frame.page.view
        missing = numbers - self._selected()
        rows = [row for row in map(view.turns().row_of_turn, missing) if row >= 0]
        for row in rows:
            view.selectionModel().setCurrentIndex(view.turns().index(row, 0), SELECT)

    def _settle(self, patch: Patch) -> None:
        self._frame.banners.remove("edit")
        if patch:
            self._deleted_last = False
        if patch.speakers:
            self._desk.list_meetings()
        self._desk.updated.emit()

    def _show(self, patch: Patch) -> None:
        """Go to the first turn that changed, if it is there."""
        current = self._desk.current
        if current is None or not patch.turns:
            return
        row = current.model.row_of_turn(patch.numbers[0])
        if row >= 0:  # not by the view: it looks at the keys, and Ctrl is held down
            selection = self._frame.page.view.selectionModel()
            selection.setCurrentIndex(current.model.index(row, 0), ONLY)

    def _next(self, undone: bool) -> EditKind | None:
        meeting = self._desk.current
        if meeting is None:
            return None
        number = meeting.summary.id
        return self._desk.ask(
            "edit",
            lambda library: (
                library.corrections.can_undo(number)
                if undone
                else library.corrections.can_redo(number)
            ),
        )

    def _follow_bin(self, offered: bool) -> None:
        self._deleted_last = offered
        self.show_history()
