"""One voice vector for each person, by the voice encoder of a model, without recognising words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engine.data.corpus import Corpus, Utterance
from engine.errors import EngineError
from engine.recognizer import Recognizer
from engine.speakers.embedding import VoiceSums
from engine.timeline import to_samples

ENOUGH_S = 12.0
"""Audio of each person at most: more changes a vector little."""

Vector = NDArray[np.float32]


def voice_vectors(
    recognizer: Recognizer, corpus: Corpus, said: Mapping[str, Sequence[Utterance]]
) -> dict[str, Vector]:
    """Unit-length vectors (size,) of all people of whom any speech was heard.

    Raises:
        EngineError: when the model has no voice vectors.
    """
    _check(recognizer)
    found: dict[str, Vector] = {}
    for speaker, utterances in said.items():
        sums = _sums(recognizer, _beginning(corpus, utterances))
        if float(sums.weight) > 0:
            found[speaker] = recognizer.model.voice.vector(sums).cpu().numpy()
    return found


def _check(recognizer: Recognizer) -> None:
    if getattr(recognizer.model, "voice", None) is None:
        raise EngineError(
            f"The model {recognizer.card.name} has no voice vectors, which cohorts are made of: "
            "give one that has with --voices, such as --voices default."
        )


def _beginning(corpus: Corpus, utterances: Sequence[Utterance]) -> Vector:
    """The first seconds of somebody, (samples,)."""
    left, pieces = to_samples(ENOUGH_S), []
    for utterance in utterances:
        pieces.append(corpus.audio(utterance, 0, left))
        left -= len(pieces[-1])
        if left <= 0:
            break
    return np.concatenate(pieces)


@torch.inference_mode()
def _sums(recognizer: Recognizer, samples: Vector) -> VoiceSums:
    """Of the frames in which somebody speaks, on whatever channel."""
    model = recognizer.model
    heard = model(torch.from_numpy(samples)[None].to(recognizer.device))
    speaks: Tensor = heard.activity[0].sigmoid()
    speaks = speaks * (speaks >= model.config.segmenter.activity_threshold)
    sums = model.voice.pool(heard.voice[0].flatten(0, 1)[None], speaks.flatten()[None, None])
    return VoiceSums(sums.weight[0, 0], sums.first[0, 0], sums.second[0, 0])
