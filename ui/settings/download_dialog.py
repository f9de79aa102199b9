"""Getting a model from an address: what lies there, then the download, with progress."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app import download
from app.download import DownloadError, Offer
from ui.banner import announce
from ui.meeting_list import size_text
from ui.settings.chores import Chores
from ui.theme import Theme

WIDTH_EMS = 32
STEPS = 1000


@dataclass(frozen=True, slots=True)
class Came:
    """Message: so many bytes of so many have come."""

    of: threading.Event
    have: int
    total: int


class DownloadDialog(QDialog):
    """``installed`` carries the name of the new model."""

    installed = Signal(str)

    def __init__(self, theme: Theme, chores: Chores, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Download a model"))
        self._chores = chores
        self._offer: Offer | None = None
        self._stop = threading.Event()
        self._working = False
        self.address = QLineEdit()
        self.checksum = QLineEdit()
        self.contact = QLabel()
        self.found = QLabel()
        self.problem = QLabel()
        self.bar = QProgressBar()
        self.go = QPushButton()
        self.cancel = QPushButton()
        self._configure()
        self._lay_out()
        self._show()

    def begin(self) -> None:
        """Open with empty fields; nothing is contacted yet."""
        if not self._working:
            self._forget()
            self.address.clear()
            self.checksum.clear()
            self._show()
        self.open()
        self.address.setFocus()

    def stop(self) -> None:
        """Stop what is being downloaded."""
        self._stop.set()

    def reject(self) -> None:
        """Cancel first stops the download; what has come is kept for another time."""
        if self._working and self._offer is not None:
            self.stop()
        elif not self._working:
            super().reject()

    def _forget(self) -> None:
        self._offer = None
        self.problem.setText("")
        self.bar.setValue(0)
        self._show()

    def _press(self) -> None:
        self.problem.setText("")
        try:
            if self._offer is None:
                self._ask()
            else:
                self._fetch(self._offer, download.checked_checksum(self.checksum.text()))
        except DownloadError as error:
            self._fail(str(error))

    def _ask(self) -> None:
        address = self.address.text()
        download.host_of(address)
        self._work(True)
        self._chores.do("ask", lambda: download.ask(address), self._show_offer, self._fail)

    def _show_offer(self, offer: Offer) -> None:
        self._offer = offer
        self._work(False)
        self.go.setFocus()
        announce(self, self.found.text())

    def _fetch(self, offer: Offer, checksum: str) -> None:
        self._stop = stop = threading.Event()
        bridge = self._chores.bridge

        def tell(have: int, total: int) -> bool:
            bridge.post(Came(stop, have, total))
            return not stop.is_set()

        self._work(True)
        self._chores.do(
            "download", lambda: download.fetch(offer, checksum, tell), self._finish, self._fail
        )

    def _finish(self, digest: str) -> None:
        assert self._offer is not None
        name = self._offer.name
        self._forget()
        self._work(False)
        self.found.setText(
            self.tr("“{name}” is installed. Its SHA-256 is {digest}.").format(
                name=name, digest=digest
            )
        )
        announce(self, self.found.text())
        self.address.clear()
        self.installed.emit(name)

    def _fail(self, problem: str) -> None:
        self._work(False)
        self.problem.setText(problem)
        announce(self, problem)

    def _work(self, working: bool) -> None:
        self._working = working
        self._show()

    def _take(self, messages: list[object]) -> None:
        for message in messages:
            if isinstance(message, Came) and message.of is self._stop and message.total:
                self.bar.setValue(STEPS * message.have // message.total)
                come, all_ = size_text(message.have), size_text(message.total)
                self.bar.setFormat(self.tr("{come} of {all}").format(come=come, all=all_))

    def _show(self) -> None:
        offer, working = self._offer, self._working
        self.address.setEnabled(not working)
        self.checksum.setEnabled(not working)
        self.bar.setVisible(offer is not None)
        self.checksum_label.setVisible(offer is not None)
        self.checksum.setVisible(offer is not None)
        see, get = self.tr("&See what is there"), self.tr("&Download and install")
        self.go.setText(get if offer else see)
        self.go.setEnabled(not working and bool(offer or self._host()))
        self.cancel.setText(self.tr("&Stop") if working and offer else self.tr("&Close"))
        self.cancel.setEnabled(not working or offer is not None)
        self.found.setText(self._described(offer) if offer else "")
        self.contact.setText(self._who(offer))

    def _who(self, offer: Offer | None) -> str:
        host = offer.host if offer else self._host()
        if not host:
            return self.tr("Enter the address of a model file. It begins with https://.")
        return self.tr(
            "Pressing the button contacts {host}, which then knows the address of your computer. "
            "Nothing else is sent."
        ).format(host=host)

    def _host(self) -> str:
        try:
            return download.host_of(self.address.text())
        except DownloadError:
            return ""

    def _described(self, offer: Offer) -> str:
        card = offer.card
        size = size_text(offer.size_bytes) if offer.size_bytes else self.tr("unknown size")
        licence = card.licence or self.tr("none is named: ask who made it")
        lines = [f"{offer.name}  ·  {size}", card.description, card.limits]
        lines.append(self.tr("Licence: {licence}").format(licence=licence))
        return "\n".join(filter(None, lines))

    def _configure(self) -> None:
        self.address.setAccessibleName(self.tr("Address of the model"))
        self.address.setPlaceholderText("https://")
        self.address.textEdited.connect(self._forget)
        self.checksum.setAccessibleName(self.tr("SHA-256 checksum, if you know it"))
        self.checksum_label = QLabel(self.tr("SHA-256 checksum, if you know it"))
        self.checksum_label.setBuddy(self.checksum)
        self.bar.setRange(0, STEPS)
        self.bar.setAccessibleName(self.tr("How much has come"))
        self.problem.setObjectName("problem")
        self.contact.setObjectName("muted")
        for label in (self.contact, self.found, self.problem):
            label.setWordWrap(True)
            label.setMinimumWidth(WIDTH_EMS * self.fontMetrics().height())
        self.go.setDefault(True)
        self.cancel.setAutoDefault(False)
        self.go.clicked.connect(self._press)
        self.cancel.clicked.connect(self.reject)
        self._chores.bridge.delivered.connect(self._take)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 16)
        column.setSpacing(10)
        title = QLabel(self.tr("Address of the model"))
        title.setBuddy(self.address)
        for widget in (
            title,
            self.address,
            self.contact,
            self.found,
            self.checksum_label,
            self.checksum,
            self.bar,
            self.problem,
        ):
            column.addWidget(widget)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.go)
        column.addLayout(buttons)
