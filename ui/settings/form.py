"""A page of settings: each with its name, its control, and what it means."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from ui import icons
from ui.settings.keeper import Keeper
from ui.theme import Theme, scaled

ARROW = 18


class Choice(QComboBox):
    """One of some values, with the arrow that the style sheet leaves out."""

    def __init__(self, theme: Theme, options: Sequence[tuple[str, Any]] = ()) -> None:
        super().__init__()
        self._theme = theme
        theme.changed.connect(self.update)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(22)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        for text, value in options:
            self.addItem(text, value)

    def show_value(self, value: Any, text: str) -> None:
        """Choose a value; one that is not offered joins the others, as ``text``."""
        places = [place for place in range(self.count()) if self.itemData(place) == value]
        if not places:
            self.addItem(text, value)
        self.setCurrentIndex(places[0] if places else self.count() - 1)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Turning the wheel moves the page, never a setting by accident."""
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the arrow in the colour of the theme."""
        super().paintEvent(event)
        painter = QPainter(self)
        place = QRect(self.width() - ARROW - 8, (self.height() - ARROW) // 2, ARROW, ARROW)
        icons.icon("chevron-down", self._theme.colours.muted).paint(painter, place)
        painter.end()


class Page(QScrollArea):
    """Settings below each other; scrolls where the dialog is small."""

    def __init__(self, keeper: Keeper, theme: Theme) -> None:
        super().__init__()
        self.heading = QLabel()
        self.keeper = keeper
        self.theme = theme
        self._inner = QWidget()
        self._inner.setObjectName("settingsPage")
        self.setObjectName("settingsScroll")
        self.column = QVBoxLayout(self._inner)
        self.column.setContentsMargins(28, 20, 28, 24)
        self.column.setSpacing(6)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(self._inner)
        self.heading.setFont(scaled(self.font(), 1.35, QFont.Weight.DemiBold))
        self.column.addWidget(self.heading)
        self.column.addSpacing(8)

    def minimumSizeHint(self) -> QSize:
        """Wide enough for every control, in any language."""
        least = super().minimumSizeHint()
        bar = self.verticalScrollBar().sizeHint().width()
        return QSize(self._inner.minimumSizeHint().width() + bar, least.height())

    def shown(self) -> None:
        """The page is being looked at: the moment for what takes its time."""

    def add(self, name: str, title: str, field: QWidget, about: str | None = None) -> None:
        """A setting with its title above and its description below."""
        label = QLabel(title)
        label.setFont(scaled(label.font(), 1.0, QFont.Weight.DemiBold))
        label.setBuddy(field)
        field.setAccessibleName(title)
        self.column.addWidget(label)
        self.column.addWidget(field)
        self._describe(field, about or self.keeper.description(name))

    def choice(
        self,
        name: str,
        title: str,
        options: Sequence[tuple[str, Any]],
        other: Callable[[Any], str] = str,
    ) -> Choice:
        """A setting that is one of some values; ``other`` names another one from the file."""
        box = Choice(self.theme, options)
        box.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        box.setProperty("setting", name)
        self.add(name, title, box)

        def follow(changed: str) -> None:
            if changed == name:
                value = getattr(self.keeper.settings, name)
                box.show_value(value, other(value))

        follow(name)
        box.activated.connect(lambda place: self.keeper.change(name, box.itemData(place)))
        self.keeper.changed.connect(follow)
        return box

    def check(self, name: str, title: str) -> QCheckBox:
        """A setting that is on or off."""
        box = QCheckBox(title)
        box.setFont(scaled(box.font(), 1.0, QFont.Weight.DemiBold))
        box.setChecked(getattr(self.keeper.settings, name))
        box.toggled.connect(lambda on: self.keeper.change(name, on))
        box.setAccessibleName(title)
        self.column.addWidget(box)
        self._describe(box, self.keeper.description(name))
        self.keeper.changed.connect(
            lambda changed: box.setChecked(getattr(self.keeper.settings, name))
        )
        return box

    def text(self, text: str = "") -> QLabel:
        """A paragraph."""
        label = QLabel(text)
        label.setObjectName("muted")
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.column.addWidget(label)
        return label

    def end(self) -> None:
        """Nothing follows: what there is stands at the top."""
        self.column.addStretch(1)

    def _describe(self, field: QWidget, about: str) -> None:
        field.setAccessibleDescription(about)
        self.text(about)
        self.column.addSpacing(12)
