"""Saves, recognises and deletes voices for the window; nothing of it before the user agreed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtWidgets import QMenu, QMessageBox

from app.store import Library
from app.transcript import Recognised
from app.voices import allowed
from engine.events import SpeakerRecognised
from ui.actions import Actions
from ui.desk import Desk
from ui.frame import Frame
from ui.live import Told
from ui.people import texts
from ui.people.dialog import PeopleDialog
from ui.presenter import Presenter
from ui.rows import TurnRow
from ui.settings.chores import Chores
from ui.settings.keeper import Keeper
from ui.text import brief
from ui.theme import Theme
from ui.turns.turn_menu import Section


class People(QObject):
    """Stands between the library, which has the voices, and the widgets that are about them."""

    def __init__(
        self,
        theme: Theme,
        frame: Frame,
        actions: Actions,
        desk: Desk,
        keeper: Keeper,
        presenter: Presenter,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._view = frame.page.view
        self._desk = desk
        self._keeper = keeper
        self._presenter = presenter
        self._chores = Chores(desk.bridge, self)
        self._frame = frame
        self.dialog = PeopleDialog(theme, frame)
        self._connect(actions)

    @property
    def on(self) -> bool:
        """Whether voices may be kept and compared."""
        return allowed(self._keeper.settings)

    def show(self) -> None:
        """Show whose voices are saved."""
        self._list()
        self.dialog.open()

    def remember(self) -> None:
        """Save the voice of the speaker of the current turn; ask first if that may be."""
        row = self._row()
        if row is None or _own_name(row) is None:
            self._presenter.say(self.tr("Choose a turn whose speaker has a name"))
        elif self.on:
            self._remember(row.speaker)
        else:
            self.ask_consent(lambda: self._remember(row.speaker))

    def confirm(self) -> None:
        """The speaker of the current turn is who the program says."""
        self._answer(lambda recognised: recognised.name)

    def deny(self) -> None:
        """The speaker of the current turn is not who the program says."""
        self._answer(lambda recognised: "")

    def ask_consent(self, then: Callable[[], object] = lambda: None) -> QMessageBox:
        """Say what recognising voices keeps, and where; ``then`` follows if the user agrees."""
        parent = self.dialog if self.dialog.isVisible() else self._frame
        box = QMessageBox(QMessageBox.Icon.Question, self.tr("Recognise voices"), "", parent=parent)
        box.setText(self.tr("Recognise voices from meeting to meeting?"))
        box.setInformativeText(texts.consent())
        agree = box.addButton(self.tr("&Recognise voices"), QMessageBox.ButtonRole.AcceptRole)
        refuse = box.addButton(self.tr("&Not now"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(refuse)
        box.setEscapeButton(refuse)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        agree.clicked.connect(lambda: self._agree(then))
        refuse.clicked.connect(lambda: self._switch(False))
        box.open()
        return box

    def _connect(self, actions: Actions) -> None:
        actions.people.triggered.connect(self.show)
        actions.remember.triggered.connect(self.remember)
        self._view.menu.add(Section.VOICE, self._fill)
        self._keeper.changed.connect(self._follow_setting)
        self._desk.bridge.delivered.connect(self._follow_meetings)
        self.dialog.switched.connect(self._switch)
        self.dialog.deleted.connect(self._delete)
        self.dialog.all_deleted.connect(self._delete_all)
        self.dialog.model.renamed.connect(self._rename, Qt.ConnectionType.QueuedConnection)

    def _fill(self, menu: QMenu, _point: QPoint) -> None:
        """What can be done with the voice of the current turn."""
        if (row := self._row()) is None:
            return
        menu.addSeparator()
        if row.recognised is not None:
            found = brief(row.recognised.name).replace("&", "&&")
            menu.addAction(self.tr("Yes, this is {name}").format(name=found), self.confirm)
            menu.addAction(self.tr("No, this is not {name}").format(name=found), self.deny)
        name = _own_name(row)
        if name is None:
            waiting = menu.addAction(self.tr("Remember this voice (name the speaker first)"))
            waiting.setEnabled(False)
            return
        shown = brief(name).replace("&", "&&")
        menu.addAction(self.tr("Remember this voice as {name}").format(name=shown), self.remember)

    def _remember(self, speaker: int) -> None:
        row, current = self._row(), self._desk.current
        agreed_at = self._keeper.settings.voices_agreed_at
        if row is None or row.speaker != speaker or current is None or agreed_at is None:
            return
        if (name := _own_name(row)) is None:
            return
        if row.recognised is not None:
            self.confirm()
        meeting = current.summary.id
        saved = self._desk.ask(
            "people", lambda library: library.voices.enrol(meeting, speaker, name, agreed_at)
        )
        if saved is not None:
            self._presenter.say(texts.kept(saved))

    def _answer(self, name_of: Callable[[Recognised], str]) -> None:
        row = self._row()
        if row is not None and row.recognised is not None:
            self._view.speaker_renamed.emit(row.speaker, name_of(row.recognised))

    def _row(self) -> TurnRow | None:
        if self._desk.current is None:
            return None
        return self._view.turns().turn_row(self._view.currentIndex())

    def _agree(self, then: Callable[[], object]) -> None:
        self._keeper.change("voices_agreed_at", datetime.now(UTC))
        self._keeper.change("recognise_voices", True)
        self._list()
        then()

    def _switch(self, on: bool) -> None:
        """Switched on for the first time, the user is asked, and only then it is on."""
        if on and self._keeper.settings.voices_agreed_at is None:
            self.ask_consent()
            return
        self._keeper.change("recognise_voices", on)
        self._list()

    def _follow_setting(self, name: str) -> None:
        """It may be switched on elsewhere: then the user is asked as well."""
        settings = self._keeper.settings
        if name == "recognise_voices" and settings.recognise_voices and not self.on:
            self.ask_consent()

    def _follow_meetings(self, messages: list[object]) -> None:
        """Say who is recognised while a meeting is recorded."""
        for message in messages:
            if not isinstance(message, Told) or not isinstance(message.event, SpeakerRecognised):
                continue
            if message.event.sure:
                name = brief(message.event.name)
                self._presenter.say(self.tr("Recognised: {name}").format(name=name))

    def _list(self) -> None:
        people = self._desk.ask("people", lambda library: library.voices.people()) or []
        model = self._desk.ask("people", lambda library: library.voices.latest_model())
        self.dialog.show_people(people, model, self.on)

    def _rename(self, person_id: int, name: str) -> None:
        self._desk.ask("people", lambda library: library.voices.rename(person_id, name))
        self._list()

    def _delete(self, person_id: int) -> None:
        self._forget(lambda library: library.voices.delete(person_id))

    def _delete_all(self) -> None:
        self._forget(lambda library: library.voices.delete_all())

    def _forget(self, forget: Callable[[Library], None]) -> None:
        """The library is written anew without it: that takes a while where it is large."""
        path = self._desk.path

        def work() -> None:
            with Library(path) as library:
                forget(library)

        self.dialog.show_busy(True)
        self._chores.do("forget", work, lambda _: self._forgotten(""), self._forgotten)

    def _forgotten(self, problem: str) -> None:
        self.dialog.show_busy(False)
        self._list()
        self.dialog.show_problem(problem)
        self._show_names()
        if not problem:
            self._presenter.say(self.tr("Deleted for good"))

    def _show_names(self) -> None:
        """Names that the program gave may be others now in the open meeting."""
        current = self._desk.current
        if current is not None and current.live is None:
            speakers = current.model.transcript.speakers.values()
            if any(speaker.recognised for speaker in speakers):
                self._desk.open(current.summary.id)


def _own_name(row: TurnRow) -> str | None:
    """How a speaker is called without the sign of doubt."""
    return row.recognised.name if row.recognised else row.name
