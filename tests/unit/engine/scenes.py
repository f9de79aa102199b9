"""Scenes of two or three people who speak tones for words, for the tests of training."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.data.corpus import Aligned
from engine.data.simulation import PlacedTurn, Scene, SpokenTurn
from tests.unit.engine.corpora import PHONES, tone

FRAME = 640


def spoken(
    words: str, speaker: str = "ann", word: int = 10 * FRAME, phones: bool = True
) -> SpokenTurn:
    """Words of equal length, one after another."""
    texts = words.split()
    times = [(i * word, (i + 1) * word) for i in range(len(texts))]
    samples = np.concatenate([tone(t, word) for t in texts]) if texts else np.zeros(0, np.float32)
    aligned = zip(texts, times, strict=True)
    said = tuple(Aligned(t, s, e) for t, (s, e) in aligned)
    known = tuple(Aligned(PHONES[w.text], w.start, w.end) for w in said)
    return SpokenTurn(speaker, samples, said, known if phones else None)


def scene(turns: Sequence[tuple[int, SpokenTurn]], frames: int, transcribed: bool = True) -> Scene:
    """Turns that start at these frames, in so many frames."""
    audio = np.zeros(frames * FRAME + 240, np.float32)
    placed = tuple(PlacedTurn(turn, start * FRAME) for start, turn in turns)
    for turn in placed:
        audio[turn.start : turn.end] += turn.spoken.samples
    return Scene(audio, placed, transcribed)
