"""The library at the left: all meetings, the search through them, the bin and the sample."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListView,
    QMenu,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.store import Hit, MeetingFilter, MeetingSummary
from ui import icons
from ui.hit_list import HitDelegate, HitListModel
from ui.library_filter import LibraryFilter
from ui.meeting_list import MeetingDelegate, MeetingListModel
from ui.theme import Theme, scaled

LEADING = QLineEdit.ActionPosition.LeadingPosition
INSET = 14
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
        self.search = QLineEdit()
        self.filters = QPushButton(self.tr("Filter"))
        self.filter = LibraryFilter(theme)
        self.list = _MeetingView()
        self.hits = QListView()
        self.nothing = QLabel()
        self.more = QLabel()
        self.sample = QPushButton(self.tr("Play the sample meeting"))
        self.bin = QPushButton(self.tr("Bin"))
        self.room = QLabel()
        self._lay_out()
        self._configure_search()
        self._configure_lists()
        theme.changed.connect(self._restyle)
        self._restyle()
        self.show_meetings([])

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a low window the sample meeting is in the menu only."""
        super().resizeEvent(event)
        self.sample.setVisible(event.size().height() >= LOW_EMS * self.fontMetrics().height())

    def wanted(self) -> tuple[str, MeetingFilter]:
        """What is looked for, and in which meetings."""
        return self.search.text().strip(), self.filter.value()

    def show_meetings(self, meetings: Iterable[MeetingSummary]) -> None:
        """List these meetings."""
        shown = self.current_id()
        self._model.show_meetings(meetings)
        self.select(shown)
        self._show_lists()

    def show_hits(self, hits: Sequence[Hit], whole: int = 0) -> None:
        """List these places of ``whole``, as long as something is looked for."""
        self._hits.show_hits(hits)
        more = self.tr("The first {count} of {whole} places. More words find fewer.")
        some = whole > len(hits)
        self.more.setText(more.format(count=len(hits), whole=whole) if some else "")
        self._show_lists()

    def show_room(self, size: str, binned: int) -> None:
        """Say how large everything is, and how many meetings are in the bin."""
        self.room.setText(self.tr("{size} in all").format(size=size))
        some = self.tr("Bin ({count})").format(count=binned)
        self.bin.setText(some if binned else self.tr("Bin"))

    def select(self, meeting_id: int | None) -> None:
        """Mark the meeting on show; None marks none."""
        row = -1 if meeting_id is None else self._model.row_of(meeting_id)
        if row < 0:
            self.list.clearSelection()
            return
        index = self._model.index(row, 0)
        self.list.setCurrentIndex(index)
        self.list.scrollTo(index)

    def current_id(self) -> int | None:
        """The marked meeting."""
        selected = self.list.selectedIndexes()
        return self._model.meeting(selected[0]).id if selected else None

    def meetings(self) -> list[MeetingSummary]:
        """The meetings that are listed."""
        return [self._model.meeting(self._model.index(row, 0)) for row in self._rows()]

    def found(self) -> list[Hit]:
        """The places that are listed."""
        return self._hits.hits()

    def rename_current(self) -> None:
        """Edit the title of the marked meeting."""
        if self.current_id() is not None:
            self.list.edit(self.list.currentIndex())

    def delete_current(self) -> None:
        """Ask for the marked meeting to be deleted."""
        if (meeting_id := self.current_id()) is not None:
            self.delete_wanted.emit(meeting_id)

    def transcribe_current(self) -> None:
        """Ask for the marked meeting to be transcribed, perhaps once more."""
        if (meeting_id := self.current_id()) is not None:
            self.transcribe_wanted.emit(meeting_id)

    def show_busy(self, meeting_ids: Collection[int]) -> None:
        """Mark the meetings that are being transcribed."""
        self._model.show_busy(meeting_ids)

    def clear_search(self) -> None:
        """List all meetings."""
        self.search.clear()
        self.filter.clear()

    def _rows(self) -> range:
        return range(self._model.rowCount())

    def _open(self, index: QModelIndex) -> None:
        self.opened.emit(self._model.meeting(index).id)

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

    def _menu(self, point: QPoint) -> None:
        if self.list.indexAt(point).isValid():
            menu = QMenu(self)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.addAction(self.tr("Open"), lambda: self._open(self.list.currentIndex()))
            menu.addAction(self.tr("Rename…"), self.rename_current)
            menu.addAction(self.tr("Transcribe again…"), self.transcribe_current)
            menu.addAction(self.tr("Move to the bin"), self.delete_current)
            menu.popup(self.list.viewport().mapToGlobal(point))

    def _configure_search(self) -> None:
        self.search.setObjectName("search")
        self.search.setPlaceholderText(self.tr("Search all meetings"))
        self.search.setAccessibleName(
            self.tr("Search the words, people and titles of all meetings")
        )
        self.search.setToolTip(self.tr('Words, or a phrase in "quotes"'))
        self.search.setClearButtonEnabled(True)
        self._glass = self.search.addAction(icons.app_icon(), LEADING)
        self.search.textChanged.connect(self.sought)
        self.search.returnPressed.connect(self._enter_hits)
        self.filters.setObjectName("quiet")
        self.filters.setCheckable(True)
        self.filters.setAccessibleName(self.tr("Filter by person and day"))
        self.filters.toggled.connect(self._show_filter)
        self.filter.changed.connect(self.sought)

    def _enter_hits(self) -> None:
        """From the field to the first place that was found."""
        if self.hits.isVisible():
            self.hits.setCurrentIndex(self._hits.index(0, 0))
            self.hits.setFocus()

    def _show_filter(self, shown: bool) -> None:
        self.filter.setVisible(shown)
        if not shown:
            self.filter.clear()  # nothing is left out for a reason that nobody sees

    def _configure_lists(self) -> None:
        self.list.setModel(self._model)
        self.list.setItemDelegate(MeetingDelegate(self._theme, self.list))
        self.list.setAccessibleName(self.tr("Meetings"))
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.list.customContextMenuRequested.connect(self._menu)
        self.hits.setModel(self._hits)
        self.hits.setItemDelegate(HitDelegate(self._theme, self.hits))
        self.hits.setAccessibleName(self.tr("Places that were found"))
        for view, open_ in ((self.list, self._open), (self.hits, self._open_hit)):
            view.setMouseTracking(True)
            view.setMinimumHeight(3 * self.fontMetrics().height())
            view.setUniformItemSizes(True)
            view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
            view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            view.clicked.connect(open_)
            view.activated.connect(open_)
        self.list.delete_pressed.connect(self.delete_current)

    def _lay_out(self) -> None:
        title = QLabel(self.tr("Meetings"))
        title.setFont(scaled(self.font(), 1.15, QFont.Weight.DemiBold))
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
        top = QHBoxLayout()
        top.setContentsMargins(20, 0, INSET, 0)
        top.addWidget(title, 1)
        top.addWidget(self.filters)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 12, 0, 12)
        column.setSpacing(12)
        column.addLayout(top)
        for widget in (self.search, self.filter):
            column.addLayout(_inset(widget))
        for view in (self.list, self.hits, self.nothing):
            column.addWidget(view, 1)
        column.addWidget(self.more)
        bottom = QHBoxLayout()
        bottom.setContentsMargins(12, 0, 20, 0)
        bottom.addWidget(self.bin)
        bottom.addStretch()
        bottom.addWidget(self.room)
        column.addLayout(bottom)
        below = _inset(self.sample)
        below.setContentsMargins(12, 0, INSET, 0)
        column.addLayout(below)
        self.filter.hide()

    def _restyle(self) -> None:
        colours = self._theme.colours
        self._glass.setIcon(icons.icon("search", colours.muted))
        self.filters.setIcon(icons.icon("filter", colours.text))
        self.bin.setIcon(icons.icon("bin", colours.text))
        self.sample.setIcon(icons.icon("play", colours.accent_text))


class _MeetingView(QListView):
    """A list that knows the keys for deleting."""

    delete_pressed = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.delete_pressed.emit()
        else:
            super().keyPressEvent(event)


def _inset(widget: QWidget) -> QVBoxLayout:
    box = QVBoxLayout()
    box.setContentsMargins(INSET, 0, INSET, 0)
    box.addWidget(widget)
    return box
