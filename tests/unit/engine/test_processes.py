"""Two processes under torchrun learn what one does with the same scenes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import torch

from engine.training import processes
from engine.training.curve_file import read_curve
from engine.training.trainer import read_run
from tests.unit.engine import shared_run

ROOT = Path(__file__).resolve().parents[3]


def together(folder: Path, count: int) -> None:
    """Run :mod:`shared_run` in so many processes."""
    launcher = [sys.executable, "-m", "torch.distributed.run", "--standalone"]
    program = ["-m", "tests.unit.engine.shared_run", str(folder)]
    done = subprocess.run(
        [*launcher, f"--nproc-per-node={count}", *program],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]


@pytest.mark.timeout(300)
def test_two_processes_have_the_losses_of_one_with_the_same_scenes(tmp_path: Path) -> None:
    """Their scenes differ in tokens, phones and known turns, and no loss may notice it."""
    shared_run.run(tmp_path / "one")
    together(tmp_path / "two", 2)
    one, two = (read_curve(tmp_path / name) for name in ("one", "two"))
    assert [p.step for p in two] == [p.step for p in one] == [2, 4, 6, 8]
    for a, b in zip(one, two, strict=True):
        assert b.parts == pytest.approx(a.parts, rel=1e-4)
        assert b.hours_heard == pytest.approx(a.hours_heard)
    assert one[-1].parts["transducer"] < 0.9 * one[0].parts["transducer"]
    weights = read_run(tmp_path / "two")["model"]
    for name, expected in read_run(tmp_path / "one")["model"].items():
        torch.testing.assert_close(weights[name], expected, rtol=1e-3, atol=1e-4, msg=name)


def test_alone_there_is_nobody_to_wait_for() -> None:
    fabric = processes.launch("cpu", "32-true")
    assert (fabric.world_size, fabric.global_rank, fabric.device) == (1, 0, torch.device("cpu"))
    processes.finish()


def test_training_takes_a_gpu_only_if_it_can_compute_the_loss(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    assert processes.training_device("auto") == "cuda"
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert processes.training_device("auto") == "cpu"
    assert processes.training_device("tpu") == "tpu"
