"""Asks in which format a meeting is to be written, and how much of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from app.exports import FORMATS, Selection
from app.exports.text import seconds_of
from engine.timeline import to_samples, to_seconds
from ui.actions import format_title
from ui.banner import announce
from ui.elided_label import ElidedLabel
from ui.settings.form import Choice
from ui.text import clock, stopwatch
from ui.theme import Theme, scaled

WIDTH_EMS = 27
SHOWN_S = 0.1
"""Times are offered as exactly as this: a later end is the end of the meeting."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What there is to write: a meeting, and the turns of it that are selected.

    Attributes:
        length: of the meeting, in samples.
        turns: the numbers of the selected turns that have words.
        start: where the first of them begins, in samples.
        end: where the last of them ends, likewise.
    """

    title: str
    length: int
    turns: tuple[int, ...] = ()
    start: int = 0
    end: int = 0


class ExportDialog(QDialog):
    """``chosen`` carries the name of a format, and a Selection, numbers of turns, or None: all."""

    chosen = Signal(str, object)

    def __init__(self, theme: Theme, offer: Offer, form: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Export"))
        self._offer = offer
        self.form = Choice(theme, [(format_title(name), name) for name in FORMATS])
        self.form.setMaxVisibleItems(len(FORMATS))
        self.form.setCurrentIndex(self.form.findData(form))
        self.whole = QRadioButton(self.tr("The &whole meeting"))
        self.selected = QRadioButton(self._selected_text(len(offer.turns)))
        self.part = QRadioButton(self.tr("&From"))
        start, end = (offer.start, offer.end) if offer.turns else (0, offer.length)
        self.start, self.end = QLineEdit(clock(start)), QLineEdit(clock(end))
        self.from_zero = QCheckBox(self.tr("Count &times from the start of the part"))
        self.problem = QLabel()
        self.save = QPushButton(self.tr("&Export…"))
        self.cancel = QPushButton(self.tr("Cancel"))
        self._configure()
        self._lay_out()

    def _try(self) -> None:
        """Pass on what is chosen; a time that is none is told, and nothing happens."""
        part: Selection | Sequence[int] | None = None
        if self.part.isChecked():
            start_s, end_s = _seconds(self.start.text()), _end_s(self.end.text())
            if (wrong := self._wrong(start_s, end_s)) is not None:
                self._complain(*wrong)
                return
            assert start_s is not None
            assert end_s is not None
            length_s = to_seconds(self._offer.length)
            last = end_s > length_s - SHOWN_S
            part = Selection(start_s, None if last else end_s, (), self.from_zero.isChecked())
        elif self.selected.isChecked():
            part = self._offer.turns
        self.chosen.emit(self.form.currentData(), part)
        self.accept()

    def _wrong(self, start_s: float | None, end_s: float | None) -> tuple[QLineEdit, str] | None:
        """The field with a time that will not do, and why."""
        for field, seconds in ((self.start, start_s), (self.end, end_s)):
            if seconds is None:
                said = self.tr("“{text}” is no time: type minutes and seconds, such as 1:23.")
                return field, said.format(text=field.text()[:20])
        assert start_s is not None
        assert end_s is not None
        if start_s >= to_seconds(self._offer.length):
            said = self.tr("The meeting is over at {end}: choose an earlier start.")
            return self.start, said.format(end=clock(self._offer.length))
        if end_s <= start_s:
            return self.end, self.tr("The part would end before it begins: choose a later end.")
        return None

    def _complain(self, field: QLineEdit, text: str) -> None:
        self.problem.setText(text)
        self.problem.show()
        announce(self, text)
        field.setFocus()
        field.selectAll()

    def _show_choice(self) -> None:
        self.from_zero.setEnabled(self.part.isChecked())
        if not self.part.isChecked():
            self.problem.hide()

    def _selected_text(self, count: int) -> str:
        if count == 1:
            return self.tr("The &selected turn")
        return self.tr("The %Ln &selected turns", "", count)

    def _configure(self) -> None:
        turns = len(self._offer.turns)
        self.selected.setVisible(turns > 0)
        (self.selected if turns > 1 else self.whole).setChecked(True)
        self.form.setAccessibleName(self.tr("Format"))
        self.start.setAccessibleName(self.tr("Start of the part"))
        self.end.setAccessibleName(self.tr("End of the part"))
        self.problem.setObjectName("problem")
        self.problem.setWordWrap(True)
        self.problem.setTextFormat(Qt.TextFormat.PlainText)
        self.problem.hide()
        for field in (self.start, self.end):
            field.setToolTip(self.tr("Minutes and seconds, such as 1:23, or 1:02:03."))
            field.setAccessibleDescription(field.toolTip())
            field.textEdited.connect(lambda: self.part.setChecked(True))
        self.part.toggled.connect(self._show_choice)
        self.save.setDefault(True)
        self.save.clicked.connect(self._try)
        self.cancel.clicked.connect(self.reject)
        self._show_choice()

    def _lay_out(self) -> None:
        name = ElidedLabel()
        name.setText(self._offer.title)
        name.setFont(scaled(self.font(), 1.15, QFont.Weight.DemiBold))
        label = QLabel(self.tr("F&ormat"))
        label.setBuddy(self.form)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        for widget in (name, label, self.form):
            column.addWidget(widget)
        column.addSpacing(4)
        column.addLayout(self._parts())
        column.addWidget(self.problem)
        column.addStretch(1)
        column.addLayout(self._buttons())
        self.setMinimumWidth(WIDTH_EMS * self.fontMetrics().height())

    def _parts(self) -> QGridLayout:
        """The whole, the selected turns, or a part between two times."""
        length = QLabel(stopwatch(to_seconds(self._offer.length)))
        length.setObjectName("muted")
        to = QLabel(self.tr("to", "between two times"))
        times = QHBoxLayout()
        times.setSpacing(8)
        for widget in (self.part, self.start, to, self.end):
            times.addWidget(widget)
        rows = QGridLayout()
        rows.setVerticalSpacing(8)
        rows.setColumnStretch(0, 1)
        rows.addWidget(self.whole, 0, 0)
        rows.addWidget(length, 0, 1)
        rows.addWidget(self.selected, 1, 0, 1, 2)
        rows.addLayout(times, 2, 0, 1, 2)
        rows.addWidget(self.from_zero, 3, 0, 1, 2)
        return rows

    def _buttons(self) -> QHBoxLayout:
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.save)
        return buttons


def _seconds(text: str) -> float | None:
    """The moment that was typed; None if it is none."""
    try:
        return to_seconds(to_samples(seconds_of(text.strip().replace(",", "."))))
    except (ValueError, OverflowError):
        return None


def _end_s(text: str) -> float | None:
    """Likewise; nothing means the end."""
    return _seconds(text) if text.strip() else float("inf")
