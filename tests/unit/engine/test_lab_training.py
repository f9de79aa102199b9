"""The laboratory's commands around training do what they say, or say what to do."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch

from engine import checkpoint
from engine.config import to_dict
from engine.data.pack import pack
from engine.data.small_world import WORDS
from engine.training import recipes, run_files
from engine.training.curve_file import Point, append
from engine.training.recipes import Recipe
from tests.unit.engine import test_lab, tiny

Lab = test_lab.Lab
run = test_lab.run  # the fixture


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A run of the default model that kept two checkpoints."""
    torch.manual_seed(0)
    for step in (1, 2):
        averaged = test_lab.trained(tmp_path / "run", 2)
        saved = run_files.read_run(tmp_path / "run") | {"step": step}
        run_files.write_run(saved, tmp_path / "run", keep=2)
    assert averaged.channels == 2
    return tmp_path / "run"


def test_the_options_of_training_reach_the_recipe(
    run: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Recipe] = []

    def record(recipe: Recipe, *_: Any) -> Any:
        seen.append(recipe)
        return SimpleNamespace(fabric=SimpleNamespace(is_global_zero=True), step=12)

    monkeypatch.setattr(recipes, "run", record)
    options = "--device cpu --minutes 30 --batch 16 --workers 3 --precision 32-true --keep 5"
    more = "--shard-mb 14 --save-minutes 10 --steps 20 --world free --also a --also b"
    code, said = run("train", tmp_path, *options.split(), *more.split())
    assert (code, "saved at step 12" in said) == (0, True)
    (recipe,) = seen
    assert (recipe.batch, recipe.workers) == (16, 3)
    assert (recipe.world, recipe.also) == ("free", (Path("a"), Path("b")))
    assert recipe.unit_kind == "phones"
    assert recipe.model.separator.mixture.chunk == recipes.CHUNKS[recipe.world]
    config = recipe.trainer
    assert (config.device, config.minutes, config.precision) == ("cpu", 30.0, "32-true")
    assert (config.keep, config.shard_mb, config.save_every_s) == (5, 14.0, 600.0)


def test_a_checkpoint_travels(run: Lab, folder: Path, tmp_path: Path) -> None:
    code, said = run("shards", "split", folder, "--part-mb", 5)
    parts = sorted((folder / "shards").iterdir())
    assert (code, f"{len(parts)} parts" in said) == (0, True)
    assert ("8 files of 16 MiB" in said) == (len(parts) > 8)
    code, said = run("shards", "join", folder / "shards", "--output", tmp_path / "there")
    assert (code, "step 2" in said) == (0, True)
    parts[0].unlink()
    code, said = run("shards", "join", folder / "shards", "--output", tmp_path / "there")
    assert (code, "these are missing: 1." in said) == (2, True)


def test_curves_are_drawn(run: Lab, tmp_path: Path) -> None:
    append(tmp_path / "a", Point(1, {"transducer": 2.0}, 1.0, 1e-3, 0.1))
    output = tmp_path / "c.png"
    assert run("curves", tmp_path / "a", "--output", output)[0] == 0
    assert output.is_file()
    code, said = run("curves", tmp_path / "b")
    assert (code, "holds no curve.jsonl" in said) == (2, True)


def test_checkpoints_become_one_model(run: Lab, folder: Path, tmp_path: Path) -> None:
    output = tmp_path / "mean.safetensors"
    code, said = run("average", folder, "--output", output, "--name", "mean")
    assert (code, "mean of 2" in said) == (0, True)
    made = checkpoint.load(output)
    assert made.card.name == "mean"
    assert made.card.vocabulary.split() == list(WORDS)
    code, said = run("average", folder, output, "--output", tmp_path / "again.safetensors")
    assert (code, "mean of 3" in said) == (0, True)
    other = tiny.model()
    weights = other.state_dict()
    saved = {"model": weights, "averaged": weights, "objective": {}, "step": 1}
    run_files.write_run({**saved, "config": to_dict(other.config)}, tmp_path / "tiny")
    code, said = run("average", folder, tmp_path / "tiny", "--output", output)
    assert (code, "another model" in said) == (2, True)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The corpus of one word, with a noise."""
    folder: Path = test_lab.data.__wrapped__(tmp_path)  # type: ignore[attr-defined]
    (folder / "noise" / "1-rain.opus").write_bytes(bytes(100))
    return folder


def test_data_travels(run: Lab, data: Path, tmp_path: Path) -> None:
    code, said = run("pack", tmp_path / "pack", "--data", data, "--cache", tmp_path / "none")
    assert (code, "1 parts" in said) == (0, True)
    code, said = run("unpack", tmp_path / "pack", "--into", tmp_path / "there")
    assert (code, "1 of 1 parts, 1 utterances" in said) == (0, True)
    entry = json.loads((tmp_path / "there" / "manifest.jsonl").read_text())
    assert (tmp_path / "there" / entry["path"]).read_bytes() == (data / "a.wav").read_bytes()


def test_damaged_data_is_named(run: Lab, data: Path, tmp_path: Path) -> None:
    parts = pack(data, tmp_path / "none", tmp_path / "pack", 0.08, 1.0, [])
    bad = tmp_path / "pack" / "part-009.tar"
    bad.write_bytes(parts[0].read_bytes()[:1000])
    code, said = run("unpack", tmp_path / "pack", "--into", tmp_path / "there")
    assert (code, "fetch them again: " in said, bad.name in said) == (2, True, True)
    assert (tmp_path / "there" / "manifest.jsonl").is_file()
