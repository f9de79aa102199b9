"""Synthetic speakers: their words, their times, and what pitch, speed and tract do to them."""

import ctypes.util
from dataclasses import replace
from itertools import islice, pairwise
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from engine.data import espeak, synthesis, system_speech
from engine.data.synthesis import Voice, sample_voices, synthesise, training_voices, word_tokens
from engine.errors import EngineError

needs_synthesisers = pytest.mark.skipif(
    ctypes.util.find_library("flite") is None or ctypes.util.find_library("espeak-ng") is None,
    reason="flite or espeak-ng is not installed",
)
VOICES = [*sample_voices(), *training_voices()[::17], training_voices()[-1]]
TEXT = "love seven people always think about seven"


def fundamental(samples: NDArray[np.float32]) -> float:
    """Pitch in hertz of a voiced piece: the strongest autocorrelation between 60 and 350 Hz."""
    spectrum = np.fft.rfft(samples - samples.mean(), 2 * len(samples))
    correlation = np.fft.irfft(np.abs(spectrum) ** 2)
    return 16000 / (45 + int(np.argmax(correlation[45:267])))


def centroid(samples: NDArray[np.float32]) -> float:
    power = np.abs(np.fft.rfft(samples)) ** 2
    return float((power * np.fft.rfftfreq(len(samples), 1 / 16000)).sum() / power.sum())


def hiss(samples: NDArray[np.float32]) -> float:
    """Share of samples at which the sign changes: high in an s, low in a vowel."""
    return float(np.mean(np.signbit(samples[1:]) != np.signbit(samples[:-1])))


def test_sample_voices_are_in_no_training_set() -> None:
    trained = {(voice.engine, voice.name) for voice in training_voices()}
    assert {voice.name for voice in sample_voices()} == {"slt", "rms", "awb"}
    assert trained.isdisjoint((voice.engine, voice.name) for voice in sample_voices())
    # The same people under another name.
    assert not any(person in name for _, name in trained for person in ("slt", "rms", "awb"))


def test_there_are_many_training_voices_and_always_the_same() -> None:
    voices = training_voices()
    assert voices == training_voices()
    assert len({voice.id for voice in voices}) == len(voices) >= 100


@needs_synthesisers
@pytest.mark.parametrize("voice", VOICES, ids=lambda voice: voice.id)
def test_words_are_in_order_and_hold_the_sound(voice: Voice) -> None:
    said = synthesise(voice, TEXT)
    assert [word.text for word in said.words] == TEXT.split()
    assert all(a.start < a.end <= b.start for a, b in pairwise(said.words))
    assert said.words[-1].end <= len(said.samples)
    inside = np.concatenate([said.samples[word.start : word.end] for word in said.words])
    energy = float((said.samples**2).sum())
    assert float((inside**2).sum()) > 0.99 * energy > 0
    assert np.abs(said.samples).max() <= 0.5


@needs_synthesisers
@pytest.mark.parametrize("voice", VOICES, ids=lambda voice: voice.id)
def test_an_s_is_heard_where_seven_begins(voice: Voice) -> None:
    said = synthesise(voice, TEXT)
    for word in (said.words[1], said.words[6]):
        first, rest = np.split(said.samples[word.start : word.end], [960])
        assert hiss(first) > 2 * hiss(rest)


@needs_synthesisers
def test_flite_says_the_same_twice_in_the_same_samples() -> None:
    for voice in (*sample_voices(), training_voices()[-1]):
        first = synthesise(voice, "good people")
        synthesise(voice, "something else")
        assert np.array_equal(first.samples, synthesise(voice, "good people").samples)


@needs_synthesisers
def test_every_training_voice_sounds_different() -> None:
    sounds = {synthesise(voice, "home").samples.tobytes() for voice in training_voices()}
    assert len(sounds) == len(training_voices())


@needs_synthesisers
@pytest.mark.parametrize("voice", [Voice("flite", "kal16"), Voice("espeak-ng", "en-us+m3")])
def test_pitch_speed_and_tract_change_what_they_say(voice: Voice) -> None:
    def long_vowel(spoken_by: Voice) -> NDArray[np.float32]:
        word = synthesise(spoken_by, "home room home").words[1]
        samples = synthesise(spoken_by, "home room home").samples[word.start : word.end]
        return samples[len(samples) // 4 : -len(samples) // 4]

    usual = long_vowel(voice)
    higher, shorter_tract = (
        long_vowel(replace(voice, pitch=1.2)),
        long_vowel(replace(voice, tract=1.2)),
    )
    assert fundamental(higher) == pytest.approx(1.2 * fundamental(usual), rel=0.08)
    assert fundamental(shorter_tract) == pytest.approx(fundamental(usual), rel=0.08)
    assert centroid(shorter_tract) > 1.08 * centroid(usual)
    slow, usual_length, tract_length = (
        len(synthesise(v, TEXT).samples)
        for v in (replace(voice, speed=0.8), voice, replace(voice, tract=1.2))
    )
    assert slow == pytest.approx(usual_length / 0.8, rel=0.05)
    assert tract_length == pytest.approx(usual_length, rel=0.05)


@needs_synthesisers
def test_an_unknown_voice_is_refused() -> None:
    with pytest.raises(EngineError, match="no voice xx"):
        espeak.speak("xx", "good", 1.0, 1.0)


def test_a_missing_library_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctypes.util, "find_library", lambda name: None)
    with pytest.raises(EngineError, match="without libx: install x"):
        system_speech.shared_library("x", "install x")


@needs_synthesisers
def test_word_tokens_hold_every_word_and_come_from_the_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    voices, words = training_voices()[3:6], ("good", "people", "seven", "house")
    tokens = list(word_tokens(voices, words, tmp_path, takes=3))
    said = sorted((voice, word) for voice, word, _ in tokens)
    assert said == sorted((voice.id, word) for voice in voices for word in words * 3)
    assert all(len(samples) > 1000 and samples.dtype == np.float32 for *_, samples in tokens)
    monkeypatch.setattr(synthesis, "synthesise", None)
    again = word_tokens(voices, words, tmp_path, takes=3)
    assert all(np.array_equal(a[2], b[2]) for a, b in zip(tokens, again, strict=True))


@needs_synthesisers
def test_a_broken_run_leaves_nothing_that_passes_for_a_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(synthesis, "synthesise", None)
        with pytest.raises(TypeError):
            list(word_tokens(training_voices()[:1], ["good"], tmp_path))
    assert len(list(islice(word_tokens(training_voices()[:1], ["good"], tmp_path), 2))) == 2
