"""Discriminant analysis: against sklearn's, and as an ordinary head."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

from engine.config import VoiceConfig
from engine.data.corpus import Utterance
from engine.errors import EngineError
from engine.speakers.embedding import VoiceEncoder
from engine.training.voice_frames import VoiceFrames
from engine.training.voice_lda import Statistics, discriminants, fitted, statistics

HIDDEN, FRAME = 3, 5


def population(people: int = 40, pieces: int = 30, size: int = 6) -> Statistics:
    """People who differ in two directions, and in the others only from piece to piece."""
    random = np.random.default_rng(0)
    mix = random.standard_normal((size, size))
    who = np.zeros((people, size))
    who[:, :2] = 3.0 * random.standard_normal((people, 2))
    speakers = np.repeat(np.arange(people), pieces)
    pooled = (who[speakers] + random.standard_normal((len(speakers), size))) @ mix + 5.0
    return Statistics(pooled, speakers)


def test_the_directions_are_those_of_sklearn() -> None:
    given = population()
    matrix, centre = discriminants(given, 1e-9)
    theirs = LinearDiscriminantAnalysis(solver="eigen").fit(given.pooled, given.speakers)
    for ours, other in zip(matrix[:2], theirs.scalings_.T, strict=False):
        cosine = ours @ other / np.linalg.norm(ours) / np.linalg.norm(other)
        assert abs(cosine) > 0.999
    projected = (given.pooled - centre) @ matrix.T
    within = [projected[given.speakers == s].std(axis=0, ddof=1) ** 2 for s in range(40)]
    between = np.array([projected[given.speakers == s].mean(axis=0) for s in range(40)]).var(axis=0)
    np.testing.assert_allclose(np.mean(within, axis=0), between / np.mean(within, axis=0) /
                               (1 + between / np.mean(within, axis=0)), rtol=0.02)  # fmt: skip
    assert (between[2:] < 0.05 * between[:2].min()).all()
    assert projected.mean(axis=0) == pytest.approx(np.zeros(6), abs=1e-9)


def test_everybody_counts_the_same_however_much_they_said() -> None:
    given = population(people=6, pieces=5)
    more = given.speakers == 0
    twice = Statistics(
        np.concatenate([given.pooled, *[given.pooled[more]] * 3]),
        np.concatenate([given.speakers, *[given.speakers[more]] * 3]),
    )
    assert discriminants(twice, 0.1)[1] == pytest.approx(discriminants(given, 0.1)[1])


def head() -> VoiceEncoder:
    torch.manual_seed(0)
    return VoiceEncoder(FRAME, 0, VoiceConfig(4, HIDDEN)).eval().requires_grad_(False)


def spoken(names: str) -> tuple[VoiceFrames, list[Utterance]]:
    """An utterance of 160 frames each: two pieces."""
    random = np.random.default_rng(1)
    voices = {name: random.standard_normal(FRAME) for name in sorted(set(names))}
    pieces = [voices[n] + 0.3 * random.standard_normal((160, FRAME)) for n in names]
    said = [Utterance(f"u{i}", "c", n, "train", None, 0, 1, (), None) for i, n in enumerate(names)]
    spans = {u.id: (160 * i, 160 * (i + 1)) for i, u in enumerate(said)}
    activity = np.ones(160 * len(names), np.float32)
    activity[-100:] = 0.0  # the last one is hardly there
    return VoiceFrames(np.concatenate(pieces).astype(np.float16), activity, spans), said


def test_a_fitted_head_is_a_head_that_tells_people_apart_better() -> None:
    own, (frames, said) = head(), spoken("aabbccddee")
    given = statistics(own, frames, said)
    assert given.pooled.shape == (19, 2 * HIDDEN)
    made = fitted(own, given, size=3, shrinkage=0.1)
    assert made.config == VoiceConfig(3, HIDDEN)
    assert own.config == VoiceConfig(4, HIDDEN)
    x, weights = frames.of("u0")
    sums = made.pool(made.features(x)[None], weights[None, None])
    assert torch.equal(made.features(x), own.features(x))
    matrix, centre = discriminants(given, 0.1)
    by_hand = matrix[:3] @ (own.statistics(sums)[0, 0].numpy() - centre)
    np.testing.assert_allclose(
        made.vector(sums)[0, 0].numpy(), by_hand / np.linalg.norm(by_hand), atol=1e-5
    )
    assert _margin(made, frames, said) > _margin(own, frames, said) + 0.2


def _margin(voice: VoiceEncoder, frames: VoiceFrames, said: list[Utterance]) -> float:
    """The mean cosine of one person's utterances less that of two people's."""
    rows = []
    for utterance in said[:-1]:
        x, weights = frames.of(utterance.id)
        rows.append(voice.vector(voice.pool(voice.features(x)[None], weights[None, None]))[0, 0])
    cosines: NDArray[np.float32] = (torch.stack(rows) @ torch.stack(rows).T).numpy()
    names = np.array([u.speaker for u in said[:-1]])
    same = names[:, None] == names[None, :]
    return float(cosines[same].mean() - cosines[~same].mean())


def test_what_cannot_be_fitted_is_said() -> None:
    frames, said = spoken("aab")
    with pytest.raises(EngineError, match="1 speakers have two pieces of speech"):
        statistics(head(), frames, said)
    with pytest.raises(EngineError, match=r"0 speakers.*'train'"):
        statistics(head(), frames, [])
    given = population(size=2 * HIDDEN)
    for size, shrinkage in ((1, 0.1), (7, 0.1), (3, 0.0), (3, 1.5)):
        with pytest.raises(EngineError, match="the size is 2 to 6, the shrinkage above 0"):
            fitted(head(), given, size, shrinkage)
