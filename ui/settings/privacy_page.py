"""What is kept, where, and how large it is; and that it stays here."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QFont
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QWidget

from app.paths import data_dir
from app.storage_report import Kept, kept_files
from ui.meeting_list import size_text
from ui.settings.chores import Chores
from ui.settings.form import Page
from ui.settings.keeper import Keeper
from ui.theme import Theme, scaled


class PrivacyPage(Page):
    """Places of all files, with their sizes."""

    def __init__(self, keeper: Keeper, theme: Theme, chores: Chores) -> None:
        super().__init__(keeper, theme)
        self._chores = chores
        self.heading.setText(self.tr("Privacy"))
        self.text(
            self.tr(
                "Everything that is recorded, written or learned stays on this computer. Crosstalk "
                "has no account, sends no statistics and looks for no updates. It uses the network "
                "for one thing only: a model that you download from an address that you entered."
            )
        )
        self.column.addSpacing(12)
        self.sizes: dict[str, QLabel] = {}
        self.places: dict[str, QLabel] = {}
        self._table = QWidget()
        self._grid = QGridLayout(self._table)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(16)
        self._grid.setColumnStretch(1, 1)
        for what, title in self._titles().items():
            self._add(what, title)
        files = QLabel(self.tr("Files"))
        files.setFont(scaled(files.font(), 1.0, QFont.Weight.DemiBold))
        self.column.addWidget(files)
        self.column.addWidget(self._table)
        self.problem = self.text()
        self.folder = QPushButton(self.tr("&Open folder"))
        self.folder.clicked.connect(
            lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(data_dir())))
        )
        self.column.addWidget(self.folder, 0, Qt.AlignmentFlag.AlignLeft)
        self.end()

    def shown(self) -> None:
        """Measure; that takes a moment where there are many recordings."""
        self._chores.do("sizes", kept_files, self._show, self.problem.setText)

    def _titles(self) -> dict[str, str]:
        return {
            "recordings": self.tr("Recordings"),
            "library": self.tr("Library, with its backups"),
            "models": self.tr("Installed models"),
            "settings": self.tr("Settings"),
            "log": self.tr("Log"),
        }

    def _add(self, what: str, title: str) -> None:
        row = self._grid.rowCount()
        size = self.sizes[what] = QLabel()
        place = self.places[what] = QLabel()
        place.setObjectName("muted")
        place.setWordWrap(True)
        place.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._grid.addWidget(QLabel(title), row, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(place, row, 1)
        self._grid.addWidget(size, row, 2, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignRight)

    def _show(self, kept: list[Kept]) -> None:
        for each in kept:
            self.sizes[each.what].setText(size_text(each.size_bytes))
            self.places[each.what].setText(_breakable(each.path))


def _breakable(path: Path) -> str:
    """A path that may be broken after each slash, so that a long one does not widen the page."""
    return str(path).replace("/", "/\u200b").replace("\\", "\\\u200b")
