"""A checkpoint travels in small parts and arrives as it left."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from engine.errors import EngineError
from engine.training import shards
from engine.training.run_files import read_run, write_run


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A run of some 130 kB."""
    weights = {"w": torch.randn(100, 100)}
    moments = {"step": torch.tensor(7.0), "exp_avg": torch.randn(100, 100)}
    saved = {
        "config": {},
        "model": {"w": weights["w"] + 1},
        "averaged": weights,
        "objective": {"voice_classes": torch.randn(3, 8)},
        "optimizer": {"state": {0: moments}, "param_groups": [{"lr": 1e-3, "params": [0]}]},
        "step": 7,
        "random": torch.get_rng_state(),
    }
    write_run(saved, tmp_path / "run")
    return tmp_path / "run"


def test_a_checkpoint_is_the_same_after_its_parts_are_joined(run: Path, tmp_path: Path) -> None:
    before = (run / "last.pt").read_bytes()
    parts = shards.split(run, 0.04)
    assert len(parts) == -(-len(before) // (40_000 - 512)) == 4
    assert all(p.stat().st_size <= 40_000 for p in parts)
    assert shards.advice(parts) == ""
    assert shards.join(run / "shards", tmp_path / "there") == 7
    assert (tmp_path / "there" / "last.pt").read_bytes() == before


def test_older_parts_go(run: Path) -> None:
    first = shards.split(run, 0.04)
    write_run(read_run(run) | {"step": 8}, run)
    second = shards.split(run, 0.05)
    assert sorted((run / "shards").iterdir()) == second
    assert not set(first) & set(second)
    (run / "last.pt").unlink()
    assert shards.join(run, run) == 8


def test_what_is_missing_is_said(run: Path) -> None:
    parts = shards.split(run, 0.04)
    parts[1].unlink()
    parts[3].unlink()
    with pytest.raises(EngineError, match="Of 4 parts these are missing: 2, 4"):
        shards.join(run, run)


@pytest.mark.parametrize("place", [2, -1])
def test_a_damaged_part_is_refused(run: Path, place: int) -> None:
    part = shards.split(run, 0.04)[2]
    content = bytearray(part.read_bytes())
    content[place] ^= 1
    part.write_bytes(content)
    before = (run / "last.pt").read_bytes()
    with pytest.raises(EngineError, match="damaged"):
        shards.join(run, run)
    assert (run / "last.pt").read_bytes() == before


def test_parts_of_different_checkpoints_are_refused(run: Path) -> None:
    kept = shards.split(run, 0.04)[0]
    content = kept.read_bytes()
    write_run(read_run(run) | {"step": 7, "random": torch.zeros(3)}, run)
    shards.split(run, 0.04)
    kept.write_bytes(content)
    with pytest.raises(EngineError, match="different checkpoints"):
        shards.join(run, run)


def test_no_parts_and_no_room(run: Path, tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="holds no parts"):
        shards.join(tmp_path / "nothing", tmp_path)
    with pytest.raises(EngineError, match="must have some room"):
        shards.split(run, 0.0001)


def test_weights_alone_take_a_third(run: Path, tmp_path: Path) -> None:
    parts = shards.split(run, 14, weights_only=True)
    assert sum(p.stat().st_size for p in parts) < 0.45 * (run / "last.pt").stat().st_size
    shards.join(run, tmp_path)
    saved, before = read_run(tmp_path), read_run(run)
    assert saved["optimizer"] is None
    assert torch.equal(saved["averaged"]["w"], before["averaged"]["w"])
    assert torch.equal(saved["model"]["w"], before["averaged"]["w"])


def test_the_optimizers_state_in_half_the_room(run: Path, tmp_path: Path) -> None:
    shards.split(run, 14, bfloat16=True)
    shards.join(run, tmp_path)
    state, before = (read_run(r)["optimizer"]["state"][0] for r in (tmp_path, run))
    assert state["exp_avg"].dtype == torch.bfloat16
    assert state["step"].dtype == torch.float32
    torch.testing.assert_close(state["exp_avg"].float(), before["exp_avg"], rtol=5e-3, atol=0)


def test_too_much_for_a_narrow_channel_is_said(run: Path) -> None:
    parts = shards.split(run, 0.01)
    assert len(parts) > 8
    assert "--bf16-optimizer or --weights-only makes it smaller" in shards.advice(parts)
    assert shards.advice(parts, bfloat16=True).endswith(" --weights-only makes it smaller.")
    assert "several goes" in shards.advice(parts, weights_only=True)
