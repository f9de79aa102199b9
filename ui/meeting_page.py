"""The open meeting: its title, what can be done with it, and its turns."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt
from PySide6.QtGui import QFont, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from ui import icons
from ui.elided_label import ElidedLabel
from ui.review.find_bar import FindBar
from ui.review.notes_panel import NotesPanel
from ui.review.outline import Outline
from ui.review.player_bar import PlayerBar
from ui.review.timeline import Timeline
from ui.theme import Theme, scaled
from ui.turn_view import TurnView

LOW_EMS = 22
"""A page lower than this has no timeline."""
LOWEST_EMS = 11
"""In a page lower than this even the player makes room."""
NARROW_EMS = 34
"""A narrower page has icons without words."""
NOTES_EMS = 13
SIDE = 24
"""Pixels beside what floats over the list."""


class MeetingPage(QFrame):
    """Header and turn list; a button leads back to the live end when the user scrolled away."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("content")
        self._theme = theme
        self._live = False
        self.title = ElidedLabel()
        self.meta = ElidedLabel()
        self.copy = QPushButton(self.tr("Copy as text"))
        self.export = QPushButton(self.tr("Export"))
        self.view = TurnView(theme)
        self.outline = Outline(self)
        self.finder = FindBar(theme, self.view)
        self.notes = NotesPanel()
        self.timeline = Timeline(theme, self.outline)
        self.player = PlayerBar(theme)
        self.to_live = QPushButton(self.tr("Back to live"), self.view)
        self.hint = QLabel(self.view)
        self.transcribe = QPushButton(self.tr("Transcribe now…"), self.view)
        self._configure()
        self._lay_out()
        theme.changed.connect(self._restyle)
        self._restyle()

    def show_facts(self, title: str, meta: str) -> None:
        """Show what the meeting is called, and when and how long it was."""
        self.title.setText(title)
        self.meta.setText(meta)

    def show_live(self, live: bool, hint: str, untold: bool = False) -> None:
        """Whether turns are still coming, and what to say while there is none.

        ``untold``: nobody is at it; without turns, that is offered.
        """
        self._live = live
        self.hint.setText(hint)
        empty = not self.view.turns().speaking  # gaps say nothing
        self.hint.setVisible(empty)
        self.transcribe.setVisible(empty and untold)
        self._show_way_back()
        self._float()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room, it belongs to the turns."""
        super().resizeEvent(event)
        em = self.fontMetrics().height()
        self.timeline.setVisible(event.size().height() >= LOW_EMS * em)
        self.player.setVisible(event.size().height() >= LOWEST_EMS * em)
        self._write_on_buttons(event.size().width() >= NARROW_EMS * em)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """What floats over the list moves with it."""
        if event.type() == QEvent.Type.Resize:
            self._float()
        return super().eventFilter(watched, event)

    def _write_on_buttons(self, wide: bool) -> None:
        for button in (self.copy, self.export):
            button.setText(button.accessibleName() if wide else "")

    def _show_way_back(self) -> None:
        self.to_live.setVisible(self._live and not self.view.following)
        self._float()

    def _float(self) -> None:
        area = self.view.viewport().geometry()
        self.to_live.adjustSize()
        x = area.center().x() - self.to_live.width() // 2
        self.to_live.move(x, area.bottom() - self.to_live.height() - 16)
        self.transcribe.adjustSize()
        self._float_hint(area.adjusted(SIDE, self._below_gaps(), -SIDE, 0))

    def _float_hint(self, room: QRect) -> None:
        """What to do while there are no words; with little room, the button says it all."""
        text, button = self.hint.heightForWidth(room.width()), self.transcribe.rect()
        if self.transcribe.isHidden() or room.height() >= text + button.height() + 2 * SIDE:
            self.hint.setGeometry(room.adjusted(0, SIDE, 0, 0))
            x = room.center().x() - button.width() // 2
            self.transcribe.move(x, room.top() + SIDE + text + 16)
        else:
            self.hint.setGeometry(room.left(), room.top(), room.width(), 0)
            corner = room.bottomRight() - button.bottomRight()
            self.transcribe.move(corner - QPoint(0, 4))

    def _below_gaps(self) -> int:
        """Where the rows end that the hint must not lie over."""
        rows = self.view.turns().rowCount() if self.view.model() else 0
        if not rows or self.hint.isHidden():
            return 0
        last = self.view.visualRect(self.view.turns().index(rows - 1, 0))
        return max(0, min(last.bottom(), self.view.viewport().height() // 2))

    def _configure(self) -> None:
        self.title.setFont(scaled(self.font(), 1.45, QFont.Weight.DemiBold))
        self.meta.setObjectName("meetingMeta")
        self.hint.setObjectName("muted")
        self.hint.setFont(scaled(self.font(), 1.12))
        self.hint.setWordWrap(True)
        self.hint.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.hint.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.to_live.setObjectName("live")
        self.to_live.setToolTip(self.tr("Go to what is being said now"))
        self.to_live.clicked.connect(self.view.follow)
        self.to_live.hide()
        self.transcribe.setObjectName("primary")
        self.transcribe.hide()
        self.notes.hide()
        self.view.setMinimumHeight(2 * self.fontMetrics().height())
        for button in (self.copy, self.export):
            button.setObjectName("quiet")
            button.setAccessibleName(button.text())
            button.setToolTip(button.text())
        self.view.following_changed.connect(self._show_way_back)
        self.view.viewport().installEventFilter(self)

    def _lay_out(self) -> None:
        names = QVBoxLayout()
        names.setSpacing(3)
        names.addWidget(self.title)
        names.addWidget(self.meta)
        top = QFrame()
        top.setObjectName("meetingHeader")
        header = QHBoxLayout(top)
        header.setContentsMargins(28, 16, 20, 12)
        header.setSpacing(6)
        header.addLayout(names, 1)
        header.addWidget(self.copy)
        header.addWidget(self.export)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(top)
        column.addWidget(self.finder)
        column.addWidget(self._middle(), 1)
        column.addWidget(self.timeline)
        column.addWidget(self.player)

    def _middle(self) -> QSplitter:
        """The turns, with the notes beside them."""
        middle = QSplitter(Qt.Orientation.Horizontal)
        middle.setHandleWidth(1)
        middle.addWidget(self.view)
        middle.addWidget(self.notes)
        middle.setCollapsible(0, False)
        middle.setStretchFactor(0, 1)
        em = self.fontMetrics().height()
        middle.setSizes([3 * NOTES_EMS * em, NOTES_EMS * em])
        return middle

    def _restyle(self) -> None:
        colours = self._theme.colours
        self.copy.setIcon(icons.icon("copy", colours.text))
        self.export.setIcon(icons.icon("export", colours.text))
        self.to_live.setIcon(icons.icon("arrow-down", colours.on_accent))
