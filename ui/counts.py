"""What is counted, in the singular and plural forms of every language.

The collector of translations finds counted sentences only in calls of ``tr``: widgets have their
own, free functions take theirs from here.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication


def tr(sentence: str, comment: str, count: int) -> str:
    """The sentence in the form that the number asks for."""
    return QCoreApplication.translate("", sentence, comment, count)


def speakers(count: int) -> str:
    """How many people speak."""
    return tr("%Ln speakers", "", count)


def reassigned(count: int) -> str:
    """That turns are somebody else's now."""
    return tr("Another person for %Ln turns", "", count)


def deleted(count: int) -> str:
    """That turns were deleted."""
    return tr("Turns deleted: %Ln. Undo brings them back", "", count)
