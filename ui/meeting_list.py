"""The library's meetings as a Qt model, and how one of them is drawn and renamed."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import cast

from PySide6.QtCore import (
    QLocale,
    QRect,
    QSize,
    Qt,
    QTime,
    Signal,
)
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QStyle,
    QStyleOptionViewItem,
    QWidget,
)

from app.store import MeetingState, MeetingSummary
from ui.delegates.list_row import Index, ListRowDelegate, name_field, write_line
from ui.text import day, hint, stopwatch, translate
from ui.theme import scaled

LINES = 2.9
"""Height of a row in lines of text."""

MEETING = Qt.ItemDataRole.UserRole + 1
BUSY = Qt.ItemDataRole.UserRole + 2
"""Whether the meeting is being transcribed."""


class MeetingListModel(QStandardItemModel):
    """All meetings, the latest first. ``retitled`` tells which one the user gave which title."""

    retitled = Signal(int, str)

    def show_meetings(self, meetings: Iterable[MeetingSummary]) -> None:
        """Show these meetings; rows of those that were there before stay the same rows."""
        meetings = list(meetings)
        known = [self.meeting(self.index(row, 0)).id for row in range(self.rowCount())]
        if known != [meeting.id for meeting in meetings]:
            self.clear()
            self.invisibleRootItem().appendRows([QStandardItem() for _ in meetings])
        for row, meeting in enumerate(meetings):
            item = self.item(row)
            item.setText(meeting.title)
            item.setData(meeting, MEETING)
            text = describe(meeting, bool(item.data(BUSY)))
            item.setData(text, Qt.ItemDataRole.AccessibleTextRole)
            item.setToolTip(hint(describe(meeting)))

    def show_busy(self, meeting_ids: Collection[int]) -> None:
        """Mark the meetings that are being transcribed."""
        for row in range(self.rowCount()):
            item = self.item(row)
            meeting: MeetingSummary = item.data(MEETING)
            busy = meeting.id in meeting_ids
            if bool(item.data(BUSY)) != busy:
                item.setData(busy, BUSY)
                item.setData(describe(meeting, busy), Qt.ItemDataRole.AccessibleTextRole)

    def meeting(self, index: Index) -> MeetingSummary:
        """The meeting of a row."""
        return cast(MeetingSummary, index.data(MEETING))

    def row_of(self, meeting_id: int) -> int:
        """The row of a meeting; -1 if it is not there."""
        ids = [self.meeting(self.index(row, 0)).id for row in range(self.rowCount())]
        return ids.index(meeting_id) if meeting_id in ids else -1

    def setData(
        self, index: Index, value: object, role: int = int(Qt.ItemDataRole.EditRole)
    ) -> bool:
        """A title that was typed goes to the library first, and comes back from there."""
        title = " ".join(str(value).split())
        if role != Qt.ItemDataRole.EditRole or not title:
            return False
        if title != self.meeting(index).title:
            self.retitled.emit(self.meeting(index).id, title)
        return True


class MeetingDelegate(ListRowDelegate):
    """Draws a meeting in two lines: title; date, length and, if need be, its state."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Two lines and some air."""
        return QSize(0, round(LINES * option.fontMetrics.height()))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one row."""
        meeting = cast(MeetingSummary, index.data(MEETING))
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_state(painter, option)
        upper, lower = _lines(option)
        colours = self._theme.colours
        painter.setFont(scaled(option.font, 1.0, option.font.Weight.DemiBold))
        painter.setPen(QColor(colours.text))
        write_line(painter, upper, meeting.title)
        painter.setFont(scaled(option.font, 0.9))
        state = state_text(meeting, bool(index.data(BUSY)))
        if state:
            lower = self._paint_mark(painter, lower, state, meeting.state)
        painter.setPen(QColor(colours.muted))
        write_line(painter, lower, facts(meeting))
        painter.restore()

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        """A field for the title."""
        return name_field(parent, translate("MeetingDelegate", "Title of the meeting"))

    def updateEditorGeometry(  # noqa: N802 - Qt's name
        self, editor: QWidget, option: QStyleOptionViewItem, index: Index
    ) -> None:
        """Keep the field on the title."""
        editor.setGeometry(_lines(option)[0].adjusted(-9, -3, 9, 3))

    def _paint_mark(self, painter: QPainter, line: QRect, text: str, state: MeetingState) -> QRect:
        """The state in its colour; returns the rest of the line."""
        colours = self._theme.colours
        recording = state is MeetingState.RECORDING
        painter.setPen(QColor(colours.danger if recording else colours.warning))
        shown = f"● {text}" if recording else text
        write_line(painter, line, shown)
        width = painter.fontMetrics().horizontalAdvance(shown + "  ")
        return QStyle.visualRect(painter.layoutDirection(), line, line.adjusted(width, 0, 0, 0))


def describe(meeting: MeetingSummary, busy: bool = False) -> str:
    """A meeting in one sentence, for a screen reader."""
    return ", ".join(filter(None, (meeting.title, state_text(meeting, busy), facts(meeting))))


def state_text(meeting: MeetingSummary, busy: bool = False) -> str:
    """What is special about a meeting; empty for an ordinary one."""
    if busy:
        return translate("MeetingList", "Transcribing…")
    match meeting.state:
        case MeetingState.RECORDING:
            return translate("MeetingList", "Recording")
        case MeetingState.RECOVERED:
            return translate("MeetingList", "Recovered")
    if not meeting.turns and meeting.duration_s:
        return translate("MeetingList", "No text yet")
    return ""


def facts(meeting: MeetingSummary) -> str:
    """When it was, how long, and how much its recording takes on the disk."""
    length = "" if meeting.duration_s is None else stopwatch(meeting.duration_s)
    size = size_text(meeting.size_bytes) if meeting.size_bytes else ""
    return " · ".join(filter(None, (when(meeting.started_at), length, size)))


def size_text(size_bytes: int) -> str:
    """A size on the disk, as disks are sold: in powers of ten."""
    return QLocale().formattedDataSize(size_bytes, 1, QLocale.DataSizeFormat.DataSizeSIFormat)


def when(moment: datetime) -> str:
    """Day and time as the user's system writes them; today and yesterday by name."""
    local = moment.astimezone()
    clock = QLocale().toString(QTime(local.hour, local.minute), QLocale.FormatType.ShortFormat)
    today = datetime.now().astimezone().date()
    days = (today - local.date()).days
    if days in (0, 1):
        yesterday, now = translate("MeetingList", "Yesterday"), translate("MeetingList", "Today")
        name = yesterday if days else now
    else:
        name = day(moment, year=local.year != today.year)
    return f"{name}, {clock}"


def _lines(option: QStyleOptionViewItem) -> tuple[QRect, QRect]:
    height = QFontMetrics(option.font).height()
    inner = option.rect.adjusted(20, 0, -18, 0)
    upper = QRect(inner.left(), inner.center().y() - height, inner.width(), height)
    return upper, upper.translated(0, height + 2)
