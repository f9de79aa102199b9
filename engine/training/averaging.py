"""The mean of several checkpoints' weights, which is often better than each of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from engine import checkpoint
from engine.checkpoint import Checkpoint
from engine.config import ModelConfig, from_dict
from engine.errors import EngineError
from engine.training.run_files import LAST, kept, read_checkpoint, read_run


@dataclass(frozen=True)
class Averaged:
    """Mean weights, of how many checkpoints, and the first model file among them if there was.

    ``about``: what the runs were about, as their checkpoints say.
    """

    config: ModelConfig
    weights: dict[str, Tensor]
    count: int
    base: Checkpoint | None
    about: dict[str, str]


def average(sources: Sequence[Path]) -> Averaged:
    """The mean of checkpoints, added up in float64.

    Args:
        sources: run folders (all checkpoints that the run kept, else its last one), single
            checkpoints (``step-00001200.pt``) and model files. Of a run's checkpoints the running
            averages are taken.

    Raises:
        EngineError: when one cannot be read or is of another model than the first.
    """
    files = [file for source in sources for file in _files(source)]
    config, sums, base, about = _read(files[0])
    total = {name: x.double() for name, x in sums.items()}
    for file in files[1:]:
        _, weights, model, _ = _read(file)
        base = base or model
        if {k: v.shape for k, v in weights.items()} != {k: v.shape for k, v in total.items()}:
            raise EngineError(f"{file} is of another model than {files[0]}: average equal models.")
        total = {name: x + weights[name].double() for name, x in total.items()}
    mean = {name: (x / len(files)).to(sums[name].dtype) for name, x in total.items()}
    return Averaged(config, mean, len(files), base, about)


def _files(source: Path) -> list[Path]:
    if not source.is_dir():
        return [source]
    if not kept(source):
        read_run(source)  # says what is wrong with the folder
    return kept(source) or [source / LAST]


def _read(
    file: Path,
) -> tuple[ModelConfig, dict[str, Tensor], Checkpoint | None, dict[str, str]]:
    if file.suffix != ".pt":
        made = checkpoint.load(file)
        return made.model.config, made.model.state_dict(), made, {}
    if not file.is_file():
        raise EngineError(f"There is no checkpoint at {file}.")
    saved = read_checkpoint(file)
    weights: dict[str, Tensor] = saved["averaged"]
    if not all(torch.isfinite(x).all() for x in weights.values()):
        raise EngineError(f"{file} holds what is no number: leave it out.")
    return from_dict(ModelConfig, saved["config"]), weights, None, saved.get("about", {})
