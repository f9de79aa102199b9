"""What the named training runs are made of."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch

from engine import checkpoint
from engine.config import ModelConfig
from engine.data.small_world import WORDS
from engine.errors import ConfigError, EngineError
from engine.evaluation import calibration
from engine.model import SeparatorTransducerSegmenter
from engine.model_card import ModelCard
from engine.training import recipes, worlds
from engine.training.objective import Objective, ObjectiveConfig
from engine.training.trainer import Trainer, TrainerConfig
from engine.training.worlds import World
from tests.unit.engine import tiny


def trainer(folder: Path, config: ModelConfig, people: int = 2, seed: int = 0) -> Trainer:
    torch.manual_seed(seed)
    model = SeparatorTransducerSegmenter(config, tiny.word_tokens().size)
    speakers = [str(i) for i in range(people)]
    objective = Objective(model, ObjectiveConfig(), speakers)
    return Trainer(model, objective, TrainerConfig(), folder)


def test_a_run_starts_from_what_fits_of_another(tmp_path: Path) -> None:
    before = trainer(tmp_path / "before", tiny.model_config(), people=3)
    before.save()
    after = trainer(tmp_path / "after", tiny.model_config(channels=1), people=2, seed=1)
    missing = recipes.start_from(after, tmp_path / "before")
    assert missing == ["voice_classes"]  # of other people
    theirs = before.averaged.state_dict()
    for weights in (after.model.state_dict(), after.averaged.state_dict()):
        assert all(torch.equal(v, theirs[k]) for k, v in weights.items())
    assert torch.equal(after.objective.phone_head.weight, before.objective.phone_head.weight)


def test_channels_that_were_not_there_start_as_the_first(tmp_path: Path) -> None:
    before = trainer(tmp_path / "before", tiny.model_config(channels=1))
    before.save()
    after = trainer(tmp_path / "after", tiny.model_config(channels=2), seed=1)
    assert recipes.start_from(after, tmp_path / "before") == []
    theirs, ours = before.averaged.state_dict(), after.model.state_dict()
    added = sorted(set(ours) - set(theirs))
    assert added
    assert all(torch.equal(ours[k], theirs[k.replace(".1.", ".0.", 1)]) for k in added)


def test_what_does_not_fit_keeps_its_own_beginning(tmp_path: Path) -> None:
    trainer(tmp_path / "before", tiny.model_config()).save()
    config = tiny.model_config(mixture=tiny.encoder_config(layers=3))
    after = trainer(tmp_path / "after", config, seed=1)
    own = {k: v.clone() for k, v in after.model.state_dict().items()}
    missing = recipes.start_from(after, tmp_path / "before")
    assert missing
    assert all(k.startswith("separator.mixture.layers.2") for k in missing)
    assert all(torch.equal(after.model.state_dict()[k], own[k]) for k in missing)


def test_a_run_starts_from_a_model_file_without_the_heads_of_training(tmp_path: Path) -> None:
    before = trainer(tmp_path / "before", tiny.model_config())
    file = tmp_path / "model.safetensors"
    card = ModelCard("tiny")
    checkpoint.save(checkpoint.Checkpoint(before.model, tiny.word_tokens(), card), file)
    after = trainer(tmp_path / "after", tiny.model_config(), seed=1)
    missing = recipes.start_from(after, file)
    assert set(missing) == set(after.objective.state_dict())
    theirs = before.model.state_dict()
    assert all(torch.equal(v, theirs[k]) for k, v in after.averaged.state_dict().items())


def test_there_must_be_something_to_start_from(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="folder of a training run"):
        recipes.start_from(trainer(tmp_path, tiny.model_config()), tmp_path / "nothing")


@pytest.mark.parametrize(
    ("world", "stage"), [(w, s) for w, stages in worlds.STAGES.items() for s in stages]
)
def test_one_stream_for_everybody_has_no_turns_to_mark(world: World, stage: str) -> None:
    one, two = (recipes.Recipe(stage, channels, world) for channels in (1, 2))
    one.objective().validate()
    two.objective().validate()
    assert one.serial == two.content.overlaps
    assert one.objective().marks == (0.0 if one.serial else two.objective().marks)
    assert two.objective().marks > 0.0
    assert not two.objective().permutation_invariant
    both = recipes.Recipe(stage, permutation_invariant=True)
    assert both.objective().permutation_invariant


def test_the_baseline_is_the_same_model_with_one_channel() -> None:
    config = recipes.with_channels(ModelConfig(), 1)
    assert config.separator.channels == 1
    assert recipes.with_channels(config, 2) == ModelConfig()


def test_the_words_of_the_small_world_can_be_told_apart() -> None:
    assert len(set(WORDS)) == len(WORDS) == 40
    assert all(len(word) >= 4 and word.isalpha() and word.islower() for word in WORDS)
    assert worlds.card(World.SMALL).vocabulary.split() == list(WORDS)


def write_noise(folder: Path, name: str, seconds: float, level: float) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    samples = np.full(round(16_000 * seconds), level, np.float32) * np.sign(
        np.sin(np.arange(round(16_000 * seconds)) / 3)
    )
    soundfile.write(folder / name, samples, 16_000, format="OGG", subtype="OPUS")


def test_noises_are_those_of_the_folds_that_are_asked_for(tmp_path: Path) -> None:
    folder = tmp_path / "noise" / "esc10"
    for name, level in (("1-rain.opus", 0.1), ("4-sea.opus", 0.2), ("5-dog.opus", 0.4)):
        write_noise(folder, name, 1.5, level)
    write_noise(folder, "1-click.opus", 0.5, 0.3)  # too short to fill a scene

    def levels(folds: str) -> list[float]:
        return [float(np.abs(n).mean()) for n in recipes.noises(tmp_path, frozenset(folds))]

    assert levels("1234") == pytest.approx([0.1, 0.2], rel=0.3)
    assert levels("5") == pytest.approx([0.4], rel=0.3)
    assert "5" not in recipes.NOISE_FOLDS


def test_the_beginning_of_a_damaged_noise_is_used(tmp_path: Path) -> None:
    folder = tmp_path / "noise"
    write_noise(folder, "1-rain.opus", 8.0, 0.2)
    whole = (folder / "1-rain.opus").read_bytes()
    (folder / "1-rain.opus").write_bytes(whole[: len(whole) * 2 // 3])
    (recording,) = recipes.noises(tmp_path, frozenset("1"))
    assert 16_000 <= len(recording) < 8 * 16_000
    assert float(np.abs(recording).mean()) == pytest.approx(0.2, rel=0.3)


def test_a_folder_without_noises_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="holds no recordings"):
        recipes.noises(tmp_path, frozenset("1"))


def test_calibration_takes_the_best_of_each_setting_one_after_the_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    recognizer = tiny.recognizer()

    def rate(_: object, __: object, errors: object) -> float:
        config = recognizer.model.config
        bias, turn, people = config.search.blank_bias, config.search.turn_bias, config.attribution
        if errors is calibration._orc:
            return abs(bias + 0.9)
        if errors is calibration._turns:
            return abs(people.resume - 0.71) + abs(turn - 1.5) + abs(bias + 1.0)
        settled = abs(people.resume - 0.7) if "resume" in " ".join(reports) else 0.0
        return abs(people.same_speaker - 0.31) + settled + abs(turn - 1.6) + abs(bias + 1.0)

    reports: list[str] = []
    monkeypatch.setattr(calibration, "_rate", rate)
    config = calibration.calibrate(recognizer, [], reports.append)
    assert config.search.blank_bias == -1.0
    assert config.search.turn_bias == 1.5
    assert config.attribution.resume == 0.7
    assert config.attribution.same_speaker == 0.3
    assert recognizer.model.config == config
    config.validate()
    names = [name for name, _ in itertools.groupby(reports, lambda line: line.rsplit(" ", 3)[0])]
    assert names == ["blank bias", "turn bias", "resume", "same speaker"]
