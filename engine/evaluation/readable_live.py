"""Readable text while people talk: how long a word takes, and how much is revised afterwards."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from engine.evaluation.counts import ratio
from engine.readable.readable import Readable


@dataclass(frozen=True)
class Live:
    """Milliseconds of the processor a word, and the share of words first shown otherwise."""

    word_ms: float
    revised: float


def speak(readable: Readable, turns: Sequence[Sequence[str]]) -> Live:
    """Turns word by word, as in a meeting: what is not sure yet is guessed anew for each word."""
    words = sum(map(len, turns))
    revised, took_s = 0, 0.0
    for turn in turns:
        began = time.process_time()
        first, last = _speak(readable, turn)
        took_s += time.process_time() - began
        revised += sum(one != other for one, other in zip(first, last, strict=True))
    return Live(1000 * ratio(took_s, words), ratio(revised, words))


def _speak(readable: Readable, turn: Sequence[str]) -> tuple[list[str], list[str]]:
    """Each word as it is shown when it is the last one, and when the turn has ended."""
    heard, first = readable.begin(), []
    for word in turn:
        heard = readable.hear(heard, [word])
        first.append(readable.texts(heard, over=False)[-1])
    return first, readable.texts(heard, over=True)
