"""The choice of the microphone."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import (
    QComboBox,
    QSizePolicy,
    QStyle,
    QStyleOptionComboBox,
    QStylePainter,
    QWidget,
)

from ui import icons
from ui.devices import Found
from ui.theme import Theme

TEXT_MARGINS = 4
"""Pixels that a style keeps free beside the name."""


class DeviceBox(QComboBox):
    """Lists microphones; ``chosen`` tells the name of the one picked, None for the default one."""

    chosen = Signal(object)

    def __init__(self, theme: Theme, wanted: str | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._wanted = wanted
        self._shown: object = ""
        self.setAccessibleName(self.tr("Microphone"))
        self.setToolTip(self.tr("The microphone to record"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(10)
        self.activated.connect(self._choose)
        self.show_devices(None)

    @property
    def wanted(self) -> str | None:
        """The name of the microphone to record; None for the system's default."""
        return self._wanted

    def choose(self, name: str | None) -> None:
        """Choose a microphone by its name, as if it had been picked here."""
        self._wanted = name
        if self.isEnabled() and self._index(name) >= 0:
            self.setCurrentIndex(self._index(name))

    def show_devices(self, found: Found | None) -> None:
        """List what was found; None while nobody knows yet."""
        if self._is_shown(found):
            return
        if found is None:
            self._only(self.tr("Looking for microphones…"))
        elif not found.devices:
            self._only(self.tr("No microphone found"))
        else:
            self._list(found)

    def show_opened(self, name: str) -> None:
        """Name what is really being recorded."""
        if not self._is_shown(name):
            self._only(name)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the name as far as it fits, and the arrow in the colour of the theme."""
        painter = QStylePainter(self)
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        control, field = QStyle.ComplexControl.CC_ComboBox, QStyle.SubControl.SC_ComboBoxEditField
        room = self.style().subControlRect(control, option, field, self).width() - TEXT_MARGINS
        option.currentText = self.fontMetrics().elidedText(
            self.currentText(), Qt.TextElideMode.ElideRight, room
        )
        painter.drawComplexControl(control, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        if not self.isEnabled():
            return  # there is nothing to choose
        size = 18
        place = QRect(self.width() - size - 8, (self.height() - size) // 2, size, size)
        icons.icon("chevron-down", self._theme.colours.muted).paint(painter, place)

    def _is_shown(self, content: object) -> bool:
        """A list that is open must not be filled anew without a reason."""
        same, self._shown = self._shown == content, content
        if not same:
            self.clear()
        return same

    def _only(self, text: str) -> None:
        self.addItem(text, self._wanted)
        self.setEnabled(False)

    def _list(self, found: Found) -> None:
        default = next((each.name for each in found.devices if each.is_default), None)
        title = self.tr("System default")
        self.addItem(f"{title} – {default}" if default else title, None)
        for name in dict.fromkeys(each.name for each in found.devices):
            self.addItem(name, name)
        if self._wanted and self.findData(self._wanted) < 0:
            self.addItem(self.tr("{name} (not connected)").format(name=self._wanted), self._wanted)
        self.setCurrentIndex(self._index(self._wanted))
        self.setEnabled(True)

    def _index(self, name: str | None) -> int:
        return 0 if name is None else self.findData(name, Qt.ItemDataRole.UserRole)

    def _choose(self, index: int) -> None:
        self._wanted = self.itemData(index)
        self.chosen.emit(self._wanted)
