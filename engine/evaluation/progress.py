"""How far a long evaluation is, and how long it will still take."""

from __future__ import annotations

import time
from collections.abc import Callable

from engine.evaluation.transcripts import Transcript

EVERY_S = 20.0


class TimeLeft:
    """Says now and then how much was heard and how long the rest will take.

    What was kept from an earlier run took no time, so only what is heard anew tells how fast it
    goes.

    Args:
        say: gets each line.
        system: its name.
        total_s: seconds of audio to hear.
        clock: the time in seconds.
    """

    def __init__(
        self,
        say: Callable[[str], None],
        system: str,
        total_s: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._say, self._system, self._total_s, self._clock = say, system, total_s, clock
        self._begin = self._said = clock()
        self._done_s = self._anew_s = 0.0

    def __call__(self, seconds: float, transcript: Transcript) -> None:
        """So many more seconds of audio were heard."""
        self._done_s += seconds
        self._anew_s += 0.0 if transcript.kept else seconds
        now = self._clock()
        if now - self._said >= EVERY_S and self._anew_s:
            self._said = now
            self._say(self.line(now))

    def line(self, now: float) -> str:
        """What is said at the time ``now``."""
        pace = (now - self._begin) / self._anew_s if self._anew_s else 0.0
        left_s = max(0.0, self._total_s - self._done_s) * pace
        return (
            f"{self._system}: {self._done_s / 60:.1f} of {self._total_s / 60:.1f} minutes heard, "
            f"about {left_s / 60:.0f} min left"
        )
