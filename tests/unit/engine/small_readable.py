"""A stage for readable text whose weights are random, and turns to go through it."""

from __future__ import annotations

import torch

from engine.readable.model import CASES, ReadableConfig, ReadableModel
from engine.readable.readable import Readable, ReadableCard
from engine.readable.spelling import MARKS

SAID = [
    "yeah",
    "okay",
    "so",
    "i",
    "think",
    "we",
    "should",
    "ask",
    "mister",
    "mcdonald",
    "about",
    "it",
]
CONFIG = ReadableConfig(buckets=500, size=8, hidden=12)


def model(seed: int = 0, look_ahead_words: int = 2) -> ReadableModel:
    """Weights large enough for the looks to vary much."""
    torch.manual_seed(seed)
    made = ReadableModel(
        ReadableConfig(CONFIG.buckets, CONFIG.size, CONFIG.hidden, look_ahead_words)
    )
    with torch.no_grad():
        made.output.weight.mul_(20.0)
    return made.eval().requires_grad_(False)


def readable(seed: int = 0) -> Readable:
    return Readable(model(seed), {"mcdonald": "McDonald"}, ReadableCard("random"))


def always(mark: str) -> Readable:
    """A stage that puts ``mark`` after each word, in lower case."""
    made = readable()
    with torch.no_grad():
        for parameter in made.model.parameters():
            parameter.zero_()
        made.model.output.bias[CASES + MARKS.index(mark)] = 1.0
    return made
