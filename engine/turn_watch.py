"""When a turn has begun or ended, from probabilities that are spread over several frames."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, field

WATCHED_FRAMES = 15
"""How long the chances of one beginning or end add up: 0.6 s."""


@dataclass
class TurnWatch:
    """The watch over the turns of one channel.

    A transducer that is sure of a turn, but not of the frame, gives each of some frames a part of
    the probability, and in none of them is it likelier than blank. A beam does not help: what comes
    after has its price in words, and saying nothing has none.

    Attributes:
        share: probability from which it is decided; 1 never decides.
        is_open: whether the channel's turn is open.
    """

    share: float
    is_open: bool = False
    _kept: deque[float] = field(default_factory=lambda: deque(maxlen=WATCHED_FRAMES))

    def due(self, is_open: bool, chance: float) -> bool:
        """Whether the turn has changed by now.

        Args:
            is_open: whether it is open in the best hypothesis.
            chance: probability in this frame that it changes.
        """
        if is_open != self.is_open:
            self._kept.clear()
            self.is_open = is_open
        self._kept.append(math.log1p(-min(chance, 0.999999)))
        return self.share < 1.0 and sum(self._kept) < math.log1p(-self.share)
