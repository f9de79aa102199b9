"""Slow work for the pages: done in threads, answered in the GUI thread."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any

from PySide6.QtCore import QObject

from app.errors import AppError
from engine.errors import EngineError
from ui.bridge import Bridge

logger = logging.getLogger(__name__)

Then = Callable[[Any], object]
Failed = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Done:
    """Message: a chore ended with an answer, or with a problem."""

    number: int
    answer: object
    problem: str = ""


class Chores(QObject):
    """Runs chores; lives in the GUI thread, as long as the window."""

    def __init__(self, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.bridge = bridge
        self._numbers = count()
        self._waiting: dict[int, tuple[Then, Failed]] = {}
        bridge.delivered.connect(self._take)

    @property
    def busy(self) -> bool:
        """Whether something is still being done."""
        return bool(self._waiting)

    def do(self, name: str, work: Callable[[], object], then: Then, failed: Failed) -> None:
        """Do ``work`` in a thread; ``then`` gets its answer, ``failed`` a sentence instead."""
        number = next(self._numbers)
        self._waiting[number] = then, failed
        self.bridge.run(f"crosstalk-{name}", lambda: _done(number, work))

    def _take(self, messages: list[object]) -> None:
        for message in messages:
            if isinstance(message, Done) and message.number in self._waiting:
                then, failed = self._waiting.pop(message.number)
                if message.problem:
                    failed(message.problem)
                else:
                    then(message.answer)


def _done(number: int, work: Callable[[], object]) -> Done:
    try:
        return Done(number, work())
    except (AppError, EngineError) as error:
        return Done(number, None, str(error))
    except Exception as error:  # nobody would be told otherwise
        logger.exception("a chore of the settings failed")
        return Done(number, None, f"{type(error).__name__}: {error}")
