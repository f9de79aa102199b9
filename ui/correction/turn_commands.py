"""What can be done with the selected turns: from the menu, by keys, and by a right click."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtWidgets import QMenu

from app.corrections import (
    DeleteTurns,
    JoinNext,
    MergeSpeakers,
    MoveBounds,
    Reassign,
    ReassignAll,
    RenameSpeaker,
    SplitTurn,
)
from engine.timeline import SAMPLE_RATE
from ui.actions import Actions
from ui.banner import announce
from ui.correction.corrector import Corrector
from ui.correction.people_menu import Choice, fill_people
from ui.correction.times_dialog import TimesDialog, mark, samples
from ui.correction.word_editing import WordEditing
from ui.desk import Desk
from ui.frame import Frame
from ui.rows import TurnRow
from ui.turns.turn_menu import Section

STEP = SAMPLE_RATE // 10
LONGEST_WORD = 30


class TurnCommands(QObject):
    """Stands between the turn list with its commands and the corrector."""

    def __init__(
        self, frame: Frame, actions: Actions, desk: Desk, corrector: Corrector, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._view = frame.page.view
        self._edits = actions.edits
        self._desk = desk
        self._corrector = corrector
        self.words = WordEditing(self._view, corrector, desk, self)
        self._connect(actions)
        desk.opened.connect(self._follow_selection)
        self._enable()

    def rename(self, speaker: int, name: str) -> None:
        """Name a person everywhere; an empty name brings the default back."""
        self._corrector.make(RenameSpeaker(speaker, name))

    def assign(self, to: int | None) -> None:
        """The selected turns are somebody else's; a new person can be named at once."""
        turns = tuple(row.number for row in self._chosen())
        if turns and self._corrector.make(Reassign(turns, to)) and to is None:
            self._view.rename_current()

    def people_menu(self) -> QMenu:
        """Whose the selected turns are."""
        menu = QMenu(self._edits.person.text(), self._view)
        speaker = self._speaker()
        self._fill(menu, set() if speaker is None else {speaker}, self.assign, new=True)
        return menu

    def everything_menu(self) -> QMenu:
        """Whose all turns of this person are."""
        menu, speaker = QMenu(self._edits.everything.text(), self._view), self._speaker()
        if speaker is not None:
            self._fill(
                menu,
                {speaker},
                lambda to: self._corrector.make(ReassignAll(speaker, to)),
                new=True,
            )
        return menu

    def merge_menu(self) -> QMenu:
        """Who else this person is."""
        menu, speaker = QMenu(self._edits.merge.text(), self._view), self._speaker()
        if speaker is not None:
            self._fill(menu, {speaker}, lambda to: self._merge(speaker, to), new=False)
        return menu

    def add_to_menu(self, menu: QMenu, point: QPoint) -> None:
        """What can be done with the turn at a point of the list, and with the selected ones."""
        if not self._chosen():
            return
        menu.addSeparator()
        menu.addAction(self._edits.words)
        for each in (self.people_menu(), self.everything_menu(), self.merge_menu()):
            each.setParent(menu, each.windowFlags())
            menu.addMenu(each).setEnabled(not each.isEmpty())
        menu.addSeparator()
        self._offer_split(menu, point)
        menu.addAction(self._edits.join)
        self._edits.add_times(menu)
        menu.addSeparator()
        menu.addAction(self._edits.delete)

    def ask_times(self) -> TimesDialog | None:
        """Have start and end typed."""
        if (row := self._settled()) is None:
            return None
        dialog = TimesDialog(row.start, row.until, self._view.window())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        number = row.number
        dialog.chosen.connect(lambda start, end: self._move(number, start, end))
        dialog.open()
        return dialog

    def _connect(self, actions: Actions) -> None:
        edits = self._edits
        edits.serve(self._view)
        edits.words.triggered.connect(self.words.open)
        edits.split.triggered.connect(self.words.open)
        edits.join.triggered.connect(self._join)
        edits.delete.triggered.connect(self._delete)
        edits.times.triggered.connect(self.ask_times)
        edits.start_earlier.triggered.connect(lambda: self._nudge(-STEP, 0))
        edits.start_later.triggered.connect(lambda: self._nudge(STEP, 0))
        edits.end_earlier.triggered.connect(lambda: self._nudge(0, -STEP))
        edits.end_later.triggered.connect(lambda: self._nudge(0, STEP))
        edits.person.triggered.connect(lambda: self._pop_up(self.people_menu))
        edits.everything.triggered.connect(lambda: self._pop_up(self.everything_menu))
        edits.merge.triggered.connect(lambda: self._pop_up(self.merge_menu))
        self._view.doubleClicked.connect(self.words.open)
        self._view.menu.add(Section.EDIT, self.add_to_menu)

    def _follow_selection(self) -> None:
        self._selection = self._view.selectionModel()  # what Python drops, Qt disconnects
        self._selection.selectionChanged.connect(self._enable)
        self._enable()

    def _enable(self) -> None:
        """Only what makes sense for what is selected."""
        edits, chosen = self._edits, self._chosen()
        usable = [edits.person, edits.delete] if chosen else []
        if self._speaker() is not None:
            usable += edits.of_people
        self._edits.enable(edits.all() if len(chosen) == 1 else usable)

    def _chosen(self) -> list[TurnRow]:
        """The selected turns, from the top."""
        if self._view.model() is None:
            return []
        rows = [self._view.turns().row(row) for row in self._view.selected_rows()]
        return [row for row in rows if isinstance(row, TurnRow)]

    def _current(self) -> TurnRow | None:
        chosen = self._chosen()
        return chosen[0] if len(chosen) == 1 else None

    def _speaker(self) -> int | None:
        """Who speaks, if all that is selected is one person's."""
        speakers = {row.speaker for row in self._chosen()}
        return speakers.pop() if len(speakers) == 1 else None

    def _settled(self) -> TurnRow | None:
        """The turn, if its times can be moved yet."""
        row = self._current()
        if row is not None and row.open:
            announce(self._view, self.tr("Somebody is still speaking this turn."))
            return None
        return row

    def _fill(self, menu: QMenu, without: set[int], choose: Choice, new: bool) -> None:
        fill_people(menu, self._view.turns().transcript, without, choose, new)

    def _merge(self, speaker: int, into: int | None) -> None:
        if into is not None:
            self._corrector.make(MergeSpeakers(speaker, into))

    def _join(self) -> None:
        if (row := self._current()) is not None:
            self._corrector.make(JoinNext(row.number))

    def _delete(self) -> None:
        if turns := tuple(row.number for row in self._chosen()):
            self._corrector.make(DeleteTurns(turns))

    def _nudge(self, start: int, end: int) -> None:
        if (row := self._settled()) is not None:
            moved = MoveBounds(row.number, row.start + start, row.until + end, goes_on=True)
            self._corrector.make(moved)

    def _move(self, number: int, start: int, end: int) -> None:
        """What was not typed otherwise stays as it is, to the sample."""
        turn = self._view.turns().transcript.turns.get(number)
        if turn is None or turn.end is None:
            return
        self._corrector.make(
            MoveBounds(
                number,
                turn.start if samples(mark(turn.start)) == start else start,
                turn.end if samples(mark(turn.end)) == end else end,
            )
        )

    def _offer_split(self, menu: QMenu, point: QPoint) -> None:
        row = self._current()
        area = self._view.visualRect(self._view.currentIndex())
        word = None if row is None else self._view.typesetter.word_at(row, area, point)
        if row is None or not word:
            menu.addAction(self._edits.split)
            return
        edit, shown = SplitTurn(row.number, word), row.words[word].shown
        shown = shown if len(shown) <= LONGEST_WORD else f"{shown[: LONGEST_WORD - 1]}…"
        text = self.tr("&Split before “{word}”").format(word=shown.replace("&", "&&"))
        menu.addAction(text, lambda: self._corrector.make(edit))

    def _pop_up(self, build: Callable[[], QMenu]) -> None:
        """A menu beside the turn, for those who use the keyboard."""
        menu = build()
        if menu.isEmpty():
            return
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        area = self._view.visualRect(self._view.currentIndex())
        row = self._view.turns().row(self._view.currentIndex().row())
        box = self._view.typesetter.place(row, area).name
        menu.popup(self._view.viewport().mapToGlobal(box.bottomLeft()))
        menu.setActiveAction(menu.actions()[0])
