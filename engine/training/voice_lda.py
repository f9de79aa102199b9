"""Voice vectors by linear discriminant analysis: the projection of a head found in closed form.

What the head pools over a piece of speech (means and deviations of its features) is projected so
that pieces of one person differ equally in all directions, and people differ most in the first
ones (Fisher 1936; for voice vectors Dehak et al. 2011). A direction counts as much as people
differ in it beside chance: the factor is the root of b / (1 + b), b the variance between people
by that within, as in probabilistic LDA (Ioffe 2006). The features stay as they are, so the result
is an ordinary head.
"""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from engine.data.corpus import Utterance
from engine.errors import EngineError
from engine.speakers.embedding import VoiceEncoder
from engine.training.voice_crops import ACTIVE
from engine.training.voice_frames import VoiceFrames

NAME = "lda"
"""As a form of `crosstalk-lab train-voices`."""

PIECE_FRAMES = 75
"""Utterances are cut to pieces of about this length, as long as many turns."""

LEAST_WEIGHT = 12.0
"""Frames of speech that a piece needs."""

SHRINKAGE = 0.03
"""Chosen on the split dev; docs/voice-vectors.md has the figures of others."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Statistics:
    """Of pieces of speech: pooled means and deviations (pieces, 2 hidden), and who speaks."""

    pooled: Floats
    speakers: NDArray[np.intp]


@torch.no_grad()
def statistics(
    head: VoiceEncoder, frames: VoiceFrames, utterances: Iterable[Utterance]
) -> Statistics:
    """What a head pools of all pieces with enough speech, of people with two of them or more.

    Raises:
        EngineError: when there are not two such people.
    """
    found, names = [], []
    for utterance in utterances:
        x, activity = frames.of(utterance.id)
        weights = torch.where(activity >= ACTIVE, activity, 0.0)
        count = max(1, round(len(x) / PIECE_FRAMES))
        for part, heard in zip(x.tensor_split(count), weights.tensor_split(count), strict=True):
            if float(heard.sum()) >= LEAST_WEIGHT:
                sums = head.pool(head.features(part)[None], heard[None, None])
                found.append(head.statistics(sums)[0, 0].double().numpy())
                names.append(utterance.speaker)
    return _of_several(np.array(found), np.array(names))


def _of_several(pooled: Floats, names: NDArray[np.str_]) -> Statistics:
    _, speaker, count = np.unique(names, return_inverse=True, return_counts=True)
    kept = count[speaker] > 1 if len(names) else np.zeros(0, dtype=bool)
    people, speakers = np.unique(speaker[kept], return_inverse=True)
    if len(people) < 2:
        raise EngineError(
            f"{len(people)} speakers have two pieces of speech in the split 'train': at least 2 are"
            " needed to tell voices apart."
        )
    return Statistics(pooled[kept], speakers)


def fitted(head: VoiceEncoder, given: Statistics, size: int, shrinkage: float) -> VoiceEncoder:
    """The head with the projection that tells the people of ``given`` apart best.

    Args:
        head: whose features are kept.
        given: of the training speakers.
        size: of the new vectors; at most twice the hidden size.
        shrinkage: share of the covariance within people that is put evenly on all directions.

    Raises:
        EngineError: when the size or the shrinkage cannot be.
    """
    if not 2 <= size <= given.pooled.shape[1] or not 0.0 < shrinkage <= 1.0:
        raise EngineError(
            f"Vectors of {size} with a shrinkage of {shrinkage:g} cannot be: the size is 2 to "
            f"{given.pooled.shape[1]}, the shrinkage above 0 and at most 1."
        )
    matrix, centre = discriminants(given, shrinkage)
    made = copy.deepcopy(head)
    made.config = dataclasses.replace(head.config, size=size)
    made.project = torch.nn.Linear(matrix.shape[1], size)
    made.project.weight.data = torch.from_numpy(matrix[:size]).float()
    made.project.bias.data = torch.from_numpy(-matrix[:size] @ centre).float()
    return made.eval().requires_grad_(False)


def discriminants(given: Statistics, shrinkage: float) -> tuple[Floats, Floats]:
    """All directions, weighted, the most telling first, (size, size), and the centre (size,).

    Every person counts the same, however much they said.
    """
    within, between, centre = _covariances(given)
    even = np.trace(within) / len(within) * np.eye(len(within))
    whiten = np.linalg.inv(np.linalg.cholesky((1.0 - shrinkage) * within + shrinkage * even))
    variances, directions = np.linalg.eigh(whiten @ between @ whiten.T)
    variances = np.maximum(variances[::-1], 0.0)
    weights = np.sqrt(variances / (1.0 + variances))
    matrix: Floats = weights[:, None] * (directions[:, ::-1].T @ whiten)
    return matrix, centre


def _covariances(given: Statistics) -> tuple[Floats, Floats, Floats]:
    """Within people and between them, (size, size) both, and the mean person (size,)."""
    counts = np.bincount(given.speakers).astype(float)
    means = np.zeros((len(counts), given.pooled.shape[1]))
    np.add.at(means, given.speakers, given.pooled)
    means /= counts[:, None]
    centre = means.mean(axis=0)
    apart = given.pooled - means[given.speakers]
    share = (1.0 / counts / len(counts))[given.speakers, None]
    unbiased = len(apart) / (len(apart) - len(counts))
    between = (means - centre).T @ (means - centre) / len(counts)
    return (apart * share).T @ apart * unbiased, between, centre
