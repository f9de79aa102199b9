"""The people whose voices are saved: the switch, who they are, and how to delete them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QLabel,
    QMessageBox,
    QPushButton,
    QWidget,
)

from app.voices import Person
from ui.list_dialog import ListDialog, ask_to_destroy
from ui.people import texts
from ui.people.list import PeopleModel, PersonDelegate
from ui.text import brief
from ui.theme import Theme

SIZE_EMS = (36, 27)


class PeopleDialog(ListDialog):
    """``switched`` tells whether voices shall be recognised; ``deleted`` whose voice shall go.

    ``all_deleted`` tells that all shall; ``renamed`` of the model, who shall be called how.
    """

    switched = Signal(bool)
    deleted = Signal(int)
    all_deleted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("People"), SIZE_EMS, parent)
        self.on = QCheckBox(self.tr("&Recognise saved voices"))
        self.about = QLabel(texts.setting())
        self.model = PeopleModel(self)
        self.hint = QLabel(texts.how_to_save())
        self.problem = QLabel()
        self.rename = QPushButton(self.tr("Re&name"))
        self.delete = QPushButton(self.tr("&Delete…"))
        self.delete_all = QPushButton(self.tr("Delete &all voices…"))
        self._configure(theme)
        changes = [self.delete_all, self.delete, self.rename]
        self.lay_out([self.on, self.about, self.hint], [self.problem], changes, [self.close_])

    def show_people(self, people: Sequence[Person], model: str | None, on: bool) -> None:
        """List who is saved; ``model`` hears meetings now, ``on`` if voices are recognised."""
        row = max(0, self.list.currentIndex().row())
        self.model.show_people(people, model)
        some = bool(people)
        self.on.setChecked(on)
        self.list.setVisible(some)
        self.hint.setVisible(not some)
        self.rename.setEnabled(some)
        self.delete.setEnabled(some)
        if some:
            self.list.setCurrentIndex(self.model.index(min(row, len(people) - 1), 0))
        self.show_problem("")

    def show_problem(self, problem: str) -> None:
        """Say what could not be done."""
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))

    def show_busy(self, busy: bool) -> None:
        """Whether something is being deleted right now."""
        for part in (self.list, self.rename, self.delete, self.delete_all, self.on):
            part.setEnabled(not busy)

    def ask_delete(self) -> QMessageBox | None:
        """Ask whether to delete the voice of the current person."""
        if not (chosen := self.list.selectedIndexes()):
            return None
        person = self.model.person(chosen[0])
        question = self.tr("Delete the voice of {name} for good?").format(name=brief(person.name))
        about = self.tr(
            "Later meetings will not name this person any more. The names in your meetings stay; "
            "those with a question mark go."
        )
        return self._ask(question, about, lambda: self.deleted.emit(person.id))

    def ask_delete_all(self) -> QMessageBox:
        """Ask whether to delete everything that is kept of voices."""
        about = self.tr(
            "All saved people go, and what was kept of the voices in your meetings. The meetings "
            "and the names in them stay; names with a question mark go."
        )
        return self._ask(self.tr("Delete all voices for good?"), about, self.all_deleted.emit)

    def _ask(self, question: str, about: str, act: Callable[[], object]) -> QMessageBox:
        answers = (self.tr("&Delete"), self.tr("&Keep"))
        return ask_to_destroy(self, self.tr("Delete"), question, about, answers, act)

    def _rename_current(self) -> None:
        if chosen := self.list.selectedIndexes():
            self.list.edit(chosen[0])

    def _configure(self, theme: Theme) -> None:
        for label in (self.about, self.hint):
            label.setObjectName("muted")
        self.problem.setObjectName("problem")
        for label in (self.about, self.hint, self.problem):
            label.setWordWrap(True)
        self.problem.setTextFormat(Qt.TextFormat.PlainText)
        self.problem.hide()
        self.on.setAccessibleDescription(self.about.text())
        delegate = PersonDelegate(theme, self.list)
        self.show_in_list(self.model, delegate, self.tr("People whose voices are saved"))
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.on.clicked.connect(self.switched)
        self.rename.clicked.connect(self._rename_current)
        self.delete.clicked.connect(self.ask_delete)
        self.delete_all.clicked.connect(self.ask_delete_all)
        self.close_.setDefault(True)
