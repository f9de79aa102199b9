"""The processes that train together: one, several of a machine, or several of several machines.

``torchrun`` starts them and says in the environment who each of them is; without it there is one.
They talk through gloo on CPUs and through nccl on GPUs.
"""

from __future__ import annotations

import logging
import os
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

import torch
from torch import distributed

if TYPE_CHECKING:
    from lightning_fabric import Fabric

Precision = Literal["bf16-mixed", "32-true"]
"""In ``bf16-mixed`` weights and losses stay float32."""

PATIENCE = timedelta(hours=1)
"""How long processes wait for each other: one may be decoding a corpus."""


def launch(device: str = "cpu", precision: Precision = "bf16-mixed") -> Fabric:
    """Join the other processes, if there are any.

    Args:
        device: ``cpu`` or ``cuda``; with several processes each takes the GPU of its own number.
        precision: of the stages before the losses.
    """
    # imported here, because it takes longer than torch, and most of the laboratory never needs it
    from lightning_fabric import Fabric
    from lightning_fabric.plugins.environments.lightning import LightningEnvironment
    from lightning_fabric.plugins.environments.torchelastic import TorchElasticEnvironment
    from lightning_fabric.strategies.ddp import DDPStrategy

    logging.getLogger("lightning_fabric").setLevel(logging.WARNING)
    together = distributed.is_available() and distributed.is_torchelastic_launched()
    world, local = (int(os.environ[k]) if together else 1 for k in ("WORLD_SIZE", _LOCAL))
    # which parts of the objective have something to learn from differs from batch to batch
    several = DDPStrategy(timeout=PATIENCE, find_unused_parameters=True, broadcast_buffers=False)
    fabric = Fabric(
        accelerator=device,
        devices=local,
        num_nodes=world // local,
        strategy=several if world > 1 else "auto",
        precision=precision,
        plugins=[TorchElasticEnvironment() if together else LightningEnvironment()],
    )
    fabric.launch()
    return fabric


_LOCAL = "LOCAL_WORLD_SIZE"


def finish() -> None:
    """Leave the others; without them nothing happens."""
    if distributed.is_available() and distributed.is_initialized():
        distributed.destroy_process_group()


def training_device(name: str) -> str:
    """``auto`` is a GPU with CUDA or else the CPU: no other kind can compute the loss."""
    if name == "auto":
        return "cuda" if torch.cuda.is_available() else "cpu"
    return name
