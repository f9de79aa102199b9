"""What the dialogs that show a list have in common: how they look, and how they ask."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QListView,
    QMessageBox,
    QPushButton,
    QStyledItemDelegate,
    QVBoxLayout,
    QWidget,
)

MARGIN = 16


class ListDialog(QDialog):
    """Something above a list, the list, something below, and buttons."""

    def __init__(self, title: str, size_ems: tuple[int, int], parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.list = QListView()
        self.close_ = QPushButton(self.tr("&Close"))
        self.close_.clicked.connect(self.accept)
        em = self.fontMetrics().height()
        self.resize(size_ems[0] * em, size_ems[1] * em)

    def show_in_list(
        self, model: QAbstractItemModel, delegate: QStyledItemDelegate, described: str
    ) -> None:
        """What the list shows, how, and what it is called."""
        self.list.setObjectName("inDialog")
        self.list.setModel(model)
        self.list.setItemDelegate(delegate)
        self.list.setAccessibleName(described)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def lay_out(
        self,
        above: Sequence[QWidget],
        below: Sequence[QWidget],
        left: Sequence[QPushButton],
        right: Sequence[QPushButton],
    ) -> None:
        """Put everything in its place; buttons stand below all, to the left and to the right."""
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        column.setSpacing(10)
        for widget in above:
            column.addWidget(widget)
        column.addWidget(self.list, 1)
        column.addStretch()
        for widget in below:
            column.addWidget(widget)
        buttons = QHBoxLayout()
        for button in left:
            buttons.addWidget(button)
        buttons.addStretch()
        for button in right:
            buttons.addWidget(button)
        column.addLayout(buttons)


def ask_to_destroy(
    parent: QWidget,
    title: str,
    question: str,
    about: str,
    answers: tuple[str, str],
    act: Callable[[], object],
) -> QMessageBox:
    """Ask before something goes for good; ``act`` follows only if the answer is the first one."""
    box = QMessageBox(QMessageBox.Icon.Warning, title, question, parent=parent)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setInformativeText(about)
    destroy = box.addButton(answers[0], QMessageBox.ButtonRole.DestructiveRole)
    keep = box.addButton(answers[1], QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(keep)
    box.setEscapeButton(keep)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    destroy.clicked.connect(act)
    box.open()
    return box
