"""What nobody expected: written to the log, shown to the user, never lost."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from PySide6.QtCore import QCoreApplication, QObject

from app.paths import log_path
from ui.bridge import Bridge
from ui.notices import Notice, failure

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Mishap:
    """Message: an exception that nobody caught, in words."""

    text: str


class Mishaps(QObject):
    """While entered, takes the exceptions that reach the top of any thread."""

    def __init__(self, bridge: Bridge, show: Callable[[Notice], object]) -> None:
        super().__init__(bridge)
        self._bridge = bridge
        self._show = show
        bridge.delivered.connect(self._take)

    def __enter__(self) -> Self:
        self._before = sys.excepthook, threading.excepthook
        sys.excepthook = self._caught
        threading.excepthook = self._caught_in_thread
        return self

    def __exit__(self, *exc: object) -> None:
        sys.excepthook, threading.excepthook = self._before

    def _caught(
        self,
        kind: type[BaseException],
        error: BaseException,
        traceback: TracebackType | None,
    ) -> None:
        if not issubclass(kind, Exception):  # Ctrl-C and the like have their own way
            self._before[0](kind, error, traceback)
            return
        logger.error("unexpected", exc_info=(kind, error, traceback))
        self._bridge.post(Mishap(f"{kind.__name__}: {error}"))

    def _caught_in_thread(self, caught: threading.ExceptHookArgs) -> None:
        if caught.exc_value is not None:
            self._caught(caught.exc_type, caught.exc_value, caught.exc_traceback)

    def _take(self, messages: list[object]) -> None:
        for message in messages:
            if isinstance(message, Mishap):
                self._show(failure("mishap", _sentence(message.text)))


def _sentence(text: str) -> str:
    said = QCoreApplication.translate(
        "Mishaps",
        "Something unexpected happened ({what}). What was recorded is safe. Please report it with "
        "the file {log}.",
    )
    return said.format(what=text, log=log_path())
