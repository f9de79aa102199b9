"""Trains on two fixed scenes, shared out among the processes that torchrun started.

Called by ``test_processes.py`` as a program: ``python -m tests.unit.engine.shared_run FOLDER``.
"""

from __future__ import annotations

import itertools
import sys
from pathlib import Path

import torch

from engine.model import SeparatorTransducerSegmenter
from engine.training import processes
from engine.training.batches import make_batch
from engine.training.objective import Objective, ObjectiveConfig
from engine.training.trainer import Trainer, TrainerConfig
from tests.unit.engine import tiny
from tests.unit.engine.test_trainer import SCENES, TARGETING

STEPS = 8
CONFIG = TrainerConfig(
    steps=STEPS, learning_rate=3e-3, warmup=3, report_every=2, precision="32-true", save_every_s=0.0
)


def run(folder: Path, steps: int = STEPS) -> None:
    """Train, going on from what is in the folder; every process takes its share of the scenes."""
    torch.manual_seed(1)
    model = SeparatorTransducerSegmenter(tiny.model_config(), tiny.word_tokens().size)
    objective = Objective(model, ObjectiveConfig(), ["bob"])  # whom one process hears twice
    fabric = processes.launch("cpu", CONFIG.precision)
    trainer = Trainer(model, objective, CONFIG, folder, fabric=fabric)
    trainer.resume()
    share = SCENES[fabric.global_rank :: fabric.world_size]
    batch = make_batch(share, TARGETING, 880)
    trainer.run(itertools.repeat(batch, steps))
    processes.finish()


if __name__ == "__main__":
    torch.set_num_threads(1)
    run(Path(sys.argv[1]))
