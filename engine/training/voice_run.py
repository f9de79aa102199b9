"""What a run of voice training keeps in its folder, and what it needs to go on."""

from __future__ import annotations

import pickle
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from engine.config import VoiceConfig
from engine.errors import EngineError

FILE = "voices.pt"
"""In the folder of the run."""


@dataclass(frozen=True)
class VoiceRun:
    """A run so far.

    Attributes:
        about: its settings and those of its base; see :func:`check_same`.
        step: steps done.
        averaged: weights of the head, averaged over the last steps: those to be used.
        state: weights and optimizers to go on with, nested dictionaries of tensors.
    """

    about: dict[str, Any]
    step: int
    averaged: dict[str, Tensor]
    state: dict[str, Any]

    @property
    def voice(self) -> VoiceConfig:
        """Sizes of the head."""
        return VoiceConfig(**self.about["voice"])

    @property
    def finished(self) -> bool:
        """Whether all steps are done."""
        return self.step >= int(self.about["steps"])


def save_run(run: VoiceRun, folder: Path) -> None:
    """Write it; the one before is whole until then."""
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f"{FILE}.part"
    torch.save(vars(run), part)
    part.replace(folder / FILE)


def read_voice_run(folder: Path) -> VoiceRun | None:
    """What is saved in the folder; None if nothing is.

    Raises:
        EngineError: when it is damaged, or something else.
    """
    path = folder / FILE
    if not path.is_file():
        return None
    damaged = EngineError(f"{path} is damaged: delete it and train again.")
    if not zipfile.is_zipfile(path):
        raise damaged
    try:
        saved = torch.load(path, map_location="cpu", weights_only=True)
        return VoiceRun(**saved)
    except (RuntimeError, pickle.UnpicklingError, EOFError, TypeError) as error:
        raise damaged from error


def check_same(saved: dict[str, Any], about: dict[str, Any], folder: Path) -> None:
    """Refuse to go on with other settings.

    Raises:
        EngineError: naming what differs.
    """
    names = [name for name in about if saved.get(name) != about[name]]
    if names:
        told = ", ".join(f"{n} {saved.get(n)} there, {about[n]} here" for n in names[:3])
        raise EngineError(
            f"The run in {folder} is another one ({told}): choose another folder, or the settings "
            "that it began with."
        )
