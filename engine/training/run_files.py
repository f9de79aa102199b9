"""What a training run keeps in its folder, written so that a kill or a full disk costs nothing.

``last.pt`` is what a run goes on from; ``step-00001200.pt`` are those before it, if asked for.
"""

from __future__ import annotations

import os
import pickle
import shutil
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import torch

from engine.config import ModelConfig, from_dict, to_dict
from engine.errors import EngineError

LAST = "last.pt"
"""What a run goes on from, in its folder."""

VERSION = 2
"""Of the format. 1 had no number, no ``progress``, and its batches were not tied to the step."""

_NEEDED = ("model", "averaged", "objective", "step")


def read_run(folder: Path, device: str = "cpu") -> dict[str, Any]:
    """The last saved state of a run.

    Raises:
        EngineError: when the folder holds none, a damaged one, or one of a newer version.
    """
    path = folder / LAST
    if not path.is_file():
        raise EngineError(f"{folder} holds no {LAST}: give the folder of a training run.")
    return read_checkpoint(path, device)


def read_checkpoint(path: Path, device: str = "cpu") -> dict[str, Any]:
    """One saved state.

    Raises:
        EngineError: when it is damaged, something else, or of a newer version.
    """
    damaged = EngineError(f"{path} is damaged: delete it and train again.")
    if not zipfile.is_zipfile(path):  # cut off, or something else
        raise damaged
    try:
        saved: dict[str, Any] = torch.load(path, map_location=device, weights_only=True)
    except (RuntimeError, pickle.UnpicklingError, EOFError) as error:
        raise damaged from error
    if not isinstance(saved, dict) or not all(key in saved for key in _NEEDED):
        raise EngineError(f"{path} was not written by training: give the folder of a run.")
    if saved.get("version", 1) > VERSION:
        raise EngineError(f"{path} was written by a newer Crosstalk: install that one.")
    return saved


def write_run(saved: dict[str, Any], folder: Path, keep: int = 0) -> None:
    """Write ``last.pt``, and of those written before keep ``keep`` under their steps.

    Raises:
        EngineError: when it cannot be written. The one before is whole then.
    """
    part = folder / f"{LAST}.part"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        torch.save(saved, part)
        part.replace(folder / LAST)
        if keep:
            _keep(folder, saved["step"], keep)
    except (OSError, RuntimeError) as error:  # torch has an error of its own for a full disk
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise EngineError(
            f"Step {saved['step']} cannot be saved in {folder} ({_first_line(error)}): make room "
            f"and give the same command again, it goes on from {_left(folder)}."
        ) from error


def kept(folder: Path) -> list[Path]:
    """The checkpoints that a run kept under their steps, oldest first."""
    return sorted(folder.glob("step-*.pt"))


def _keep(folder: Path, step: int, keep: int) -> None:
    path = folder / f"step-{step:08d}.pt"
    path.unlink(missing_ok=True)
    try:
        os.link(folder / LAST, path)  # takes no room until the next one is written
    except OSError:  # a disk without hard links
        shutil.copyfile(folder / LAST, path)
    for old in kept(folder)[:-keep]:
        old.unlink()


def _left(folder: Path) -> str:
    return "the last good checkpoint" if (folder / LAST).is_file() else "the start"


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]


def check_fits(saved: dict[str, Any], config: ModelConfig, where: Path) -> None:
    """Refuse a checkpoint of another model.

    Raises:
        EngineError: naming what differs.
    """
    if "config" not in saved:  # the first runs did not say; their weights will
        return
    there = to_dict(from_dict(ModelConfig, saved["config"]))
    here = to_dict(config)
    trained = ("frontend", "separator", "transducer", "voice")
    differences = [d for part in trained for d in _differences(part, there[part], here[part])]
    if differences:
        raise EngineError(
            f"The run in {where} is of another model ({', '.join(differences[:3])}): choose "
            "another folder, or the settings that it began with."
        )


def _differences(name: str, there: Any, here: Any) -> list[str]:
    if isinstance(there, dict) and isinstance(here, dict):
        keys = [k for k in here if k in there]
        return [d for k in keys for d in _differences(f"{name}.{k}", there[k], here[k])]
    return [] if there == here else [f"{name} {there} there, {here} here"]
