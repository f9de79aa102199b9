"""Leaving: asks while something is being recorded, and waits until everything is saved."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMessageBox, QWidget

from ui.recording import Recording

Role = QMessageBox.ButtonRole


class Closing(QObject):
    """Decides whether the window may close; calls ``close`` again as soon as it may."""

    def __init__(self, recording: Recording, window: QWidget, close: Callable[[], object]) -> None:
        super().__init__(window)
        self.dialog: QMessageBox | None = None
        self._recording = recording
        self._window = window
        self._close = close
        self._leaving = False
        self._forced = False
        recording.changed.connect(self._go_on)

    def may_close(self) -> bool:
        """Whether nothing would be cut off; if something would, the user is asked or told."""
        if self._forced or not self._recording.busy:
            return True
        if not self._leaving and self._recording.live:
            self._ask()
        else:
            self.leave()
        return False

    def leave(self) -> None:
        """Stop what is recorded, and close when all is saved."""
        self._leaving = True
        self._recording.stop()
        self._go_on()

    def _go_on(self) -> None:
        if not self._leaving:
            return
        self._recording.stop()  # it may have been about to start
        if not self._recording.busy:
            self._dismiss()
            self._close()
        elif self.dialog is None:
            self._tell()

    def _ask(self) -> None:
        box = self._box(
            self.tr("A meeting is being recorded"),
            self.tr("Stop the recording and close? Everything recorded so far is kept."),
        )
        stop = box.addButton(self.tr("Stop and close"), Role.AcceptRole)
        keep = box.addButton(self.tr("Keep recording"), Role.RejectRole)
        box.setDefaultButton(keep)
        box.setEscapeButton(keep)
        stop.clicked.connect(self._stop)
        keep.clicked.connect(self._dismiss)
        box.open()

    def _stop(self) -> None:
        self._dismiss()
        self.leave()

    def _tell(self) -> None:
        box = self._box(
            self.tr("Finishing"),
            self.tr(
                "The sound is saved. The last words are still being written; then the window "
                "closes by itself. If you close now, those words will be missing."
            ),
        )
        stay = box.addButton(self.tr("Do not close"), Role.RejectRole)
        now = box.addButton(self.tr("Close now"), Role.DestructiveRole)
        box.setDefaultButton(stay)
        box.setEscapeButton(stay)
        stay.clicked.connect(self._stay)
        now.clicked.connect(self._force)
        box.open()

    def _stay(self) -> None:
        self._leaving = False
        self._dismiss()

    def _force(self) -> None:
        self._forced = True
        self._dismiss()
        self._close()

    def _box(self, title: str, text: str) -> QMessageBox:
        self._dismiss()
        box = QMessageBox(self._window)
        box.setWindowTitle(title)
        box.setText(f"<span style='font-weight:600'>{title}</span>")
        box.setInformativeText(text)
        self.dialog = box
        return box

    def _dismiss(self) -> None:
        box, self.dialog = self.dialog, None
        if box is not None:
            box.hide()
            box.deleteLater()
