"""The open meeting: its title, what can be done with it, and its turns."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QFont, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QSizePolicy,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from ui import icons
from ui.review.find_bar import FindBar
from ui.review.notes_panel import NotesPanel
from ui.review.outline import Outline
from ui.review.player_bar import PlayerBar
from ui.review.timeline import Timeline
from ui.theme import Theme, scaled
from ui.turn_view import TurnView

LOW_EMS = 22
"""A page lower than this has no timeline."""
NOTES_EMS = 13


class MeetingPage(QFrame):
    """Header and turn list; a button leads back to the live end when the user scrolled away."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("content")
        self._theme = theme
        self._live = False
        self.title = ElidedLabel()
        self.meta = QLabel()
        self.copy = QPushButton(self.tr("Copy as text"))
        self.export = QPushButton(self.tr("Export"))
        self.export_menu = QMenu(self.export)
        self.view = TurnView(theme)
        self.outline = Outline(self)
        self.finder = FindBar(theme, self.view)
        self.notes = NotesPanel()
        self.timeline = Timeline(theme, self.outline)
        self.player = PlayerBar(theme)
        self.to_live = QPushButton(self.tr("Back to live"), self.view)
        self.hint = QLabel(self.view)
        self._configure()
        self._lay_out()
        theme.changed.connect(self._restyle)
        self._restyle()

    def show_facts(self, title: str, meta: str) -> None:
        """Show what the meeting is called, and when and how long it was."""
        self.title.setText(title)
        self.meta.setText(meta)

    def show_live(self, live: bool, hint: str) -> None:
        """Whether turns are still coming, and what to say while there is none."""
        self._live = live
        self.hint.setText(hint)
        self.hint.setVisible(self.view.turns().rowCount() == 0)
        self._show_way_back()
        self._float()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room, it belongs to the turns."""
        super().resizeEvent(event)
        self.timeline.setVisible(event.size().height() >= LOW_EMS * self.fontMetrics().height())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """What floats over the list moves with it."""
        if event.type() == QEvent.Type.Resize:
            self._float()
        return super().eventFilter(watched, event)

    def _show_way_back(self) -> None:
        self.to_live.setVisible(self._live and not self.view.following)
        self._float()

    def _float(self) -> None:
        area = self.view.viewport().geometry()
        self.to_live.adjustSize()
        x = area.center().x() - self.to_live.width() // 2
        self.to_live.move(x, area.bottom() - self.to_live.height() - 16)
        self.hint.setGeometry(area.adjusted(24, 24, -24, -24))

    def _configure(self) -> None:
        self.title.setFont(scaled(self.font(), 1.45, QFont.Weight.DemiBold))
        self.meta.setObjectName("meetingMeta")
        self.hint.setObjectName("muted")
        self.hint.setFont(scaled(self.font(), 1.12))
        self.hint.setWordWrap(True)
        self.hint.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.hint.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.to_live.setObjectName("live")
        self.to_live.setToolTip(self.tr("Go to what is being said now (Ctrl+L)"))
        self.to_live.clicked.connect(self.view.follow)
        self.to_live.hide()
        self.notes.hide()
        self.export.setMenu(self.export_menu)
        for button in (self.copy, self.export):
            button.setObjectName("quiet")
        self.view.following_changed.connect(self._show_way_back)
        self.view.installEventFilter(self)

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


class ElidedLabel(QLabel):
    """A line that is cut short rather than widening the window; the tooltip has all of it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._whole = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def setText(self, text: str) -> None:  # noqa: N802 - Qt's name
        """Show as much of a text as there is room for."""
        self._whole = text
        self.setToolTip(text)
        self.setAccessibleName(text)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """There is more or less room."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        shown = self.fontMetrics().elidedText(
            self._whole, Qt.TextElideMode.ElideRight, max(self.width(), 40)
        )
        super().setText(shown)
