"""A field that takes a key combination; Tab, Enter and Escape keep their meaning.

``QKeySequenceEdit`` is no field to a screen reader and swallows Tab; this is a line of text.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit, QWidget

Key = Qt.Key
MODIFIERS = (Key.Key_Control, Key.Key_Shift, Key.Key_Alt, Key.Key_Meta, Key.Key_AltGr)
LEAVING = (Key.Key_Tab, Key.Key_Backtab, Key.Key_Escape, Key.Key_Return, Key.Key_Enter)
CLEARING = (Key.Key_Backspace, Key.Key_Delete)
MOST_CHARACTERS = 24


class KeysEdit(QLineEdit):
    """``chosen`` tells that the user pressed a combination, or cleared it."""

    chosen = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keys = QKeySequence()
        self.setReadOnly(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setMaxLength(MOST_CHARACTERS)

    def keys(self) -> QKeySequence:
        """What is shown."""
        return self._keys

    def show_keys(self, keys: QKeySequence) -> None:
        """Show a combination as this system writes it."""
        self._keys = keys
        self.setText(keys.toString(QKeySequence.SequenceFormat.NativeText))

    def event(self, event: QEvent) -> bool:
        """While the field has the focus, keys are for it and not for the commands they call."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.ShortcutOverride
            and not _is_plain(event, LEAVING)
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take the combination; Backspace alone clears."""
        if event.key() in MODIFIERS:
            return
        if _is_plain(event, LEAVING):
            event.ignore()  # Escape closes the dialog
            return
        cleared = _is_plain(event, CLEARING)
        self.show_keys(QKeySequence() if cleared else _combination(event))
        self.chosen.emit()


def _is_plain(event: QKeyEvent, keys: tuple[Qt.Key, ...]) -> bool:
    return event.key() in keys and not event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier


def _combination(event: QKeyEvent) -> QKeySequence:
    """The keys as shortcuts know them: Shift counts only where it does not make another sign."""
    modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    text = event.text()
    if text.isprintable() and text and not text.isalnum() and not text.isspace():
        modifiers &= ~Qt.KeyboardModifier.ShiftModifier
    return QKeySequence(event.key() | modifiers.value)
