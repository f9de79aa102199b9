"""The library at the left: all meetings, a search by title, and the sample meeting."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QModelIndex, QPoint, QSortFilterProxyModel, Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLabel,
    QLineEdit,
    QListView,
    QMenu,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.store import MeetingSummary
from ui import icons
from ui.meeting_list import MeetingDelegate, MeetingListModel
from ui.theme import Theme, scaled


class LibraryPanel(QWidget):
    """Tells which meeting to open or retitle, and when the sample is wanted."""

    opened = Signal(int)
    retitled = Signal(int, str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sidebar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._theme = theme
        self._model = MeetingListModel(self)
        self._model.retitled.connect(self.retitled)
        self._filter = QSortFilterProxyModel(self)
        self._filter.setSourceModel(self._model)
        self._filter.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.search = QLineEdit()
        self.list = QListView()
        self.nothing = QLabel()
        self.sample = QPushButton(self.tr("Play the sample meeting"))
        self._lay_out()
        self._configure()
        theme.changed.connect(self._restyle)
        self._restyle()
        self.show_meetings([])

    def show_meetings(self, meetings: Iterable[MeetingSummary]) -> None:
        """List these meetings."""
        shown = self.current_id()
        self._model.show_meetings(meetings)
        self.select(shown)
        self._tell_if_empty()

    def select(self, meeting_id: int | None) -> None:
        """Mark the meeting on show; None marks none."""
        row = -1 if meeting_id is None else self._model.row_of(meeting_id)
        if row < 0:
            self.list.clearSelection()
            return
        index = self._filter.mapFromSource(self._model.index(row, 0))
        self.list.setCurrentIndex(index)
        self.list.scrollTo(index)

    def current_id(self) -> int | None:
        """The marked meeting."""
        selected = self.list.selectedIndexes()
        return self._id(selected[0]) if selected else None

    def meetings(self) -> list[MeetingSummary]:
        """The meetings that are listed, search applied."""
        rows = range(self._filter.rowCount())
        return [self._model.meeting(self._filter.index(row, 0)) for row in rows]

    def rename_current(self) -> None:
        """Edit the title of the marked meeting."""
        if self.current_id() is not None:
            self.list.edit(self.list.currentIndex())

    def _id(self, index: QModelIndex) -> int:
        return self._model.meeting(index).id

    def _open(self, index: QModelIndex) -> None:
        self.opened.emit(self._id(index))

    def _search(self, text: str) -> None:
        self._filter.setFilterFixedString(text)
        self._tell_if_empty()

    def _tell_if_empty(self) -> None:
        some = self._filter.rowCount() > 0
        self.list.setVisible(some)
        self.nothing.setVisible(not some)
        found = self.tr("No meeting has this in its title.")
        self.nothing.setText(found if self.search.text() else self.tr("Your meetings appear here."))

    def _menu(self, point: QPoint) -> None:
        if self.list.indexAt(point).isValid():
            menu = QMenu(self)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.addAction(self.tr("Open"), lambda: self._open(self.list.currentIndex()))
            menu.addAction(self.tr("Rename…"), self.rename_current)
            menu.popup(self.list.viewport().mapToGlobal(point))

    def _configure(self) -> None:
        self.search.setObjectName("search")
        self.search.setPlaceholderText(self.tr("Search by title"))
        self.search.setAccessibleName(self.tr("Search meetings by title"))
        self.search.setClearButtonEnabled(True)
        self._glass = self.search.addAction(icons.app_icon(), LEADING)
        self.search.textChanged.connect(self._search)
        self.list.setModel(self._filter)
        self.list.setItemDelegate(MeetingDelegate(self._theme, self.list))
        self.list.setAccessibleName(self.tr("Meetings"))
        self.list.setMouseTracking(True)
        self.list.setUniformItemSizes(True)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.list.customContextMenuRequested.connect(self._menu)
        self.list.clicked.connect(self._open)
        self.list.activated.connect(self._open)

    def _lay_out(self) -> None:
        title = QLabel(self.tr("Meetings"))
        title.setFont(scaled(self.font(), 1.15, QFont.Weight.DemiBold))
        self.nothing.setObjectName("muted")
        self.nothing.setWordWrap(True)
        self.nothing.setContentsMargins(20, 8, 20, 0)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.sample.setObjectName("quiet")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 18, 0, 12)
        column.setSpacing(12)
        for widget, left in ((title, 20), (self.search, 14)):
            inset = QVBoxLayout()
            inset.setContentsMargins(left, 0, 14, 0)
            inset.addWidget(widget)
            column.addLayout(inset)
        column.addWidget(self.list, 1)
        column.addWidget(self.nothing, 1)
        bottom = QVBoxLayout()
        bottom.setContentsMargins(12, 0, 12, 0)
        bottom.addWidget(self.sample)
        column.addLayout(bottom)

    def _restyle(self) -> None:
        colours = self._theme.colours
        self._glass.setIcon(icons.icon("search", colours.muted))
        self.sample.setIcon(icons.icon("play", colours.accent_text))


LEADING = QLineEdit.ActionPosition.LeadingPosition
