"""Words said where nobody spoke."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from engine.evaluation.counts import Counts, ratio
from engine.evaluation.segments import HypothesisTurn
from engine.timeline import SAMPLE_RATE


@dataclass(frozen=True)
class FalseWords(Counts):
    """Words of a session on audio without speech."""

    words: int = 0
    samples: int = 0

    @property
    def per_minute(self) -> float:
        """False words per minute of audio."""
        return ratio(self.words, self.samples / (60 * SAMPLE_RATE))


def false_words(turns: Iterable[HypothesisTurn], samples: int) -> FalseWords:
    """Every word is false: the audio of these turns (``samples`` long) holds no speech."""
    return FalseWords(sum(len(turn.words) for turn in turns), samples)
