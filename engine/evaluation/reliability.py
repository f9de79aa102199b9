"""Is a word that is said to be 80 % sure right in 80 % of cases?

Every word that was written down is right or wrong, by the alignment with the reference. Words of
about the same confidence are put together, and the share of them that is right is compared with the
mean of what was said (Guo et al. 2017).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.confidence import calibrated, log_odds
from engine.config import ConfidenceConfig

BINS = 10

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class JudgedWord:
    """A word of a hypothesis; ``speaker`` of the reference, empty where nobody spoke."""

    confidence: float
    is_right: bool
    speaker: str = ""


@dataclass(frozen=True)
class Bin:
    """The words of about the same confidence."""

    words: int
    confidence: float  # the mean of what was said
    right: float  # the share that is


@dataclass(frozen=True)
class Reliability:
    """How far the confidences of some words can be relied on.

    Attributes:
        words: how many.
        right: the share that is right.
        confidence: the mean of what was said.
        error: expected calibration error: the mean distance of the two over the words of a bin.
        entropy: normalised cross entropy: 1 tells right from wrong, 0 says no more than the share
            of right words does, and what misleads is below (Siu and Gish 1999).
        bins: ten of equal width, without those that are empty.
    """

    words: int
    right: float
    confidence: float
    error: float
    entropy: float
    bins: tuple[Bin, ...]

    def to_dict(self) -> dict[str, Any]:
        """As JSON can hold it."""
        return {
            "words": self.words,
            "right": round(self.right, 4),
            "confidence": round(self.confidence, 4),
            "expected_calibration_error": round(self.error, 4),
            "normalised_cross_entropy": round(self.entropy, 4),
            "bins": [[b.words, round(b.confidence, 4), round(b.right, 4)] for b in self.bins],
        }


def reliability(words: Iterable[JudgedWord]) -> Reliability | None:
    """That of some words; None without any."""
    judged = list(words)
    if not judged:
        return None
    said, right = said_and_right(judged)
    place = np.minimum((said * BINS).astype(int), BINS - 1)
    groups = [place == i for i in range(BINS)]
    bins = tuple(
        Bin(int(g.sum()), float(said[g].mean()), float(right[g].mean())) for g in groups if g.any()
    )
    error = sum(b.words * abs(b.confidence - b.right) for b in bins) / len(judged)
    return Reliability(
        words=len(judged),
        right=float(right.mean()),
        confidence=float(said.mean()),
        error=error,
        entropy=_entropy(said, right),
        bins=bins,
    )


def said_and_right(words: Sequence[JudgedWord]) -> tuple[Numbers, Numbers]:
    """Confidences, and 1 for each word that is right."""
    said = np.array([word.confidence for word in words])
    return said, np.array([float(word.is_right) for word in words])


def _entropy(said: Numbers, right: Numbers) -> float:
    """Normalised cross entropy; 0 where all words are right, or all wrong."""
    share = float(right.mean())
    if share in (0.0, 1.0):
        return 0.0
    most = -(share * np.log(share) + (1 - share) * np.log(1 - share))
    odds = np.array([log_odds(confidence) for confidence in said])
    cross = np.logaddexp(0.0, np.where(right > 0, -odds, odds)).mean()
    return float((most - cross) / most)


def recalibrated(words: Iterable[JudgedWord], config: ConfidenceConfig) -> list[JudgedWord]:
    """The words with other settings, where they are now as the search says."""
    return [
        JudgedWord(calibrated(word.confidence, config), word.is_right, word.speaker)
        for word in words
    ]
