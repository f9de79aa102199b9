"""Which meetings to list and search: by a person who speaks in them, and by their days."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import cast

from PySide6.QtCore import QDate, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QComboBox, QDateEdit, QGridLayout, QLabel, QVBoxLayout, QWidget

from app.store import MeetingFilter
from ui import icons
from ui.theme import Theme

BETWEEN = -1
"""Stands for two days to choose, where other choices are a number of days."""


class LibraryFilter(QWidget):
    """``changed`` tells that :meth:`value` is another one."""

    changed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.person = _Box(theme)
        self.days = _Box(theme)
        self.since, self.until = _Day(theme), _Day(theme)
        self._range = QWidget()
        self._name()
        self._lay_out()
        self.show_people([])
        for title, count in self._spans():
            self.days.addItem(title, count)
        self.person.currentIndexChanged.connect(self._tell)
        self.days.currentIndexChanged.connect(self._choose_days)
        for field in (self.since, self.until):
            field.dateChanged.connect(self._tell)

    def value(self) -> MeetingFilter:
        """What the fields say."""
        since, until = self._chosen_days()
        return MeetingFilter(self.person.currentData(), since, until)

    def show_people(self, names: Iterable[str]) -> None:
        """Offer these people; the one that is chosen stays so as long as there is such a one."""
        offered = [None, *names]
        if offered == [self.person.itemData(row) for row in range(self.person.count())]:
            return
        chosen = self.person.currentData()
        blocked = self.person.blockSignals(True)
        self.person.clear()
        for name in offered:
            self.person.addItem(self.tr("Everybody") if name is None else name, name)
        self.person.setCurrentIndex(offered.index(chosen) if chosen in offered else 0)
        self.person.blockSignals(blocked)
        if self.person.currentData() != chosen:
            self._tell()

    def clear(self) -> None:
        """All meetings."""
        self.person.setCurrentIndex(0)
        self.days.setCurrentIndex(0)

    def _chosen_days(self) -> tuple[date | None, date | None]:
        count = self.days.currentData()
        if count == BETWEEN:
            return _date(self.since), _date(self.until)
        return (None if count is None else date.today() - timedelta(days=count)), None

    def _choose_days(self) -> None:
        self._range.setVisible(self.days.currentData() == BETWEEN)
        self._tell()

    def _tell(self) -> None:
        self.changed.emit()

    def _spans(self) -> list[tuple[str, int | None]]:
        return [
            (self.tr("Any day"), None),
            (self.tr("Today"), 0),
            (self.tr("Last 7 days"), 6),
            (self.tr("Last 30 days"), 29),
            (self.tr("Between…"), BETWEEN),
        ]

    def _name(self) -> None:
        self.person.setAccessibleName(self.tr("Only meetings in which this person speaks"))
        self.days.setAccessibleName(self.tr("Only meetings of these days"))
        self.since.setAccessibleName(self.tr("First day"))
        self.until.setAccessibleName(self.tr("Last day"))

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for widget in (self.person, self.days, self._range):
            column.addWidget(widget)
        grid = QGridLayout(self._range)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setColumnStretch(1, 1)
        fields = ((self.tr("from"), self.since), (self.tr("to"), self.until))
        for row, (text, field) in enumerate(fields):
            grid.addWidget(QLabel(text), row, 0)
            grid.addWidget(field, row, 1)
        self._range.hide()


class _Box(QComboBox):
    """A choice with the arrow that the style sheet leaves out, in the colour of the theme."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        theme.changed.connect(self.update)
        policy = QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        self.setSizeAdjustPolicy(policy)
        self.setMinimumContentsLength(8)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        _paint_arrow(self, self._theme)


class _Day(QDateEdit):
    """A day, typed or taken from a calendar."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(QDate.currentDate())
        self._theme = theme
        theme.changed.connect(self.update)
        self.setCalendarPopup(True)
        self.setDisplayFormat("d MMM yyyy")

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        _paint_arrow(self, self._theme)


def _paint_arrow(field: QWidget, theme: Theme) -> None:
    size = 18
    painter = QPainter(field)
    arrow = icons.icon("chevron-down", theme.colours.muted)
    arrow.paint(painter, field.width() - size - 8, (field.height() - size) // 2, size, size)
    painter.end()


def _date(field: QDateEdit) -> date:
    return cast(date, field.date().toPython())
