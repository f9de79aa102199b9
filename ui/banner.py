"""Banners across the window: what went wrong, and what to do."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

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


class Banners(QScrollArea):
    """All notices that hold, one below the other; they scroll where they leave no room."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._banners: dict[str, Banner] = {}
        self._inside = QWidget()
        self._column = QVBoxLayout(self._inside)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self.setWidget(self._inside)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the buttons have it
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        bar = self.verticalScrollBar()
        bar.rangeChanged.connect(lambda _, end: bar.setValue(end))  # the newest is there
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
        self._fit()
        announce(self, notice.text)

    def remove(self, subject: str) -> None:
        """Take a notice away, if it is there."""
        banner = self._banners.pop(subject, None)
        if banner is not None:
            self._column.removeWidget(banner)
            banner.hide()
            banner.deleteLater()
        self.setVisible(bool(self._banners))
        self._fit()

    def notices(self) -> list[Notice]:
        """What is shown, from the top."""
        return [banner.notice for banner in self._banners.values()]

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lines break elsewhere."""
        super().resizeEvent(event)
        self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        """The room is that of the window."""
        super().showEvent(event)
        self.window().installEventFilter(self)
        self._fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """There is more or less room."""
        if event.type() == QEvent.Type.Resize:
            self._fit()
        return super().eventFilter(watched, event)

    def _fit(self) -> None:
        """As high as all of them, but at most a third of the window, and one at least."""
        if not self._banners:
            return
        room, bar = self.window().height() // 3, self.verticalScrollBar().sizeHint().width()
        heights = self._heights(self.width())
        if scrolls := sum(heights) > max(room, max(heights)):
            heights = self._heights(self.width() - bar)
        policy = Qt.ScrollBarPolicy
        self.setVerticalScrollBarPolicy(
            policy.ScrollBarAlwaysOn if scrolls else policy.ScrollBarAlwaysOff
        )
        self._inside.setMinimumHeight(sum(heights))
        self.setFixedHeight(min(sum(heights), max(room, max(heights))))

    def _heights(self, width: int) -> list[int]:
        return [_height(banner, width) for banner in self._banners.values()]

    def _choose(self, subject: str, choice: Choice) -> None:
        self.remove(subject)
        choice.act()


def _height(banner: Banner, width: int) -> int:
    return max(banner.heightForWidth(width), banner.minimumSizeHint().height())


def announce(sender: QObject, text: str) -> None:
    """Have a screen reader say something now."""
    QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(sender, text))
