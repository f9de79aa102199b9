"""The dialog of the settings: its pages, and the list of them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QListWidget,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from ui.devices import Devices
from ui.settings.appearance_page import AppearancePage
from ui.settings.chores import Chores
from ui.settings.engine_page import EnginePage
from ui.settings.form import Page
from ui.settings.keeper import Keeper
from ui.settings.models_page import ModelsPage
from ui.settings.privacy_page import PrivacyPage
from ui.settings.recording_page import RecordingPage
from ui.settings.shortcuts import Shortcuts
from ui.settings.shortcuts_page import ShortcutsPage
from ui.theme import Theme

SIZE_EMS = (46, 40)
LIST_EMS = 10


class SettingsDialog(QDialog):
    """What is changed holds at once and is saved: there is nothing to confirm."""

    def __init__(
        self,
        keeper: Keeper,
        theme: Theme,
        devices: Devices,
        chores: Chores,
        shortcuts: Shortcuts,
        is_recording: Callable[[], bool],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Settings"))
        self.recording = RecordingPage(keeper, theme, devices)
        self.engine = EnginePage(keeper, theme, chores)
        self.models = ModelsPage(keeper, theme, chores, is_recording)
        self.appearance = AppearancePage(keeper, theme)
        self.shortcuts = ShortcutsPage(keeper, theme, shortcuts)
        self.privacy = PrivacyPage(keeper, theme, chores)
        self.list = QListWidget()
        self.stack = QStackedWidget()
        self.close_ = QPushButton(self.tr("&Close"))
        self._fill()
        self._lay_out()
        self.models.listed.connect(self.engine.show_models)
        theme.changed.connect(self.list.doItemsLayout)

    def pages(self) -> list[Page]:
        """All pages from the top."""
        return [
            self.recording,
            self.engine,
            self.models,
            self.appearance,
            self.shortcuts,
            self.privacy,
        ]

    def show_page(self, page: Page) -> None:
        """Open at a page."""
        self.list.setCurrentRow(self.pages().index(page))
        self._turn(self.list.currentRow())
        self.open()
        self.list.setFocus()
        self.list.doItemsLayout()  # their sizes are known once they are styled

    def _fill(self) -> None:
        for page in self.pages():
            self.list.addItem(page.heading.text())
            self.stack.addWidget(page)
        self.list.setObjectName("pages")
        self.list.setAccessibleName(self.tr("Pages of the settings"))
        self.list.setFixedWidth(LIST_EMS * self.fontMetrics().height())
        self.list.setCurrentRow(0)
        self.list.currentRowChanged.connect(self._turn)
        self.close_.clicked.connect(self.accept)

    def _turn(self, row: int) -> None:
        self.stack.setCurrentIndex(row)
        self.pages()[row].shown()

    def _lay_out(self) -> None:
        side = QVBoxLayout()
        side.setContentsMargins(12, 16, 4, 12)
        side.addWidget(self.list, 1)
        side.addWidget(self.close_)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addLayout(side)
        row.addWidget(self.stack, 1)
        for button in self.findChildren(QPushButton):
            button.setAutoDefault(False)  # Enter in a field must not press one of them
        em = self.fontMetrics().height()
        self.resize(SIZE_EMS[0] * em, SIZE_EMS[1] * em)
