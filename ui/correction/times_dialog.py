"""Where a turn begins and ends, to be typed exactly."""

from __future__ import annotations

import re

from PySide6.QtCore import QLocale, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QLabel, QLineEdit, QWidget

from engine.timeline import SAMPLE_RATE, to_samples
from ui.banner import announce

MARK = re.compile(r"(?:(?:(\d+):)?(\d+):)?(\d+(?:[.,]\d*)?)")


class TimesDialog(QDialog):
    """Start and end of one turn. ``chosen`` carries both, in samples."""

    chosen = Signal(int, int)

    def __init__(self, start: int, end: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Start and end of the turn"))
        self.start = QLineEdit(mark(start))
        self.end = QLineEdit(mark(end))
        self.problem = QLabel()
        self.problem.setObjectName("muted")
        self.problem.setWordWrap(True)
        keys = QDialogButtonBox.StandardButton
        self.buttons = QDialogButtonBox(keys.Save | keys.Cancel)
        self.buttons.accepted.connect(self._try)
        self.buttons.rejected.connect(self.reject)
        self.setMinimumWidth(22 * self.fontMetrics().height())
        form = QFormLayout(self)
        form.addRow(self.tr("&Start"), self.start)
        form.addRow(self.tr("&End"), self.end)
        form.addRow(self.problem)
        form.addRow(self.buttons)
        self._tell(self.tr("Minutes and seconds, for example 1:23.45."))

    def _try(self) -> None:
        start, end = samples(self.start.text()), samples(self.end.text())
        if start is None or end is None:
            self._tell(self.tr("This is no time: type minutes and seconds, such as 1:23.45."))
            (self.start if start is None else self.end).setFocus()
        elif end <= start:
            self._tell(self.tr("A turn cannot end before it begins: choose another time."))
            self.end.setFocus()
        else:
            self.chosen.emit(start, end)
            self.accept()

    def _tell(self, text: str) -> None:
        self.problem.setText(text)
        announce(self, text)


def mark(moment: int) -> str:
    """A moment to the millisecond: ``m:ss.mmm``, from one hour on ``h:mm:ss.mmm``."""
    milliseconds = (moment * 1_000 + SAMPLE_RATE // 2) // SAMPLE_RATE
    seconds, rest = divmod(milliseconds, 1_000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    front = f"{hours}:{minutes:02}" if hours else str(minutes)
    return f"{front}:{seconds:02}{QLocale().decimalPoint()}{rest:03}"


def samples(text: str) -> int | None:
    """The moment that was typed; None if it is none."""
    found = MARK.fullmatch(text.strip())
    if found is None:
        return None
    hours, minutes, seconds = found.groups()
    whole = 3_600 * int(hours or 0) + 60 * int(minutes or 0)
    return to_samples(whole + float(seconds.replace(",", ".")))
