"""What is kept for a voice head is what the model's own head reads in a meeting."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from engine.data.corpus import Corpus, Utterance
from engine.training.voice_frames import training_utterances, voice_frames
from tests.unit.engine import tiny


def corpus(*lengths: int, split: str = "train", speaker: str = "s") -> Corpus:
    offsets = np.cumsum([0, *lengths])
    random = np.random.default_rng(0)
    samples = (random.standard_normal(offsets[-1]) * 3000).astype(np.int16)
    found = [
        Utterance(f"{speaker}{i}", "c", speaker, split, None, int(o), n, (), None)
        for i, (o, n) in enumerate(zip(offsets, lengths, strict=False))
    ]
    return Corpus(found, samples)


def test_the_head_reads_the_same_from_disk(tmp_path: Path) -> None:
    made, model = corpus(30_000, 20_000), tiny.model()
    kept = voice_frames(model, "tiny", made, made.utterances, tmp_path)
    for utterance in made.utterances:
        x, activity = kept.of(utterance.id)
        heard = model(torch.from_numpy(made.audio(utterance))[None])
        torch.testing.assert_close(activity, heard.activity[0, :, 0].sigmoid())
        read = model.voice.features(x)
        torch.testing.assert_close(read, heard.voice[0, :, 0], atol=1e-2, rtol=1e-2)


def test_it_is_computed_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made, model = corpus(16_000), tiny.model()
    first = voice_frames(model, "tiny", made, made.utterances, tmp_path)
    monkeypatch.setattr("engine.training.voice_frames.heard", None)  # cannot be called
    again = voice_frames(model, "tiny", made, made.utterances, tmp_path)
    np.testing.assert_array_equal(first.frames, again.frames)
    with pytest.raises(TypeError):
        voice_frames(model, "another", made, made.utterances, tmp_path)


def test_what_was_cut_off_is_made_anew(tmp_path: Path) -> None:
    made, model = corpus(16_000), tiny.model()
    whole = np.array(voice_frames(model, "tiny", made, made.utterances, tmp_path).frames)
    (folder,) = tmp_path.iterdir()
    (folder / "spans.json").unlink()
    (folder / "frames.f16").write_bytes(b"")
    again = voice_frames(model, "tiny", made, made.utterances, tmp_path)
    np.testing.assert_array_equal(again.frames, whole)


def test_of_a_training_speaker_no_more_than_enough_is_kept() -> None:
    made = corpus(16_000, 16_000, 16_000)
    assert [u.id for u in training_utterances(made, train_s=1.5)] == ["s0", "s1"]
    assert not training_utterances(corpus(16_000, split="dev"))
