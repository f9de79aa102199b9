"""What amortized encoders compute of what they could: in training, and of a meeting.

Counted are the multiply-adds of the matrices of the amortized encoders, their arbiters included,
against those with everything on and no arbiter.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from engine.encoders.amortized import AmortizedEncoder, AmortizedState


@dataclass(frozen=True)
class Spending:
    """Multiply-adds: what was computed, and what everything would have been."""

    spent: int = 0
    dense: int = 0

    @property
    def share(self) -> float | None:
        """Between 0 and a little over 1; None where nothing was heard, or nothing is amortized."""
        return self.spent / self.dense if self.dense else None

    def since(self, before: Spending) -> Spending:
        """What came after ``before``."""
        return Spending(self.spent - before.spent, self.dense - before.dense)

    def __add__(self, other: Spending) -> Spending:
        return Spending(self.spent + other.spent, self.dense + other.dense)


def amortized(module: nn.Module) -> list[AmortizedEncoder]:
    """The encoders in ``module`` that switch parts off."""
    return [m for m in module.modules() if isinstance(m, AmortizedEncoder)]


def charge(module: nn.Module) -> tuple[Tensor, Tensor]:
    """What the last pass in training cost, with gradients to the gates, and all of it would have.

    Both are scalars, summed over the encoders.
    """
    charged = [pair for encoder in amortized(module) for pair in encoder.charged]
    spent = torch.stack([each for each, _ in charged]).sum()
    return spent, spent.new_tensor(sum(each for _, each in charged))


def set_bias(module: nn.Module, bias: float) -> None:
    """Add ``bias`` to the odds of every part in streams that begin from now on."""
    for encoder in amortized(module):
        encoder.bias = bias


def biased(state: Any, bias: float) -> Any:
    """The streaming state of a model with ``bias`` on the odds of every part from now on."""
    if isinstance(state, AmortizedState):
        return dataclasses.replace(state, bias=bias)
    if isinstance(state, tuple):
        return tuple(biased(each, bias) for each in state)
    if not dataclasses.is_dataclass(state) or isinstance(state, type):
        return state
    parts = {f.name: biased(getattr(state, f.name), bias) for f in dataclasses.fields(state)}
    return dataclasses.replace(state, **parts)


def spending(state: object) -> Spending:
    """What was computed on the way to the streaming state of a model."""
    return sum((_of(found) for found in _states(state)), start=Spending())


def _of(state: AmortizedState) -> Spending:
    return Spending(state.spent, state.dense)


def _states(state: Any) -> Iterator[AmortizedState]:
    if isinstance(state, AmortizedState):
        yield state
    elif dataclasses.is_dataclass(state):
        for field in dataclasses.fields(state):
            yield from _states(getattr(state, field.name))
    elif isinstance(state, tuple):
        for each in state:
            yield from _states(each)
