"""What the user must not miss, as data: shown by :mod:`ui.banner`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How bad it is."""

    WARNING = "warning"
    FAILURE = "failure"


@dataclass(frozen=True, slots=True)
class Notice:
    """One sentence or two; a newer notice about the same ``subject`` takes the place of an older.

    An empty text withdraws a warning.
    """

    subject: str
    level: Level
    text: str


def failure(subject: str, text: object) -> Notice:
    """Something does not work."""
    return Notice(subject, Level.FAILURE, str(text))


def warning(subject: str, text: object) -> Notice:
    """Something is not as it should be, and goes on."""
    return Notice(subject, Level.WARNING, str(text))
