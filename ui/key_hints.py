"""Tooltips that name the keys of a command, also after the user chose other ones."""

from __future__ import annotations

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

NATIVE = QKeySequence.SequenceFormat.NativeText


def name_keys(widget: QWidget, action: QAction) -> None:
    """From now on the tooltip of a widget ends with the keys of an action, if it has any."""
    text = widget.toolTip()

    def show() -> None:
        keys = action.shortcut().toString(NATIVE)
        widget.setToolTip(f"{text} ({keys})" if keys else text)

    action.changed.connect(show)
    show()
