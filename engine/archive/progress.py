"""How far a run is, and how long the rest will take."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from engine.archive.ledger import Outcome, State

EVERY_S = 20.0


class Progress:
    """Says each failure at once, and now and then how far the run is.

    The length of a recording is known when it was heard, its size before, so the time that is left
    goes by size.

    Args:
        sizes: the files, with their bytes.
        say: gets each line.
        clock: the time in seconds.
    """

    def __init__(
        self,
        sizes: Mapping[str, int],
        say: Callable[[str], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._sizes, self._say, self._clock = sizes, say, clock
        self._begin = self._said = clock()
        self._files = self._heard_bytes = 0
        self._left_bytes = sum(sizes.values())
        self._audio_s = 0.0

    def pass_over(self, name: str) -> None:
        """A file took no time."""
        self._files += 1
        self._left_bytes -= self._sizes[name]

    def tell(self, outcome: Outcome) -> None:
        """A file was worked on."""
        self.pass_over(outcome.name)
        self._heard_bytes += self._sizes[outcome.name]
        self._audio_s += outcome.audio_s
        if outcome.state is not State.DONE:
            self._say(f"{outcome.state}: {outcome.name}: {outcome.why}")
        if self._clock() - self._said >= EVERY_S:
            self._said = self._clock()
            self._say(self.line())

    def line(self) -> str:
        """How far it is by now."""
        spent_s = self._clock() - self._begin
        pace = spent_s / self._heard_bytes if self._heard_bytes else 0.0
        speed = self._audio_s / spent_s if spent_s else 0.0
        return (
            f"{self._files} of {len(self._sizes)} files, {self._audio_s / 3600:.1f} h heard, "
            f"{speed:.1f} times as fast as speech, about {self._left_bytes * pace / 60:.0f} min "
            "left"
        )
