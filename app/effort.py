"""How much of its computation an engine spends, for models that can leave something out."""

from __future__ import annotations

from typing import Protocol

from engine.events import Effort
from engine.timeline import to_samples

EVERY = to_samples(5.0)
"""Audio between two looks: speech and silence are in it, and the figure can be read."""


class Spent(Protocol):
    """Multiply-adds since a meeting began; see :class:`engine.encoders.spending.Spending`."""

    @property
    def spent(self) -> int:
        """What was computed."""

    @property
    def dense(self) -> int:
        """What everything would have been; 0 for a model that leaves nothing out."""


class EffortMeter:
    """Looks from time to time at what a session counted in ``spending``, if it counts."""

    def __init__(self, session: object) -> None:
        self._session = session
        self._looked = 0
        self._before = (0, 0)
        self._told: int | None = None

    def look(self, heard: int) -> Effort | None:
        """What was spent since the last look, if that can be told and is news, in whole percent.

        Args:
            heard: samples that the session was given so far.
        """
        if heard - self._looked < EVERY:
            return None
        self._looked = heard
        now: Spent | None = getattr(self._session, "spending", None)
        if now is None:
            return None
        spent, dense = now.spent - self._before[0], now.dense - self._before[1]
        self._before = (now.spent, now.dense)
        if not dense:
            return None
        former, self._told = self._told, round(100 * spent / dense)
        return Effort(spent / dense) if self._told != former else None
