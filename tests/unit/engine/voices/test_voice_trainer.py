"""Training of a voice head: repeatable, interruptible, and it learns voices."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from engine.config import VoiceConfig
from engine.data.corpus import Utterance
from engine.errors import ConfigError, EngineError
from engine.speakers.embedding import VoiceEncoder
from engine.training.voice_crops import CropMaker
from engine.training.voice_frames import VoiceFrames
from engine.training.voice_loss import Form
from engine.training.voice_regions import fit_regions, regions_of
from engine.training.voice_run import FILE, read_voice_run
from engine.training.voice_trainer import VoiceTrainer, vectors_of
from engine.training.voice_training import VoiceTraining

SPEAKERS, UTTERANCES, FRAMES, SIZE = 8, 4, 40, 6
CONFIG = VoiceTraining(
    steps=12, regions=3, refit=4, speakers=4, crops=2, crop_frames=20, learning_rate=5e-3
)


def utterances() -> list[Utterance]:
    return [
        Utterance(f"{s}-{n}", "c", f"s{s}", "train", None, 0, FRAMES * 640, (), None)
        for s in range(SPEAKERS)
        for n in range(UTTERANCES)
    ]


def frames() -> VoiceFrames:
    """Every speaker has a mean of his own under much noise; the last eight frames are silent."""
    random = np.random.default_rng(0)
    voices = np.repeat(random.standard_normal((SPEAKERS, SIZE)), UTTERANCES * FRAMES, axis=0)
    x = (voices + 2.0 * random.standard_normal(voices.shape)).astype(np.float16)
    activity = np.tile(np.r_[np.full(FRAMES - 8, 0.9), np.full(8, 0.2)], SPEAKERS * UTTERANCES)
    spans = {u.id: (i * FRAMES, (i + 1) * FRAMES) for i, u in enumerate(utterances())}
    return VoiceFrames(x, activity.astype(np.float32), spans)


def maker(seed: int = 7) -> CropMaker:
    return CropMaker(frames(), utterances(), 4, 2, 20, seed)


def trainer(folder: Path, config: VoiceTraining = CONFIG) -> VoiceTrainer:
    torch.manual_seed(0)
    head = VoiceEncoder(4, SIZE - 4, VoiceConfig(size=5, hidden=12))
    return VoiceTrainer(head, maker(), config, folder, {"model": "tiny"})


def silent(line: str) -> None:
    """Nobody wants to know how far it is."""


def test_a_batch_depends_on_the_seed_and_the_step_alone() -> None:
    one, again, other = maker().batch(3), maker().batch(3), maker(8).batch(3)
    assert torch.equal(one.frames, again.frames)
    assert not torch.equal(one.frames, other.frames)
    assert not torch.equal(one.frames, maker().batch(4).frames)
    assert one.frames.shape == (8, 20, SIZE)
    assert torch.unique(one.speakers, return_counts=True)[1].tolist() == [2] * 4
    assert not (one.weights[one.weights > 0] < 0.5).any()  # what is hardly speech does not count


def test_the_crops_of_a_speaker_are_of_different_utterances() -> None:
    made = CropMaker(frames(), utterances(), 3, UTTERANCES, FRAMES, 7)
    batch = made.batch(0)
    for first in range(0, 3 * UTTERANCES, UTTERANCES):
        crops = batch.frames[first : first + UTTERANCES]
        assert len({tuple(crop.flatten().tolist()) for crop in crops}) == UTTERANCES


def test_one_speaker_is_refused() -> None:
    mine = [u for u in utterances() if u.speaker == "s1"]
    with pytest.raises(EngineError, match=r"1 speakers in the column 'speaker' .* at least 2"):
        CropMaker(frames(), mine, 4, 2, 20, 7)


@pytest.mark.parametrize("form", list(Form))
def test_an_interrupted_run_goes_on_to_the_same_weights(tmp_path: Path, form: Form) -> None:
    config = dataclasses.replace(CONFIG, form=form)
    whole = trainer(tmp_path / "whole", config)
    whole.run(silent)
    trainer(tmp_path / "cut", config).run(silent, stop=7)
    later = trainer(tmp_path / "cut", config)
    assert later.resume()
    assert later.step == 7
    later.run(silent)
    for path in ("whole", "cut"):
        run = read_voice_run(tmp_path / path)
        assert run is not None
        assert run.finished
        for name, value in whole.head.state_dict().items():
            torch.testing.assert_close(run.state["head"][name], value, rtol=0, atol=0)
    assert (whole.centres is None) == (form is Form.BASELINE)


def test_the_adversary_waits_and_then_moves(tmp_path: Path) -> None:
    made = trainer(tmp_path)
    alone = CONFIG.learner_only
    assert alone == 3
    for _ in range(alone):
        made.advance()
    assert made.centres is None
    assert not made.adversary.score.weight.any()
    for _ in range(3):
        made.advance()
    assert made.adversary.score.weight.any()
    assert made.centres is not None


@pytest.mark.parametrize("form", list(Form))
def test_voices_are_learned(tmp_path: Path, form: Form) -> None:
    made = trainer(tmp_path, dataclasses.replace(CONFIG, form=form, steps=60))
    probe = maker(99).batch(0)

    def margin() -> float:
        with torch.no_grad():
            vectors = vectors_of(made.head, probe)
        cosines, same = vectors @ vectors.T, probe.speakers[:, None] == probe.speakers[None]
        own = same & ~torch.eye(len(same), dtype=torch.bool)
        return float(cosines[own].mean() - cosines[~same].mean())

    before = margin()
    made.run(silent)
    assert margin() > before + 0.3


def test_another_run_is_not_gone_on_with(tmp_path: Path) -> None:
    trainer(tmp_path).run(silent, stop=1)
    other = trainer(tmp_path, dataclasses.replace(CONFIG, seed=8, form=Form.PSEUDO))
    with pytest.raises(EngineError, match=r"form pairwise there, pseudo here.*another folder"):
        other.resume()


def test_a_damaged_run_is_refused(tmp_path: Path) -> None:
    trainer(tmp_path).run(silent, stop=1)
    (tmp_path / FILE).write_bytes((tmp_path / FILE).read_bytes()[:200])
    with pytest.raises(EngineError, match="damaged"):
        read_voice_run(tmp_path)
    torch.save({"step": 1}, tmp_path / FILE)
    with pytest.raises(EngineError, match="damaged"):
        read_voice_run(tmp_path)
    assert read_voice_run(tmp_path / "nowhere") is None


@pytest.mark.parametrize(
    "change", [{"steps": 0}, {"crops": 1}, {"alone": 1.5}, {"regions": 0}, {"speakers": 1}]
)
def test_settings_that_cannot_work_are_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ConfigError):
        dataclasses.replace(CONFIG, **change).validate()


def test_regions_are_the_planted_ones_and_keep_their_numbers() -> None:
    centres = torch.eye(4)[:3] * 10
    random = torch.Generator().manual_seed(0)
    truth = torch.arange(60) % 3
    vectors = centres[truth] + torch.randn(60, 4, generator=random)
    found = regions_of(vectors, fit_regions(vectors, 3, seed=1))
    assert len({(a, b) for a, b in zip(truth.tolist(), found.tolist(), strict=True)}) == 3
    moved = fit_regions(vectors + 0.5, 3, seed=5, before=centres)
    assert torch.equal(regions_of(vectors, moved), truth)
    with pytest.raises(EngineError, match="--regions"):
        fit_regions(vectors[:2], 3, seed=1)
