"""What the user must not miss, as data: shown by :mod:`ui.banner`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How bad it is."""

    WARNING = "warning"
    FAILURE = "failure"


@dataclass(frozen=True, slots=True)
class Choice:
    """A button of a notice: it takes the notice away, and ``act`` is what else it does."""

    text: str
    act: Callable[[], object] = lambda: None


@dataclass(frozen=True, slots=True)
class Notice:
    """One sentence or two; a newer notice about the same ``subject`` takes the place of an older.

    An empty text withdraws a warning; that of a failure withdraws either.
    ``choices`` are the answers to one that asks something.
    """

    subject: str
    level: Level
    text: str
    choices: tuple[Choice, ...] = ()


def failure(subject: str, text: object) -> Notice:
    """Something does not work."""
    return Notice(subject, Level.FAILURE, str(text))


def warning(subject: str, text: object) -> Notice:
    """Something is not as it should be, and goes on."""
    return Notice(subject, Level.WARNING, str(text))
