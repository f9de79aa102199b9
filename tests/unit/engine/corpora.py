"""A small corpus in memory: every word is a tone of its own, every speaker has a loudness."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.data.corpus import Aligned, Corpus, Utterance

HOP = 160
TONES_HZ = {"alpha": 400, "bravo": 600, "charlie": 900, "delta": 1300, "echo": 1900}
PHONES = {"alpha": "AE", "bravo": "B", "charlie": "CH", "delta": "D", "echo": "EH"}
Spoken = tuple[str, int, int]
"""A word, its first frame of 10 ms and the one after its last."""


def tone(word: str, samples: int, level: float = 0.5) -> NDArray[np.float32]:
    time = np.arange(samples) / 16_000
    wave = level * np.sin(2 * np.pi * TONES_HZ[word] * time)
    return wave.astype(np.float32)


def corpus(
    spoken: dict[str, list[list[Spoken]]], split: str = "train", phones: bool = True
) -> Corpus:
    """The utterances of each speaker; half a second of silence follows the last word."""
    utterances: list[Utterance] = []
    pieces: list[NDArray[np.float32]] = []
    offset = 0
    for speaker, said in spoken.items():
        for i, words in enumerate(said):
            samples = np.zeros(words[-1][2] * HOP + 8000, np.float32)
            for word, start, end in words:
                samples[start * HOP : end * HOP] = tone(word, (end - start) * HOP)
            utterances.append(
                Utterance(
                    f"{speaker}-{i}",
                    "tones",
                    speaker,
                    split,
                    " ".join(word for word, _, _ in words),
                    offset,
                    len(samples),
                    tuple(Aligned(w, s * HOP, e * HOP) for w, s, e in words),
                    tuple(Aligned(PHONES[w], s * HOP, e * HOP) for w, s, e in words)
                    if phones
                    else None,
                )
            )
            pieces.append(samples)
            offset += len(samples)
    store = (np.concatenate(pieces) * 32767).astype(np.int16)
    return Corpus(utterances, store)


def pitch_hz(samples: NDArray[np.float32]) -> float:
    """The strongest frequency."""
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples)), 1 << 16))
    return float(spectrum.argmax() * 16_000 / (1 << 16))
