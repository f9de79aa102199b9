"""A minimal trainer: one process, resumable to the step, averaged weights for use.

Losses are in float32; the stages before them may run in bfloat16.
"""

from __future__ import annotations

import copy
import math
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from engine.data.targets import Batch
from engine.errors import ConfigError, EngineError
from engine.model import SeparatorTransducerSegmenter
from engine.training.objective import Losses, Objective

LAST = "last.pt"
"""What a run goes on from, in its folder."""


def read_run(folder: Path, device: str = "cpu") -> dict[str, Any]:
    """The last saved state of a run.

    Raises:
        EngineError: when the folder holds none, or a damaged one.
    """
    path = folder / LAST
    if not path.is_file():
        raise EngineError(f"{folder} holds no {LAST}: give the folder of a training run.")
    if not zipfile.is_zipfile(path):  # cut off, or something else
        raise EngineError(f"{path} is damaged: delete it and train again.")
    saved: dict[str, Any] = torch.load(path, map_location=device, weights_only=True)
    return saved


@dataclass(frozen=True)
class TrainerConfig:
    """How a run goes.

    Attributes:
        average: decay of the running average of the weights, which is what gets used.
        masks: SpecAugment (arXiv 1904.08779): frequency and time masks of each scene.
    """

    steps: int = 1000
    learning_rate: float = 1e-3
    warmup: int = 100
    weight_decay: float = 0.01
    clip: float = 5.0
    average: float = 0.998
    bfloat16: bool = True
    frequency_masks: int = 2
    frequency_width: int = 12
    time_masks: int = 3
    time_width: int = 6
    save_every_s: float = 120.0
    report_every: int = 20
    device: str = "cpu"

    def validate(self) -> None:
        """Raises: ConfigError."""
        if self.steps < 1 or self.learning_rate <= 0 or not 0 <= self.average < 1:
            raise ConfigError("steps and learning_rate must be positive, average in [0, 1)")


class Trainer:
    """Trains a model in place and keeps ``folder/last.pt`` to go on from."""

    def __init__(
        self,
        model: SeparatorTransducerSegmenter,
        objective: Objective,
        config: TrainerConfig,
        folder: Path,
        report: Callable[[str], None] = print,
    ) -> None:
        config.validate()
        self.model = model.to(config.device)
        self.objective = objective.to(config.device)
        self.config = config
        self.folder = folder
        self.report = report
        self.step = 0
        self.averaged = copy.deepcopy(model).requires_grad_(False)
        self._optimizer = torch.optim.AdamW(
            [*model.parameters(), *objective.parameters()],
            lr=config.learning_rate,
            weight_decay=config.weight_decay,
            betas=(0.9, 0.98),
        )
        self._sums: dict[str, float] = {}

    def resume(self) -> bool:
        """Go on from ``last.pt`` if it is there; whether it was."""
        if not (self.folder / LAST).is_file():
            return False
        saved = read_run(self.folder, self.config.device)
        self.model.load_state_dict(saved["model"])
        self.averaged.load_state_dict(saved["averaged"])
        self.objective.load_state_dict(saved["objective"])
        self._optimizer.load_state_dict(saved["optimizer"])
        self.step = saved["step"]
        torch.set_rng_state(saved["random"].cpu())
        return True

    def save(self) -> None:
        """Write ``last.pt``; a kill leaves the one before whole."""
        self.folder.mkdir(parents=True, exist_ok=True)
        part = self.folder / f"{LAST}.part"
        torch.save(
            {
                "model": self.model.state_dict(),
                "averaged": self.averaged.state_dict(),
                "objective": self.objective.state_dict(),
                "optimizer": self._optimizer.state_dict(),
                "step": self.step,
                "random": torch.get_rng_state(),
            },
            part,
        )
        part.replace(self.folder / LAST)

    def run(self, batches: Iterator[Batch]) -> None:
        """Train until ``config.steps``."""
        saved = reported = time.monotonic()
        self.model.train()
        while self.step < self.config.steps:
            losses = self._update(next(batches).to(self.config.device))
            self.step += 1
            for name, value in losses.parts.items():
                self._sums[name] = self._sums.get(name, 0.0) + value
            if self.step % self.config.report_every == 0:
                now = time.monotonic()
                self._say((now - reported) / self.config.report_every)
                reported = now
            if time.monotonic() - saved > self.config.save_every_s:
                self.save()
                saved = time.monotonic()
        self.save()

    def _say(self, seconds: float) -> None:
        every = self.config.report_every
        parts = " ".join(f"{name} {total / every:.3f}" for name, total in self._sums.items())
        left = (self.config.steps - self.step) * seconds / 60
        at = f"step {self.step}/{self.config.steps}"
        self.report(f"{at} {parts} {seconds:.2f} s/step, {left:.0f} min left")
        self._sums.clear()

    def _update(self, batch: Batch) -> Losses:
        for group in self._optimizer.param_groups:
            group["lr"] = self.config.learning_rate * self._schedule()
        with torch.no_grad():
            frames, _ = self.model.frontend.step(
                batch.audio, self.model.frontend.initial_state(len(batch.audio))
            )
            frames = self._masked(frames)
        kind = torch.device(self.config.device).type
        with torch.autocast(kind, torch.bfloat16, enabled=self.config.bfloat16):
            heard = self.model.encode(frames)
            losses: Losses = self.objective(self.model, heard, batch)
        self._optimizer.zero_grad(set_to_none=True)
        losses.total.backward()  # type: ignore[no-untyped-call]
        parameters = [p for g in self._optimizer.param_groups for p in g["params"]]
        torch.nn.utils.clip_grad_norm_(parameters, self.config.clip)
        self._optimizer.step()
        self._average()
        return losses

    def _schedule(self) -> float:
        """Linear warm-up, then half a cosine down to a fiftieth."""
        c = self.config
        if self.step < c.warmup:
            return (self.step + 1) / c.warmup
        progress = (self.step - c.warmup) / max(1, c.steps - c.warmup)
        return 0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * min(1.0, progress)))

    @torch.no_grad()
    def _average(self) -> None:
        decay = min(self.config.average, (1 + self.step) / (10 + self.step))
        pairs = zip(self.averaged.parameters(), self.model.parameters(), strict=True)
        for mean, value in pairs:
            mean.lerp_(value, 1 - decay)

    def _masked(self, frames: Tensor) -> Tensor:
        """Frames (batch, time, stack * mel) with random bands and moments set to the mean."""
        c = self.config
        stack = self.model.config.frontend.stack
        batch, time, size = frames.shape
        mel = frames.reshape(batch, time * stack, size // stack).clone()
        for scene in mel:
            for _ in range(c.frequency_masks):
                _mask(scene.T, c.frequency_width)
            for _ in range(c.time_masks):
                _mask(scene, c.time_width * stack)
        return mel.view(batch, time, size)


def _mask(x: Tensor, widest: int) -> None:
    width = int(torch.randint(0, widest + 1, ()))
    start = int(torch.randint(0, max(1, x.shape[0] - width), ()))
    x[start : start + width] = 0.0
