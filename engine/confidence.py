"""How sure a word is, as a probability: the search's own figure, put right (Platt 1999)."""

from __future__ import annotations

import math

from engine.config import ConfidenceConfig

_EDGE = 1e-6
"""Odds are taken of what is at least so far from 0 and 1."""


def log_odds(confidence: float) -> float:
    """The logarithm of the odds of a probability."""
    inside = min(max(confidence, _EDGE), 1.0 - _EDGE)
    return math.log(inside / (1.0 - inside))


def calibrated(confidence: float, config: ConfidenceConfig) -> float:
    """The probability that a word is right, of what the search says, both 0..1."""
    if config == ConfidenceConfig():
        return confidence
    odds = config.scale * log_odds(confidence) + config.offset
    return 1.0 / (1.0 + math.exp(-odds)) if odds > -700.0 else 0.0
