"""What a model is asked to recognise: utterances, or the few words that it knows."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from engine.data.bench_set import FEWEST_WORDS
from engine.data.corpus import Corpus
from engine.errors import EngineError
from engine.fairness import material
from engine.fairness.material import TURNS
from engine.fairness.voices import voice_vectors
from tests.unit.engine import corpora, tiny

KNOWN = tuple(corpora.TONES_HZ)[: max(2, min(FEWEST_WORDS, 5))]


def spoken(*words: str) -> list[corpora.Spoken]:
    return [(word, 40 * i, 40 * i + 30) for i, word in enumerate(words)]


def made() -> Corpus:
    return corpora.corpus({"ann": [spoken(*KNOWN)], "bob": [spoken("alpha", "alpha")]}, "dev")


def test_free_speech_is_heard_as_it_was_spoken() -> None:
    corpus = made()
    given = material.material(corpus, ("dev",), ())
    assert given.corpus is corpus
    assert [u.id for u in given.utterances] == ["ann-0", "bob-0"]


def test_a_model_of_few_words_hears_only_those(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(material, "FEWEST_WORDS", len(KNOWN))
    given = material.material(made(), ("dev",), KNOWN)
    assert [u.speaker for u in given.utterances] == ["ann"] * TURNS  # bob says too few of them
    assert len({u.text for u in given.utterances}) > 1
    for utterance in given.utterances:
        words = (utterance.text or "").split()
        assert words
        assert set(words) <= set(KNOWN)
    assert all(a.offset + a.length == b.offset for a, b in pairwise(given.utterances))
    one = next(u for u in given.utterances if len((u.text or "").split()) == 1)
    pitch = corpora.pitch_hz(given.corpus.audio(one))
    assert pitch == pytest.approx(corpora.TONES_HZ[one.text or ""], abs=20)
    again = material.material(made(), ("dev",), KNOWN)
    assert [u.text for u in again.utterances] == [u.text for u in given.utterances]
    with pytest.raises(EngineError, match=r"Nobody of test .*--model free-speech"):
        material.material(made(), ("test",), KNOWN)


def test_a_voice_is_the_same_however_loud_others_are_and_of_unit_length() -> None:
    corpus = Corpus(made().utterances, np.zeros(0, np.int16))
    sound = {
        u.id: tiny.noise(u.length / 16_000, seed=i)[0].numpy()
        for i, u in enumerate(corpus.utterances)
    }

    class Sounding(Corpus):
        """Says noise that the tiny model takes for speech."""

        def audio(self, utterance, start=0, end=None):  # type: ignore[no-untyped-def]
            return sound[utterance.id][start:end]

    heard = Sounding(corpus.utterances, np.zeros(0, np.int16))
    said = {u.speaker: [u] for u in corpus.utterances}
    together = voice_vectors(tiny.recognizer(), heard, said)
    alone = voice_vectors(tiny.recognizer(), heard, {"ann": said["ann"]})
    assert together
    for vector in together.values():
        assert np.linalg.norm(vector) == pytest.approx(1.0, abs=1e-5)
    for speaker, vector in alone.items():
        np.testing.assert_allclose(vector, together[speaker], atol=1e-6)
