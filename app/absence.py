"""What is told of a source whose device is away: why, and what was not heard meanwhile."""

from __future__ import annotations

from collections.abc import Callable

from app.sound import Source
from app.words import QT_TRANSLATE_NOOP, translate
from engine.events import Event, Gap, GapReason, Remark, Subject
from engine.timeline import to_samples

WORTH_MARKING = to_samples(0.05)
"""A shorter gap between two files is nobody's concern."""

AGAIN = QT_TRANSLATE_NOOP("app", "It is tried again every few seconds, and the recording goes on.")
SUBJECTS = {Source.MICROPHONE: Subject.MICROPHONE, Source.SYSTEM: Subject.SYSTEM}


class Absence:
    """Knows from when on a source has been away, and tells each thing once."""

    def __init__(self, kind: Source, tell: Callable[[Event], None]) -> None:
        self._subject = SUBJECTS.get(kind)
        self._tell = tell
        self._away = False  # since the device went, the meeting has gone on without it
        self._reach = 0  # how far the files go
        self._said = ""

    def reached(self, length: int) -> None:
        """The files go so far."""
        self._reach = length

    def begin(self) -> None:
        """The device has gone."""
        self._away = True

    def end(self, moment: int) -> None:
        """It is heard again from ``moment`` on, or not wanted any more: mark what was missed."""
        if self._away and moment - self._reach > WORTH_MARKING:
            self._tell(Gap(self._reach, moment - self._reach, GapReason.DEVICE))
        self._away = False

    def explain(self, why: object) -> None:
        """Say why it is away."""
        self._say(f"{why} {translate('app', AGAIN)}")

    def withdraw(self) -> None:
        """All is well, or nobody waits for it."""
        self._say("")

    def _say(self, message: str) -> None:
        if self._subject and message != self._said:
            self._said = message
            self._tell(Remark(self._subject, message))
