"""Leads to the parts of the window, and makes room for the turns where there is little."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from ui.actions import Actions
from ui.desk import Desk
from ui.frame import Frame
from ui.recording import Recording

NARROW_EMS = 46
"""A window narrower than this keeps the library out of sight until it is asked for."""


class Navigator(QObject):
    """Goes to the library, to the turns, and to what is being said now."""

    def __init__(
        self, frame: Frame, actions: Actions, desk: Desk, recording: Recording, window: QWidget
    ) -> None:
        super().__init__(window)
        self._frame = frame
        self._actions = actions
        self._desk = desk
        self._recording = recording
        self._narrow = False
        library = frame.library
        actions.retitle.triggered.connect(self._retitle)
        actions.search.triggered.connect(lambda: self._go_to_library(library.search))
        actions.to_library.triggered.connect(lambda: self._go_to_library(library.list))
        actions.to_turns.triggered.connect(frame.page.view.setFocus)
        actions.to_live.triggered.connect(self._go_live)
        actions.library.toggled.connect(frame.show_library)
        actions.library.setChecked(True)
        desk.opened.connect(self._show_what_opened)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """In a narrow window the turns need the room."""
        if isinstance(event, QResizeEvent):
            narrow = event.size().width() < NARROW_EMS * self._frame.fontMetrics().height()
            if narrow != self._narrow:
                self._narrow = narrow
                self._actions.library.setChecked(not narrow)
        return super().eventFilter(watched, event)

    def _show_what_opened(self) -> None:
        """In a narrow window the library is done with once something was chosen in it."""
        if self._narrow:
            self._actions.library.setChecked(False)

    def _go_live(self) -> None:
        live = self._recording.live
        if live is not None and live.meeting_id is not None:
            if self._desk.current is None or self._desk.current.live is not live:
                self._desk.open(live.meeting_id)
            self._frame.page.view.follow()

    def _go_to_library(self, part: QWidget) -> None:
        self._actions.library.setChecked(True)
        part.setFocus()

    def _retitle(self) -> None:
        if self._desk.current is not None:
            self._actions.library.setChecked(True)
            self._frame.library.clear_search()
            self._frame.library.select(self._desk.current.summary.id)
            self._frame.library.rename_current()
