"""What Crosstalk is, which version this is, and the licences of all that it is made of."""

from __future__ import annotations

from importlib.metadata import version

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from app.licences import licence_text
from ui import icons

ICON_PX = 64


class AboutDialog(QDialog):
    """Name, version, promise, and a button for the licences."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("About Crosstalk"))
        self.licences: LicencesDialog | None = None
        picture = QLabel()
        picture.setPixmap(icons.app_icon().pixmap(ICON_PX, ICON_PX))
        text = QLabel(self._text())
        text.setWordWrap(True)
        text.setMinimumWidth(320)
        text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(picture, alignment=Qt.AlignmentFlag.AlignTop)
        row.addWidget(text, 1)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self.more = self.buttons.addButton(
            self.tr("&Licences…"), QDialogButtonBox.ButtonRole.ActionRole
        )
        self.more.setAutoDefault(False)
        self.more.clicked.connect(self._show_licences)
        self.buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setSpacing(16)
        column.addLayout(row)
        column.addWidget(self.buttons)

    def _text(self) -> str:
        number = self.tr("Version {number}").format(number=version("crosstalk"))
        promise = self.tr(
            "Records a meeting and shows who says what, while people talk. "
            "Everything stays on this computer."
        )
        free = self.tr("Free software under the Apache License 2.0.")
        return f"<b>Crosstalk</b><br>{number}<p>{promise}</p><p>{free}</p>"

    def _show_licences(self) -> None:
        self.licences = LicencesDialog(self)
        self.licences.open()


class LicencesDialog(QDialog):
    """The licences, one after another."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Licences"))
        self.text = QPlainTextEdit(licence_text())
        self.text.setReadOnly(True)
        self.text.setAccessibleName(self.tr("Licences"))
        self.text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(self.text)
        column.addWidget(buttons)
        self.resize(720, 560)
