"""Voice vectors add up as frames come, and people are told apart by them."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from engine.config import AttributionConfig, VoiceConfig
from engine.speakers.attribution import Attribution, SpeakerAttribution, Vector
from engine.speakers.embedding import VoiceEncoder
from engine.speakers.voices import KEPT_FRAMES, VoiceReader

FRAME = 640
HIDDEN = 6
CONFIG = AttributionConfig()


def encoder() -> VoiceEncoder:
    torch.manual_seed(0)
    return VoiceEncoder(4, 5, VoiceConfig(size=3, hidden=HIDDEN)).requires_grad_(False)


def features(frames: int, channels: int = 2) -> Tensor:
    generator = torch.Generator().manual_seed(frames)
    return torch.randn(frames, channels, HIDDEN, generator=generator)


def activity(frames: int) -> Tensor:
    return torch.rand(frames, 2, generator=torch.Generator().manual_seed(frames + 1))


def read(reader: VoiceReader, x: Tensor, speaks: Tensor, sizes: list[int]) -> None:
    first = 0
    for part in torch.split(x, sizes):
        reader.load(part, first)
        for t in range(len(part)):
            for k in (0, 1):
                reader.hear(k, first + t, float(speaks[first + t, k]))
        first += len(part)


def unit(*values: float) -> Vector:
    vector = np.array(values, dtype=np.float32)
    return vector / np.linalg.norm(vector)


def test_a_vector_is_the_projected_mean_and_deviation() -> None:
    made, x = encoder(), features(20)[:, 0]
    weights = torch.rand(20, generator=torch.Generator().manual_seed(3))
    mean = (weights[:, None] * x).sum(0) / weights.sum()
    variance = (weights[:, None] * (x - mean) ** 2).sum(0) / weights.sum()
    projected = made.project(torch.cat([mean, variance.sqrt()]))
    vector = made.vector(made.pool(x[None], weights[None, None]))
    assert vector.shape == (1, 1, 3)
    torch.testing.assert_close(vector[0, 0], projected / projected.norm())


@settings(max_examples=25)
@given(st.integers(0, 30), st.integers(1, 29))
def test_sums_of_parts_add_up_to_the_whole(cut: int, turns: int) -> None:
    made, x = encoder(), features(30)[None, :, 0]
    weights = torch.rand(1, turns, 30, generator=torch.Generator().manual_seed(turns))
    whole = made.pool(x, weights)
    parts = made.pool(x[:, :cut], weights[..., :cut]) + made.pool(x[:, cut:], weights[..., cut:])
    for name in ("weight", "first", "second"):
        torch.testing.assert_close(getattr(parts, name), getattr(whole, name))


def test_a_vector_has_unit_length_even_of_nothing() -> None:
    made = encoder()
    for weights in (torch.ones(1, 1, 9), torch.zeros(1, 1, 9)):
        vector = made.vector(made.pool(features(9)[None, :, 0], weights))
        torch.testing.assert_close(vector.norm(), torch.tensor(1.0))


@settings(max_examples=20)
@given(st.lists(st.integers(0, 9), min_size=1, max_size=7), st.integers(0, 40))
def test_the_voice_of_a_turn_does_not_depend_on_how_frames_come(
    sizes: list[int], start: int
) -> None:
    """And it is the pooled voice of the frames of its channel that speak, from its start on."""
    made, frames = encoder(), sum(sizes)
    x, speaks = features(frames), activity(frames)
    reader = VoiceReader(made, 2, FRAME)
    opened = reader.turn(1, 0)
    read(reader, x, speaks, sizes)
    late = reader.turn(1, start * FRAME)
    weights = torch.where(speaks[:, 1] >= 0.5, speaks[:, 1], 0.0)
    for voice, first in ((opened, 0), (late, start)):
        mine = weights.clone()
        mine[:first] = 0.0
        assert voice.heard == pytest.approx(float(mine.sum()) * FRAME, abs=1)
        expected = made.vector(made.pool(x[None, :, 1], mine[None, None]))[0, 0].numpy()
        if voice.heard:
            np.testing.assert_allclose(voice.vector(), expected, atol=1e-4)
        else:
            assert not voice.vector().any()


@pytest.mark.parametrize(("threshold", "heard"), [(0.5, 14.0), (0.7, 8.0)])
def test_what_is_hardly_speech_is_not_heard(threshold: float, heard: float) -> None:
    reader = VoiceReader(encoder(), 2, FRAME, threshold)
    reader.load(features(30), 0)
    for t in range(30):
        reader.hear(0, t, (0.4, 0.6, 0.8)[t % 3])
    assert reader.turn(0, 0).heard == pytest.approx(heard * FRAME, rel=0.01)


def test_a_paused_voice_hears_nothing() -> None:
    reader = VoiceReader(encoder(), 2, FRAME)
    voice = reader.turn(0, 0)
    speaks = torch.ones(30, 2)
    for first, heard in ((0, 10), (10, 10), (20, 20)):
        if first == 10:
            voice.pause()
        if first == 20:
            voice.resume()
        reader.load(features(10), first)
        for t in range(first, first + 10):
            reader.hear(0, t, float(speaks[t, 0]))
        assert voice.heard == heard * FRAME


def test_a_forgotten_voice_hears_nothing_and_is_not_kept() -> None:
    reader = VoiceReader(encoder(), 2, FRAME)
    voice = reader.turn(0, 0)
    reader.forget(voice)
    read(reader, features(5), torch.ones(5, 2), [5])
    assert voice.heard == 0
    assert reader._turns == []


def test_only_the_last_seconds_are_kept() -> None:
    reader = VoiceReader(encoder(), 2, FRAME)
    frames = 2 * KEPT_FRAMES
    read(reader, features(frames), torch.ones(frames, 2), [frames])
    assert reader.turn(0, 0).heard == KEPT_FRAMES * FRAME
    assert reader.turn(0, (frames - 10) * FRAME).heard == 10 * FRAME


def test_the_first_voice_is_the_first_person() -> None:
    people = SpeakerAttribution(CONFIG)
    assert people.guess(unit(1, 0, 0), enough=True) == Attribution(1, 0.5)
    assert people.guess(unit(1, 0, 0), enough=False) == Attribution(1, 0.5)
    assert people.count == 0


def test_two_voices_are_told_apart_and_known_again() -> None:
    people = SpeakerAttribution(CONFIG)
    random = np.random.default_rng(0)
    voices = [unit(1, 0.1, 0, 0), unit(0, 0.1, 1, 0)]
    for i in [0, 1, 1, 0, 0, 1]:
        heard = voices[i] + 0.2 * random.standard_normal(4).astype(np.float32)
        guess = people.guess(heard / np.linalg.norm(heard), enough=True)
        assert guess.speaker == i + 1
        people.confirm(heard / np.linalg.norm(heard), 2.0, guess.speaker)
    assert people.count == 2


def test_somebody_new_is_not_assumed_on_too_little_speech() -> None:
    people = SpeakerAttribution(CONFIG)
    people.confirm(unit(1, 0, 0), 1.0, 1)
    people.confirm(unit(0, 1, 0), 1.0, 2)
    stranger = unit(0.1, 0.3, 1)
    assert people.guess(stranger, enough=False).speaker == 2
    assert people.guess(stranger, enough=True).speaker == 3


def test_no_more_people_than_the_limit() -> None:
    people = SpeakerAttribution(AttributionConfig(most_speakers=2))
    for i, vector in enumerate([unit(1, 0, 0), unit(0, 1, 0)]):
        people.confirm(vector, 1.0, i + 1)
    assert people.guess(unit(0, 0.1, 1), enough=True).speaker == 2
    assert people.count == 2


@pytest.mark.parametrize(("similarity", "speaker"), [(0.49, 2), (0.51, 1)])
def test_the_threshold_is_a_cosine(similarity: float, speaker: int) -> None:
    people = SpeakerAttribution(AttributionConfig(same_speaker=0.5))
    people.confirm(unit(1, 0), 1.0, 1)
    vector = unit(similarity, float(np.sqrt(1 - similarity**2)))
    assert people.similarities(vector)[0] == pytest.approx(similarity, abs=1e-5)
    assert people.guess(vector, enough=True).speaker == speaker


def test_a_person_is_the_mean_of_what_was_heard_weighted_by_time() -> None:
    people = SpeakerAttribution(CONFIG)
    people.confirm(unit(1, 0), 9.0, 1)
    people.confirm(unit(0, 1), 1.0, 1)
    assert people.similarities(unit(9, 1))[0] == pytest.approx(1.0, abs=1e-5)


def test_confidence_grows_with_the_distance_from_the_alternatives() -> None:
    people = SpeakerAttribution(CONFIG)
    people.confirm(unit(1, 0, 0), 1.0, 1)
    people.confirm(unit(0, 1, 0), 1.0, 2)
    vectors = [unit(1, 0.9, 0), unit(1, 0.6, 0), unit(1, 0.2, 0)]
    guesses = [people.guess(v, enough=True) for v in vectors]
    assert [g.speaker for g in guesses] == [1, 1, 1]
    confidences = [g.confidence for g in guesses]
    assert confidences == sorted(confidences)
    assert 0.5 <= confidences[0] < confidences[2] <= 1.0
