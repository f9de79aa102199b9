"""Exporting: asks what to write, and how; the window asks where to."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtWidgets import QMenu

from app.exports import FORMATS, Selection
from engine.timeline import to_samples
from ui.actions import Actions, fill_export_menu
from ui.desk import Desk, OpenMeeting
from ui.export_dialog import ExportDialog, Offer
from ui.frame import Frame
from ui.rows import TurnRow
from ui.theme import Theme
from ui.turns.turn_menu import Section

Part = Selection | Collection[int] | None
"""A time, the numbers of some turns, or everything."""


class Exporter(QObject):
    """Offers the formats for the meeting on show; ``export`` takes a format's name and a part."""

    def __init__(
        self,
        theme: Theme,
        frame: Frame,
        actions: Actions,
        desk: Desk,
        export: Callable[[str, Part], object],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self.dialog: ExportDialog | None = None
        self._theme = theme
        self._frame = frame
        self._desk = desk
        self._export = export
        self._form = next(iter(FORMATS))  # the one that was chosen last
        actions.export.triggered.connect(self.ask)
        frame.page.export.clicked.connect(self.ask)
        frame.page.view.menu.add(Section.EXPORT, self._fill)
        desk.opened.connect(self._forget)
        desk.closed.connect(self._forget)

    def ask(self) -> None:
        """Ask for the format and the part."""
        current = self._desk.current
        if current is None:
            return
        self._forget()
        self.dialog = ExportDialog(self._theme, self._offer(current), self._form, self._frame)
        queued = Qt.ConnectionType.QueuedConnection  # a dialog of the system waits for its answer
        self.dialog.chosen.connect(self._choose, queued)
        self.dialog.finished.connect(self._gone)
        self.dialog.open()

    def _choose(self, form: str, part: Part) -> None:
        self._form = form
        self._export(form, part)

    def _forget(self) -> None:
        """What was selected belongs to the meeting that was on show."""
        if self.dialog is not None:
            self.dialog.reject()

    def _gone(self) -> None:
        self.dialog = None

    def _fill(self, menu: QMenu, _point: QPoint) -> None:
        """Write the selected turns, and nothing else."""
        turns = [row.number for row in self._selected()]
        formats = menu.addMenu(self.tr("E&xport selected turns"))
        fill_export_menu(formats, partial(self._export_turns, turns=turns))
        formats.setEnabled(bool(turns))

    def _export_turns(self, form: str, turns: list[int]) -> None:
        self._export(form, turns)

    def _offer(self, meeting: OpenMeeting) -> Offer:
        turns = self._selected()
        length = max(meeting.model.transcript.duration, to_samples(self._heard_s(meeting)))
        return Offer(
            meeting.summary.title,
            length,
            tuple(row.number for row in turns),
            min((row.start for row in turns), default=0),
            max((row.until for row in turns), default=0),
        )

    def _heard_s(self, meeting: OpenMeeting) -> float:
        if meeting.live is not None:
            return meeting.live.elapsed_s
        return meeting.summary.duration_s or 0.0

    def _selected(self) -> list[TurnRow]:
        """The selected turns that have words."""
        view = self._frame.page.view
        rows = (view.turns().row(row) for row in view.selected_rows())
        return [row for row in rows if isinstance(row, TurnRow) and row.words]
