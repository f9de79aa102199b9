"""Banners across the window: what went wrong, and what to do."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, QSize, Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ui import icons
from ui.notices import Choice, Level, Notice
from ui.theme import Theme


class Banner(QFrame):
    """One notice, until it is dismissed or replaced."""

    def __init__(self, notice: Notice, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.notice = notice
        self._theme = theme
        self.setObjectName("banner")
        self.setProperty("level", notice.level.value)
        self._icon = QLabel()
        self.text = QLabel(notice.text)
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.text.setWordWrap(True)
        self.dismiss = QPushButton(self.tr("Dismiss"))
        self.dismiss.setAccessibleName(self.tr("Dismiss this message"))
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 10, 16, 10)
        row.setSpacing(14)
        row.addWidget(self._icon)
        row.addWidget(self.text, 1)
        self.choices = [QPushButton(choice.text) for choice in notice.choices]
        for button in (*self.choices, self.dismiss):
            row.addWidget(button)
        self.dismiss.setHidden(bool(self.choices))
        theme.changed.connect(self._restyle)
        self._restyle()

    def _restyle(self) -> None:
        colours = self._theme.colours
        failed = self.notice.level is Level.FAILURE
        colour = colours.danger if failed else colours.warning
        self._icon.setPixmap(
            icons.icon("warning", colour).pixmap(QSize(24, 24), self.devicePixelRatio())
        )


class Banners(QWidget):
    """All notices that hold, one below the other."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._banners: dict[str, Banner] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self.hide()

    def show_notice(self, notice: Notice) -> None:
        """Show a notice in the place of an older one about the same subject."""
        former = self._banners.get(notice.subject)
        if not notice.text:
            if former and (former.notice.level, notice.level) != (Level.FAILURE, Level.WARNING):
                self.remove(notice.subject)
            return
        self.remove(notice.subject)
        banner = Banner(notice, self._theme)
        banner.dismiss.clicked.connect(lambda: self.remove(notice.subject))
        for button, choice in zip(banner.choices, notice.choices, strict=True):
            button.clicked.connect(partial(self._choose, notice.subject, choice))
        self._banners[notice.subject] = banner
        self._column.addWidget(banner)
        self.show()
        announce(self, notice.text)

    def remove(self, subject: str) -> None:
        """Take a notice away, if it is there."""
        banner = self._banners.pop(subject, None)
        if banner is not None:
            self._column.removeWidget(banner)
            banner.hide()
            banner.deleteLater()
        self.setVisible(bool(self._banners))

    def notices(self) -> list[Notice]:
        """What is shown, from the top."""
        return [banner.notice for banner in self._banners.values()]

    def _choose(self, subject: str, choice: Choice) -> None:
        self.remove(subject)
        choice.act()


def announce(sender: QObject, text: str) -> None:
    """Have a screen reader say something now."""
    QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(sender, text))
