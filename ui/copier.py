"""Puts turns of the meeting on show on the clipboard."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from ui.actions import Actions
from ui.desk import Desk
from ui.frame import Frame
from ui.presenter import Presenter


class Copier(QObject):
    """All turns as text, or the selected ones."""

    def __init__(
        self, frame: Frame, actions: Actions, desk: Desk, presenter: Presenter, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._view = frame.page.view
        self._desk = desk
        self._presenter = presenter
        actions.copy_all.triggered.connect(self.copy_all)
        actions.copy.triggered.connect(self.copy_selected)
        frame.page.copy.clicked.connect(self.copy_all)
        self._view.copy_wanted.connect(self.copy_selected)

    def copy_all(self) -> None:
        """Copy the whole open meeting."""
        if self._desk.current is not None:
            self._copy(range(self._desk.current.model.rowCount()))

    def copy_selected(self) -> None:
        """Copy the selected turns."""
        self._copy(self._view.selected_rows())

    def _copy(self, rows: Sequence[int]) -> None:
        if rows:
            QGuiApplication.clipboard().setText(self._desk.text(rows))
            self._presenter.say(self.tr("Copied"))
