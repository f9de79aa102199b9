"""Two numbers that put the confidences of a model right, and whether they do for other people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.linear_model import LogisticRegression

from engine.confidence import log_odds
from engine.config import ConfidenceConfig
from engine.errors import EngineError
from engine.evaluation.reliability import (
    JudgedWord,
    Reliability,
    recalibrated,
    reliability,
    said_and_right,
)

FEWEST_WORDS = 100
LEAST_SCALE = 0.001


def fit(words: Sequence[JudgedWord]) -> ConfidenceConfig:
    """Scale and offset of the log odds with the highest likelihood (Platt 1999).

    Args:
        words: with the confidences of the search itself.

    Raises:
        EngineError: for fewer than a hundred words, or none right, or none wrong.
    """
    said, right = said_and_right(words)
    if len(words) < FEWEST_WORDS or len(set(right)) < 2:
        raise EngineError(
            f"{len(words)} words, of which {int(right.sum())} are right, are too few to learn "
            f"from: {FEWEST_WORDS}, right and wrong ones, are needed. Let it hear more."
        )
    odds = np.array([[log_odds(confidence)] for confidence in said])
    line = LogisticRegression(C=np.inf).fit(odds, right)
    scale, offset = float(line.coef_[0, 0]), float(line.intercept_[0])
    if scale < LEAST_SCALE:  # surer words are not righter: all that can be said is how many are
        scale = LEAST_SCALE
        offset = log_odds(float(right.mean())) - scale * float(odds.mean())
    return ConfidenceConfig(round(scale, 4), round(offset, 4))


@dataclass(frozen=True)
class HeldOut:
    """The same words before and after; each half of the speakers with what the other taught."""

    before: Reliability
    after: Reliability
    configs: tuple[ConfidenceConfig, ConfidenceConfig]


def held_out(words: Sequence[JudgedWord], seed: int = 7) -> HeldOut:
    """Learn from one half of the speakers what is tried on the other, both ways.

    Raises:
        EngineError: when a half has too few words.
    """
    speakers = sorted({word.speaker for word in words})
    chosen = np.random.default_rng(seed).permutation(len(speakers))[: len(speakers) // 2]
    first = {speakers[i] for i in chosen}
    halves = [
        [word for word in words if (word.speaker in first) is inside] for inside in (True, False)
    ]
    configs = (fit(halves[1]), fit(halves[0]))
    tried = [w for half, c in zip(halves, configs, strict=True) for w in recalibrated(half, c)]
    before, after = reliability(words), reliability(tried)
    assert before is not None
    assert after is not None
    return HeldOut(before, after, configs)
