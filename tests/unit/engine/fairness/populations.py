"""People with planted places, voices and word error rates."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.evaluation.error_rates import WordErrors
from engine.evaluation.utterances import SpeakerErrors
from engine.fairness.tally import Tally

WORDS = 50


def tally(rates: NDArray[np.float64], seed: int = 0) -> Tally:
    """A speaker for each rate, who said fifty words of which so many were wrong."""
    wrong = np.random.default_rng(seed).binomial(WORDS, rates)
    return Tally.of(
        SpeakerErrors(f"s{i}", WordErrors(int(n), 0, 0, WORDS)) for i, n in enumerate(wrong)
    )
