"""The mean of checkpoints, whatever kind of file they are in."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from engine import checkpoint
from engine.checkpoint import Checkpoint
from engine.config import ModelConfig, to_dict
from engine.errors import EngineError
from engine.model import SeparatorTransducerSegmenter
from engine.model_card import ModelCard
from engine.training.averaging import average
from engine.training.run_files import write_run
from tests.unit.engine import tiny


def write(
    folder: Path, seed: int, step: int = 1, keep: int = 0, config: ModelConfig | None = None
) -> SeparatorTransducerSegmenter:
    """A checkpoint of random weights."""
    made = tiny.model(config, seed)
    weights = made.state_dict()
    saved = {"model": weights, "averaged": weights, "objective": {}, "step": step}
    write_run({**saved, "config": to_dict(made.config)}, folder, keep)
    return made


def assert_mean(found: dict[str, torch.Tensor], models: list[SeparatorTransducerSegmenter]) -> None:
    states = [m.state_dict() for m in models]
    for name, value in found.items():
        expected = torch.stack([s[name] for s in states]).mean(0)
        torch.testing.assert_close(value, expected, rtol=1e-6, atol=1e-7)


def test_runs_and_model_files_are_averaged(tmp_path: Path) -> None:
    models = [write(tmp_path / str(i), i) for i in range(2)]
    models.append(tiny.model(seed=2))
    file = tmp_path / "third.safetensors"
    checkpoint.save(Checkpoint(models[2], tiny.word_tokens(), ModelCard("third")), file)
    mean = average([tmp_path / "0", tmp_path / "1" / "last.pt", file])
    assert mean.count == 3
    assert mean.config == models[0].config
    assert mean.base is not None
    assert mean.base.card.name == "third"
    assert_mean(mean.weights, models)


def test_a_run_stands_for_the_checkpoints_that_it_kept(tmp_path: Path) -> None:
    models = [write(tmp_path, step, step, keep=2) for step in range(3)]
    mean = average([tmp_path])
    assert mean.count == 2
    assert_mean(mean.weights, models[1:])


def test_different_models_are_not_averaged(tmp_path: Path) -> None:
    write(tmp_path / "a", 0)
    write(tmp_path / "b", 0, config=tiny.model_config(channels=1))
    with pytest.raises(EngineError, match="of another model than"):
        average([tmp_path / "a", tmp_path / "b"])


def test_what_is_no_number_is_not_averaged(tmp_path: Path) -> None:
    made = tiny.model()
    made.transducer.output.bias.fill_(torch.nan)
    weights = made.state_dict()
    saved = {"model": weights, "averaged": weights, "objective": {}, "step": 1}
    write_run({**saved, "config": to_dict(made.config)}, tmp_path)
    with pytest.raises(EngineError, match="no number"):
        average([tmp_path])


@pytest.mark.parametrize("name", ["", "step-00000001.pt", "model.safetensors"])
def test_there_must_be_something_to_average(tmp_path: Path, name: str) -> None:
    with pytest.raises(EngineError):
        average([tmp_path / name])
