"""Who speaks is told to the recognition encoder, and nothing changes where nothing is known."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from engine import checkpoint
from engine.checkpoint import Checkpoint
from engine.cohorts import CohortEmbedding
from engine.config import CohortConfig, ModelConfig, SegmenterConfig, from_dict, to_dict
from engine.errors import ConfigError
from engine.model import SeparatorTransducerSegmenter, join
from engine.model_card import ModelCard
from engine.speakers.embedding import VoiceSums
from tests.unit.engine import tiny

COHORTS = CohortConfig(3, memory_frames=8, enough_frames=2.0)


def config() -> ModelConfig:
    loud = SegmenterConfig(activity_threshold=0.01)
    return dataclasses.replace(tiny.model_config(), cohorts=COHORTS, segmenter=loud)


def aware(embedded: float = 3.0) -> SeparatorTransducerSegmenter:
    """The tiny model, told of three cohorts, all weights but those of the cohorts as they were."""
    made = SeparatorTransducerSegmenter(config(), tiny.word_tokens().size).eval()
    made.load_state_dict(tiny.model().state_dict(), strict=False)
    made.requires_grad_(False)
    torch.manual_seed(3)
    assert made.cohorts
    made.cohorts.centres.copy_(torch.nn.functional.normalize(torch.randn(3, 8), dim=1))
    made.cohorts.embedding.copy_(embedded * torch.randn(3, 2))
    return made


def plain() -> SeparatorTransducerSegmenter:
    made = tiny.model()
    made.config = dataclasses.replace(config(), cohorts=CohortConfig())
    return made


def test_zero_embeddings_change_nothing_and_others_do() -> None:
    x = tiny.noise(2.0)
    before, same, other = plain()(x), aware(0.0)(x), aware()(x)
    assert torch.equal(same.encoded, before.encoded)
    assert not torch.allclose(other.encoded, before.encoded, atol=0.05)
    for kept in ("activity", "voice"):
        assert torch.equal(getattr(other, kept), getattr(before, kept))


@settings(max_examples=15)
@given(sizes=st.lists(st.integers(0, 9000), min_size=1, max_size=8))
def test_whole_equals_chunked(sizes: list[int]) -> None:
    model, x = aware(), tiny.noise(sum(sizes) / 16_000)
    whole = model(x)
    state, begin, parts = model.initial_state(1), 0, []
    for size in sizes:
        heard, state = model.step(x[:, begin : begin + size], state)
        parts.append(heard)
        begin += size
    pieces = join([*parts, model.flush(state)])
    torch.testing.assert_close(pieces.encoded, whole.encoded, rtol=0, atol=1e-4)
    trained = model.encode(model.frontend(x))
    torch.testing.assert_close(trained.encoded, whole.encoded, rtol=0, atol=1e-4)


def test_the_cohort_follows_the_voice_of_the_last_seconds() -> None:
    model = aware()
    embedding, voice = model.cohorts, model.voice
    assert embedding
    random = torch.Generator().manual_seed(1)
    voices = 2.0 * torch.randn(2, 1, 1, 1, 8, generator=random)
    x = torch.cat([v.expand(1, 40, 1, 8) for v in voices], dim=1)
    alone = [VoiceSums(torch.tensor(9.0), 9 * v.flatten(), 9 * v.flatten() ** 2) for v in voices]
    for place, sums in enumerate(alone):
        embedding.centres[place] = voice.vector(sums)
    embedding.centres[2] = -embedding.centres[:2].sum(0)
    chosen = _chosen(embedding, voice, x, torch.ones(1, 80, 1))
    assert set(chosen[:1]) == {-1}  # too little yet
    assert set(chosen[3:40]) == {0}
    assert chosen[-1] == 1
    silent = _chosen(
        embedding, voice, x, torch.cat([torch.ones(1, 40, 1), torch.zeros(1, 40, 1)], 1)
    )
    assert silent[-1] == -1  # forgotten


def _chosen(embedding: CohortEmbedding, voice: Any, x: Tensor, weights: Tensor) -> list[int]:
    sums, _ = embedding._heard(x, weights, embedding.initial_state(1, 1, 8))
    found: list[int] = embedding.choose(sums, voice)[0, :, 0].tolist()
    return found


def test_only_the_embedding_learns_from_words() -> None:
    model = aware(0.0)
    assert model.cohorts
    model.cohorts.requires_grad_(True)
    encoded = model.encode(model.frontend(tiny.noise(2.0))).encoded
    encoded.square().sum().backward()  # type: ignore[no-untyped-call]
    grad = model.cohorts.embedding.grad
    assert grad is not None
    assert grad.abs().max() > 0
    assert model.cohorts.centres.grad is None


def test_it_is_kept_in_a_model_file_and_older_files_have_none(tmp_path: Path) -> None:
    path, model = tmp_path / "m.safetensors", aware()
    checkpoint.save(Checkpoint(model, tiny.word_tokens(), ModelCard("m")), path)
    again, x = checkpoint.load(path).model, tiny.noise(1.0)
    assert again.config.cohorts == COHORTS
    assert torch.equal(again(x).encoded, model(x).encoded)
    older = to_dict(tiny.model_config())
    del older["cohorts"]
    assert from_dict(ModelConfig, older).cohorts.count == 0
    assert not any("cohorts" in name for name in tiny.model().state_dict())


@pytest.mark.parametrize("wrong", [{"count": -1}, {"size": 0}, {"enough_frames": 75.0}])
def test_what_cannot_be_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ConfigError):
        CohortConfig(**wrong).validate()
