"""Model and objective as one module: that is what processes add up gradients for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from engine.data.targets import Batch
from engine.fairness.consolidation import Anchor
from engine.model import SeparatorTransducerSegmenter
from engine.training.objective import Objective

if TYPE_CHECKING:
    from lightning_fabric import Fabric


class Sealed:
    """Frames and their batch, which Fabric must not cast to bfloat16: targets are in them."""

    def __init__(self, frames: Tensor, batch: Batch) -> None:
        self.frames = frames
        self.batch = batch


class Learner(nn.Module):
    """The loss of a batch, shared by all processes of ``fabric``.

    ``anchor`` adds a part for how far the model has gone from where it started.
    """

    def __init__(
        self,
        model: SeparatorTransducerSegmenter,
        objective: Objective,
        fabric: Fabric,
        anchor: Anchor | None = None,
    ) -> None:
        super().__init__()
        self.model = model
        self.objective = objective
        self.anchor = anchor
        self._fabric = fabric

    @property
    def names(self) -> tuple[str, ...]:
        """The parts of the loss."""
        return self.objective.names + (("anchor",) if self.anchor else ())

    def forward(self, given: Sealed) -> tuple[Tensor, Tensor]:
        """What to minimise, and the values of the parts."""
        heard = self.model.encode(given.frames)
        processes = self._fabric.world_size
        losses = self.objective(self.model, heard, given.batch, self._add_up, processes)
        if self.anchor is None:
            return losses.total, losses.values
        cost = self.anchor(self.model)  # the same in every process, and so is its gradient
        values = torch.cat([losses.values, cost.detach()[None] / processes])
        return losses.total + cost, values

    def _add_up(self, counts: Tensor) -> Tensor:
        return sum_over(self._fabric, counts)


def sum_over(fabric: Fabric, x: Tensor) -> Tensor:
    """The sum over all processes."""
    if fabric.world_size == 1:
        return x
    total = fabric.all_reduce(x.clone(), reduce_op="sum")
    assert isinstance(total, Tensor)
    return total
