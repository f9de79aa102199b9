"""When too little is heard: a microphone that is muted, a meeting in which nobody speaks."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from app.words import QT_TRANSLATE_NOOP, translate
from engine.events import Event, Remark, Subject, WordsChanged
from engine.timeline import to_samples

ZEROS_S = 5.0
MUTED = QT_TRANSLATE_NOOP(
    "app",
    "The microphone delivers nothing but silence. Is it muted? Check its switch and "
    "the sound settings of this computer.",
)


class SilenceWatch:
    """Tells when a microphone delivers nothing but zeros, as no microphone does that is on."""

    def __init__(self, tell: Callable[[Event], None]) -> None:
        self._tell = tell
        self._zeros_s = 0.0
        self._told = False

    def look(self, frames: NDArray[np.int16], rate: int) -> None:
        """Take the next (n, channels) frames at ``rate`` per second."""
        self._zeros_s = 0.0 if frames.any() else self._zeros_s + len(frames) / rate
        silent = self._zeros_s >= ZEROS_S
        if silent != self._told:
            self._told = silent
            self._tell(Remark(Subject.SILENCE, translate("app", MUTED) if silent else ""))


class QuietWatch:
    """Asks whether to go on when nobody has spoken for long; asks again after as long."""

    def __init__(self, limit_s: float | None) -> None:
        """Ask after ``limit_s`` seconds; None or 0: never."""
        self._limit = to_samples(limit_s) if limit_s else None
        self._since = 0
        self._asked = False

    def hear(self, event: Event) -> Remark | None:
        """Somebody may have spoken: then the question is withdrawn."""
        if not isinstance(event, WordsChanged) or not event.words:
            return None
        self._since = max(self._since, event.words[-1].end)
        if not self._asked:
            return None
        self._asked = False
        return Remark(Subject.QUIET)

    def look(self, heard: int) -> Remark | None:
        """The question, when it is due after ``heard`` samples that were searched for words."""
        if self._limit is None or self._asked or heard - self._since < self._limit:
            return None
        self._asked = True
        minutes = round(self._limit / to_samples(60.0))
        return Remark(
            Subject.QUIET,
            translate(
                "app",
                "Nobody has spoken for {minutes} minutes. Still recording? It goes on until you "
                "stop.",
            ).format(minutes=minutes),
        )
