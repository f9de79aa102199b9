"""Which speakers sound alike: near each other in pitch and in the long-term spectrum."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
import pyworld
from numpy.typing import NDArray

from engine.data.corpus import Corpus, Utterance
from engine.timeline import SAMPLE_RATE

_HEARD_S = 8.0
_BANDS_HZ = np.geomspace(150.0, 7500.0, 17)
_WINDOW = 512
_PITCH_WEIGHT = 3.0
"""Pitch counts as much as so many of the sixteen bands."""


def alike(corpus: Corpus, split: str, speakers: Sequence[str]) -> dict[str, list[str]]:
    """For each speaker the others, the most similar first.

    The spectrum holds the microphone too, on purpose: pieces of one recording set fit together.
    """
    said: dict[str, list[Utterance]] = defaultdict(list)
    for utterance in corpus.of_split(split):
        said[utterance.speaker].append(utterance)
    voices = np.stack([_voice(corpus, said[speaker]) for speaker in speakers])
    voices /= voices.std(axis=0) + 1e-9
    voices[:, 0] *= np.sqrt(_PITCH_WEIGHT)
    found = {}
    for place, speaker in enumerate(speakers):
        distance = ((voices - voices[place]) ** 2).sum(axis=1)
        found[speaker] = [speakers[i] for i in np.argsort(distance, kind="stable") if i != place]
    return found


def _voice(corpus: Corpus, utterances: Sequence[Utterance]) -> NDArray[np.float64]:
    """Logarithm of the median pitch, and level of each band in decibels below the loudest."""
    pieces = []
    heard = 0
    for utterance in utterances:
        if heard < _HEARD_S * SAMPLE_RATE:
            pieces.append(corpus.audio(utterance))
            heard += len(pieces[-1])
    samples = np.concatenate(pieces)[: int(_HEARD_S * SAMPLE_RATE)].astype(np.float64)
    pitch, _ = pyworld.dio(samples, SAMPLE_RATE, frame_period=10.0)
    middle = float(np.median(pitch[pitch > 0])) if (pitch > 0).any() else 150.0
    return np.concatenate([[np.log(middle)], _bands_db(samples)])


def _bands_db(samples: NDArray[np.float64]) -> NDArray[np.float64]:
    frames = np.lib.stride_tricks.sliding_window_view(
        np.pad(samples, (0, max(0, _WINDOW - len(samples)))), _WINDOW
    )[:: _WINDOW // 2]
    power = (np.abs(np.fft.rfft(frames * np.hanning(_WINDOW))) ** 2).mean(axis=0)
    edges = (_BANDS_HZ / SAMPLE_RATE * _WINDOW).astype(int)
    levels = np.add.reduceat(power[: edges[-1]], edges[:-1]) / np.maximum(np.diff(edges), 1)
    decibels = 10.0 * np.log10(levels + 1e-12)
    return np.asarray(decibels - decibels.max())
