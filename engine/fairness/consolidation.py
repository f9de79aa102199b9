"""Elastic weight consolidation: what a model needs for what it can already do is kept.

Fine-tuning minimises ``L + strength / 2 * sum_i F_i (theta_i - start_i)^2`` (arXiv 2207.07850,
after 1612.00796). F is the diagonal Fisher information of the first training data; with all F = 1
it is plain L2 to the start.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from engine.errors import ConfigError, EngineError
from engine.weight_file import FileKind

FILE = FileKind(
    "crosstalk-fisher",
    1,
    "Fisher information",
    remedy="make it again with `crosstalk-lab consolidate`",
    absent="make it with `crosstalk-lab consolidate`",
)
_START, _FISHER = "start.", "fisher."


@dataclass(frozen=True)
class Importance:
    """Weights by name, and how much the loss depends on each; ``examples`` were looked at."""

    start: Mapping[str, Tensor]
    fisher: Mapping[str, Tensor]
    examples: int

    def save(self, path: Path) -> None:
        """Write it. Raises: ModelError."""
        weights = {_START + k: v.detach().cpu().clone() for k, v in self.start.items()}
        weights |= {_FISHER + k: v.detach().cpu().clone() for k, v in self.fisher.items()}
        FILE.write(path, weights, {"examples": str(self.examples)})

    @classmethod
    def load(cls, path: Path) -> Importance:
        """Read what :meth:`save` wrote. Raises: ModelError."""
        metadata, weights = FILE.read(path)
        start, fisher = (
            {k.removeprefix(part): v for k, v in weights.items() if k.startswith(part)}
            for part in (_START, _FISHER)
        )
        return cls(start, fisher, int(metadata.get("examples", "0")))


@dataclass(frozen=True)
class ConsolidationConfig:
    """What holds a model to its start while it is fine-tuned.

    Attributes:
        importance: a file of ``crosstalk-lab consolidate``; None holds it by nothing.
        strength: lambda; 1 counts an example of the first data like a token of the new.
        even: all weights are equally important: plain L2 to the start.
        frozen: beginnings of the names of parameters that stay as they are.
    """

    importance: Path | None = None
    strength: float = 1.0
    even: bool = False
    frozen: tuple[str, ...] = ()

    def validate(self) -> None:
        """Raises: ConfigError."""
        if self.strength < 0:
            raise ConfigError("--lambda must not be negative")
        if self.even and self.importance is None:
            raise ConfigError("--l2 needs the start: give --consolidate too")


class Anchor(nn.Module):
    """The penalty for leaving the start, a scalar in the unit of the loss."""

    def __init__(self, importance: Importance, strength: float, even: bool = False) -> None:
        super().__init__()
        self.strength = strength
        self.names = sorted(importance.start)
        weights = importance.fisher
        for i, name in enumerate(self.names):
            start = importance.start[name].float()
            weight = torch.ones_like(start) if even else weights[name].float()
            self.register_buffer(f"start_{i}", start, persistent=False)
            self.register_buffer(f"weight_{i}", weight, persistent=False)

    def check(self, model: nn.Module) -> None:
        """Refuse another model. Raises: EngineError."""
        shapes = {name: p.shape for name, p in model.named_parameters()}
        own = {n: self.get_buffer(f"start_{i}").shape for i, n in enumerate(self.names)}
        if shapes != own:
            odd = sorted(set(shapes.items()) ^ set(own.items()))[0][0]
            raise EngineError(
                f"The Fisher information is of another model ({odd} differs): make it again with "
                "`crosstalk-lab consolidate` from what you start from."
            )

    def forward(self, model: nn.Module) -> Tensor:
        """``strength / 2 * sum_i F_i (theta_i - start_i)^2``."""
        parameters = dict(model.named_parameters())
        costs = [
            (self.get_buffer(f"weight_{i}") * (parameters[n] - self.get_buffer(f"start_{i}")) ** 2)
            for i, n in enumerate(self.names)
            if parameters[n].requires_grad
        ]
        return self.strength / 2 * torch.stack([cost.sum() for cost in costs]).sum()


def anchor(config: ConsolidationConfig, model: nn.Module) -> Anchor | None:
    """What holds ``model``, if anything.

    Raises:
        ConfigError: for settings that cannot work.
        EngineError: when the file is of another model.
    """
    config.validate()
    if config.importance is None:
        return None
    made = Anchor(Importance.load(config.importance), config.strength, config.even)
    made.check(model)
    return made


def freeze(model: nn.Module, beginnings: tuple[str, ...]) -> list[str]:
    """Let parameters whose names begin so stay as they are; returns their names.

    Raises:
        EngineError: when there are none of a beginning, or none are left to learn.
    """
    named = dict(model.named_parameters())
    for beginning in beginnings:
        if not any(name.startswith(beginning) for name in named):
            parts = ", ".join(sorted({name.split(".")[0] for name in named}))
            raise EngineError(f"No parameter begins with {beginning!r}: they begin with {parts}.")
    frozen = [name for name in named if name.startswith(beginnings)] if beginnings else []
    if len(frozen) == len(named):
        raise EngineError("Everything is frozen: leave something out of --freeze.")
    for name in frozen:
        named[name].requires_grad_(False)
    return frozen
