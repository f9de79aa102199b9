"""Which part of a meeting a timeline shows: moments to pixels and back. Knows no Qt."""

from __future__ import annotations

from dataclasses import dataclass, replace

from engine.timeline import SAMPLE_RATE

SHORTEST = 2 * SAMPLE_RATE
"""As close as one can look: words are wider than a hand then."""


@dataclass(frozen=True, slots=True)
class TimeWindow:
    """From ``start`` for ``length`` samples at 16 kHz, of a meeting as long as ``whole``."""

    start: int = 0
    length: int = SHORTEST
    whole: int = SHORTEST

    @property
    def end(self) -> int:
        """The first sample that is not shown."""
        return self.start + self.length

    @property
    def all(self) -> bool:
        """Whether the whole meeting is shown."""
        return self.length >= self.whole

    def x(self, sample: float, width: int) -> float:
        """Where a moment lies in a picture of that width."""
        return (sample - self.start) * width / self.length

    def sample(self, x: float, width: int) -> int:
        """The moment at a pixel, within the meeting."""
        at = self.start + round(x * self.length / max(width, 1))
        return min(max(at, 0), self.whole)

    def grown(self, whole: int) -> TimeWindow:
        """The meeting is that long now; who saw all of it goes on to."""
        whole = max(whole, SHORTEST)
        if self.all:
            return TimeWindow(0, whole, whole)
        return replace(self, whole=whole).moved(self.start)

    def zoomed(self, factor: float, about: int) -> TimeWindow:
        """More or less of it, so that the moment ``about`` stays where it is."""
        length = round(min(max(self.length * factor, SHORTEST), self.whole))
        start = about - round((about - self.start) * length / self.length)
        return replace(self, length=length).moved(start)

    def moved(self, start: int) -> TimeWindow:
        """The same length from another moment on, within the meeting."""
        return replace(self, start=max(0, min(start, self.whole - self.length)))

    def showing(self, sample: int) -> TimeWindow:
        """Moved on by a page if the moment is not inside."""
        if self.start <= sample < self.end:
            return self
        return self.moved(sample - self.length // 10)
