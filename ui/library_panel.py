"""The library at the left: all meetings, the search through them, the bin and the sample."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListView,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.store import Hit, MeetingFilter, MeetingSummary
from ui import icons
from ui.hit_list import HitDelegate, HitListModel
from ui.library_head import INSET, LibraryHead, inset
from ui.meeting_list import MeetingListModel
from ui.meeting_view import MeetingView, let_open
from ui.text import figure
from ui.theme import Theme

LOW_EMS = 26


class LibraryPanel(QWidget):
    """Shows meetings, or what a search found in them, and tells what is wanted.

    ``sought`` tells that :meth:`wanted` is another search; ``opened`` and ``hit_opened`` (meeting
    and turn, None for no turn) what to show; ``retitled``, ``delete_wanted`` and
    ``transcribe_wanted`` what to change.
    """

    sought = Signal()
    opened = Signal(int)
    hit_opened = Signal(int, object)
    retitled = Signal(int, str)
    delete_wanted = Signal(int)
    transcribe_wanted = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sidebar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._theme = theme
        self._model = MeetingListModel(self)
        self._model.retitled.connect(self.retitled)
        self._hits = HitListModel(self)
        self.head = LibraryHead(theme)
        self.search, self.filter = self.head.search, self.head.filter
        self.filters = self.head.filters
        self.list = MeetingView(theme, self._model)
        self.hits = QListView()
        self.nothing = QLabel()
        self.more = QLabel()
        self.sample = QPushButton(self.tr("Play the sample meeting"))
        self.bin = QPushButton(self.tr("Bin"))
        self.room = QLabel()
        self._lay_out()
        self._connect()
        theme.changed.connect(self._restyle)
        self._restyle()
        self.show_meetings([])

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a low window the sample meeting is in the menu only."""
        super().resizeEvent(event)
        self.sample.setVisible(event.size().height() >= LOW_EMS * self.fontMetrics().height())

    def wanted(self) -> tuple[str, MeetingFilter]:
        """What is looked for, and in which meetings."""
        return self.head.wanted()

    def clear_search(self) -> None:
        """List all meetings."""
        self.head.clear()

    def select(self, meeting_id: int | None) -> None:
        """Mark the meeting on show; None marks none."""
        self.list.select(meeting_id)

    def current_id(self) -> int | None:
        """The marked meeting."""
        return self.list.current_id()

    def rename_current(self) -> None:
        """Edit the title of the marked meeting."""
        self.list.rename_current()

    def transcribe_current(self) -> None:
        """Ask for the marked meeting to be transcribed, perhaps once more."""
        self.list.transcribe_current()

    def show_meetings(self, meetings: Iterable[MeetingSummary]) -> None:
        """List these meetings."""
        shown = self.current_id()
        self._model.show_meetings(meetings)
        self.select(shown)
        self._show_lists()

    def show_hits(self, hits: Sequence[Hit], whole: int = 0) -> None:
        """List these places of ``whole``, as long as something is looked for."""
        self._hits.show_hits(hits)
        more = self.tr("The first {count} of %Ln places. More words find fewer.", "", whole)
        some = whole > len(hits)
        self.more.setText(more.format(count=figure(len(hits))) if some else "")
        self._show_lists()

    def show_room(self, size: str, binned: int) -> None:
        """Say how large everything is, and how many meetings are in the bin."""
        self.room.setText(self.tr("{size} in all").format(size=size))
        some = self.tr("Bin ({count})").format(count=figure(binned))
        self.bin.setText(some if binned else self.tr("Bin"))

    def meetings(self) -> list[MeetingSummary]:
        """The meetings that are listed."""
        return [self._model.meeting(self._model.index(row, 0)) for row in self._rows()]

    def found(self) -> list[Hit]:
        """The places that are listed."""
        return self._hits.hits()

    def show_busy(self, meeting_ids: Collection[int]) -> None:
        """Mark the meetings that are being transcribed."""
        self._model.show_busy(meeting_ids)

    def _rows(self) -> range:
        return range(self._model.rowCount())

    def _open_hit(self, index: QModelIndex) -> None:
        hit = self._hits.hit(index)
        self.hit_opened.emit(hit.meeting_id, hit.turn)

    def _show_lists(self) -> None:
        text, where = self.wanted()
        shown = self.hits if text else self.list
        some = shown.model().rowCount() > 0
        self.list.setVisible(some and shown is self.list)
        self.hits.setVisible(some and shown is self.hits)
        self.nothing.setVisible(not some)
        self.more.setVisible(shown is self.hits and bool(self.more.text()))
        looked = bool(text) or where != MeetingFilter()
        nothing = self.tr("Nothing was found. Try fewer words, or the beginning of one.")
        self.nothing.setText(nothing if looked else self._invitation())

    def _invitation(self) -> str:
        return self.tr("Your meetings appear here. Drop audio or video files to add some.")

    def _connect(self) -> None:
        self.head.sought.connect(self.sought)
        self.search.returnPressed.connect(self._enter_hits)
        self.list.opened.connect(self.opened)
        self.list.delete_wanted.connect(self.delete_wanted)
        self.list.transcribe_wanted.connect(self.transcribe_wanted)
        self.hits.setModel(self._hits)
        self.hits.setItemDelegate(HitDelegate(self._theme, self.hits))
        self.hits.setAccessibleName(self.tr("Places that were found"))
        let_open(self.hits, self._open_hit)

    def _enter_hits(self) -> None:
        """From the field to the first place that was found."""
        if self.hits.isVisible():
            self.hits.setCurrentIndex(self._hits.index(0, 0))
            self.hits.setFocus()

    def _lay_out(self) -> None:
        self.nothing.setObjectName("muted")
        self.more.setObjectName("muted")
        self.more.setWordWrap(True)
        self.more.setContentsMargins(20, 0, 20, 0)
        self.more.hide()
        self.nothing.setWordWrap(True)
        self.nothing.setContentsMargins(20, 8, 20, 0)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.room.setObjectName("muted")
        for button in (self.sample, self.bin):
            button.setObjectName("quiet")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 12, 0, 12)
        column.setSpacing(12)
        column.addWidget(self.head)
        for view in (self.list, self.hits, self.nothing):
            column.addWidget(view, 1)
        column.addWidget(self.more)
        bottom = QHBoxLayout()
        bottom.setContentsMargins(12, 0, 20, 0)
        bottom.addWidget(self.bin)
        bottom.addStretch()
        bottom.addWidget(self.room)
        column.addLayout(bottom)
        below = inset(self.sample)
        below.setContentsMargins(12, 0, INSET, 0)
        column.addLayout(below)

    def _restyle(self) -> None:
        colours = self._theme.colours
        self.bin.setIcon(icons.icon("bin", colours.text))
        self.sample.setIcon(icons.icon("play", colours.accent_text))
