"""The trainer: the same on a CPU, one GPU, several, and several machines; resumable to the step.

Losses are in float32; the stages before them may run in bfloat16. Everything random of a step is
drawn from the seed, the step and the process, so a run that was killed goes on as if nothing had
happened, and N processes with B scenes each learn what one with N * B scenes would.
"""

from __future__ import annotations

import copy
import math
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor

from engine.config import to_dict
from engine.data.targets import Batch
from engine.errors import ConfigError, EngineError
from engine.fairness.consolidation import Anchor
from engine.model import SeparatorTransducerSegmenter
from engine.timeline import SAMPLE_RATE
from engine.training import shards
from engine.training.learner import Learner, Sealed, sum_over
from engine.training.masks import Masks, spec_augment
from engine.training.objective import Objective
from engine.training.processes import Precision, launch
from engine.training.progress import Progress
from engine.training.run_files import LAST, VERSION, check_fits, read_run, write_run

if TYPE_CHECKING:
    from lightning_fabric import Fabric

__all__ = ["LAST", "Trainer", "TrainerConfig", "read_run"]


@dataclass(frozen=True)
class TrainerConfig:
    """How a run goes.

    Attributes:
        average: decay of the running average of the weights, which is what gets used.
        frequency_masks, frequency_width, time_masks, time_width: see :class:`Masks`.
        keep: checkpoints that are kept besides the last one.
        shard_mb: with each checkpoint write it in parts of this size too; 0 does not.
        minutes: stop after so many and save; None goes on to the last step.
        report_every: steps; with several processes or a GPU also how often losses are looked at.
    """

    steps: int = 1000
    learning_rate: float = 1e-3
    warmup: int = 100
    weight_decay: float = 0.01
    clip: float = 5.0
    average: float = 0.998
    precision: Precision = "bf16-mixed"
    frequency_masks: int = 2
    frequency_width: int = 12
    time_masks: int = 3
    time_width: int = 6
    save_every_s: float = 120.0
    keep: int = 0
    shard_mb: float = 0.0
    minutes: float | None = None
    report_every: int = 20
    seed: int = 7
    device: str = "cpu"

    def validate(self) -> None:
        """Raises: ConfigError."""
        if self.steps < 1 or self.learning_rate <= 0 or not 0 <= self.average < 1:
            raise ConfigError("steps and learning_rate must be positive, average in [0, 1)")

    @property
    def masks(self) -> Masks:
        """What is hidden of each scene."""
        return Masks(self.frequency_masks, self.frequency_width, self.time_masks, self.time_width)


class Trainer:
    """Trains a model in place and keeps ``folder/last.pt`` to go on from.

    Args:
        model: with its beginning weights, the same in every process.
        objective: what to minimise.
        config: how the run goes.
        folder: where checkpoints and the curve lie; the first process writes them.
        report: gets the lines that say how far the run is.
        fabric: the processes that train together, as :func:`launch` gives them.
        about: what the run is about, to be kept with it; a run about something else is refused.
        anchor: what holds the model to where it started, if anything.
    """

    def __init__(
        self,
        model: SeparatorTransducerSegmenter,
        objective: Objective,
        config: TrainerConfig,
        folder: Path,
        report: Callable[[str], None] = print,
        fabric: Fabric | None = None,
        about: Mapping[str, str] | None = None,
        anchor: Anchor | None = None,
    ) -> None:
        config.validate()
        self.fabric = fabric or launch(config.device, config.precision)
        self.model = model
        self.objective = objective
        self.config = config
        self.folder = folder
        self.about = dict(about or {})
        self.step = 0
        learner = Learner(model, objective, self.fabric, anchor)
        self._names = learner.names
        self._learner = self.fabric.setup_module(learner)
        self.averaged = copy.deepcopy(model).requires_grad_(False)
        self._means = tuple(self.averaged.parameters()), tuple(model.parameters())
        self._parameters = [*model.parameters(), *objective.parameters()]
        optimizer = torch.optim.AdamW(
            self._parameters,
            lr=config.learning_rate,
            weight_decay=config.weight_decay,
            betas=(0.9, 0.98),
            fused=True,
        )
        prepared = self.fabric.setup_optimizers(optimizer)
        assert not isinstance(prepared, tuple)  # as for several
        self._optimizer = prepared
        self._progress = Progress(folder, config.steps, report)
        self._unread: list[tuple[Tensor, float]] = []

    def resume(self) -> bool:
        """Go on from ``last.pt`` if it is there; whether it was.

        Raises:
            EngineError: when it is damaged, or of another model or version.
        """
        first = self.fabric.is_global_zero
        saved = self._read() if first else None
        saved = self.fabric.broadcast(saved)  # other machines may not have it
        if saved is None:
            return False
        self.model.load_state_dict(saved["model"])
        self.averaged.load_state_dict(saved["averaged"])
        self.objective.load_state_dict(saved["objective"])
        if saved.get("optimizer") is not None:  # else only weights travelled
            self._optimizer.load_state_dict(saved["optimizer"])
        self.step = saved["step"]
        if first:
            self._progress.restore(saved.get("progress", {}), self.step)
        return True

    def _read(self) -> dict[str, Any] | None:
        if not (self.folder / LAST).is_file():
            return None
        saved = read_run(self.folder)
        check_fits(saved, self.model.config, self.folder)
        if saved.get("about", self.about) != self.about:
            was, wanted = (" ".join(about.values()) for about in (saved["about"], self.about))
            raise EngineError(
                f"The run in {self.folder} was about {was}, not {wanted}: train in another folder "
                f"with --start {self.folder}."
            )
        own = self.objective.state_dict()
        if any(own[k].shape != v.shape for k, v in saved["objective"].items() if k in own):
            raise EngineError(
                f"The run in {self.folder} was of other speakers: train in another folder with "
                f"--start {self.folder}."
            )
        if any(set(saved[k]) != set(getattr(self, k).state_dict()) for k in ("model", "objective")):
            raise EngineError(
                f"The run in {self.folder} was begun by another version: finish it there, or train "
                f"in another folder with --start {self.folder}."
            )
        return saved

    def save(self) -> None:
        """Write ``last.pt``; a kill or a full disk leaves the one before whole.

        Raises:
            EngineError: when there is no room.
        """
        if not self.fabric.is_global_zero:
            return
        saved = {
            "version": VERSION,
            "config": to_dict(self.model.config),
            "about": self.about,
            "model": self.model.state_dict(),
            "averaged": self.averaged.state_dict(),
            "objective": self.objective.state_dict(),
            "optimizer": self._optimizer.state_dict(),
            "step": self.step,
            "random": torch.get_rng_state(),  # nothing needs it any more but older versions
            "progress": self._progress.state(),
        }
        write_run(saved, self.folder, self.config.keep)
        if self.config.shard_mb:
            shards.split(self.folder, self.config.shard_mb)

    def run(self, batches: Iterator[Batch]) -> None:
        """Train until ``config.steps``, or until the time is over.

        Args:
            batches: this process's, the first of them for the step that comes next.

        Raises:
            EngineError: when a loss is not finite, or a checkpoint cannot be written.
        """
        began = saved = time.monotonic()
        limit = math.inf if self.config.minutes is None else 60 * self.config.minutes
        self._progress.begin()
        self.model.train()
        while self.step < self.config.steps:
            self._update(next(batches))
            self.step += 1
            if self._is_look_due():
                self._look()
                now = time.monotonic()
                over, due = self._agreed(
                    now - began > limit, now - saved > self.config.save_every_s
                )
                if over:
                    break
                if due:
                    self.save()
                    saved = time.monotonic()
        self.save()
        self.fabric.barrier()

    def _is_look_due(self) -> bool:
        """Looking at losses makes a GPU, or other processes, wait."""
        alone = self.fabric.world_size == 1 and self.fabric.device.type == "cpu"
        return alone or self.step % self.config.report_every == 0 or self.step == self.config.steps

    def _agreed(self, *answers: bool) -> tuple[bool, ...]:
        """The first process decides: clocks differ."""
        if self.fabric.world_size == 1:
            return answers
        return self.fabric.broadcast(answers)

    def _look(self) -> None:
        """Take the losses since the last time off the device, check and report them."""
        table = torch.stack([numbers for numbers, _ in self._unread])
        values = sum_over(self.fabric, table[:, 1:]).tolist()
        first = self.step - len(self._unread) + 1
        for i, (norm, parts) in enumerate(zip(table[:, 0].tolist(), values, strict=True)):
            if not all(map(math.isfinite, (norm, *parts))):
                raise self._diverged(first + i)
            named = dict(zip(self._names, parts, strict=True))
            self._progress.add(named, self._unread[i][1])
        self._unread.clear()
        if self.fabric.is_global_zero and self.step % self.config.report_every == 0:
            self._progress.say(self.step, self._learning_rate(self.step - 1))

    def _diverged(self, step: int) -> EngineError:
        there = (self.folder / LAST).is_file()
        left = f"{self.folder / LAST} is from before and good" if there else "Nothing was saved yet"
        return EngineError(
            f"At step {step} the loss or its gradient is not a number. {left}: give the same "
            f"command with a lower --learning-rate than {self.config.learning_rate:g}."
        )

    def _update(self, batch: Batch) -> None:
        batch = batch.to(self.fabric.device)
        torch.manual_seed(self._seed(self.fabric.global_rank))  # for dropout
        for group in self._optimizer.param_groups:
            group["lr"] = self._learning_rate(self.step)
        total, values = self._learner(Sealed(self._frames(batch), batch))
        self._optimizer.zero_grad(set_to_none=True)
        self.fabric.backward(total)
        norm = torch.nn.utils.clip_grad_norm_(self._parameters, self.config.clip)
        self._optimizer.step()
        self._average()
        heard_s = batch.audio.numel() / SAMPLE_RATE * self.fabric.world_size
        self._unread.append((torch.cat([norm.detach()[None], values]), heard_s))

    @torch.no_grad()
    def _frames(self, batch: Batch) -> Tensor:
        """What the encoders get, with masks."""
        frontend = self.model.frontend
        frames, _ = frontend.step(batch.audio, frontend.initial_state(len(batch.audio)))
        random = torch.Generator().manual_seed(self._seed(-1))
        stack = self.model.config.frontend.stack
        world = self.fabric.world_size
        return spec_augment(
            frames, stack, self.config.masks, random, self.fabric.global_rank, world
        )

    def _seed(self, which: int) -> int:
        """A seed for this step, and a process or (-1) what all of them share."""
        sequence = np.random.SeedSequence((self.config.seed, self.step, which + 1))
        return int(sequence.generate_state(1)[0])

    def _learning_rate(self, step: int) -> float:
        """Linear warm-up, then half a cosine down to a fiftieth."""
        c = self.config
        if step < c.warmup:
            return c.learning_rate * (step + 1) / c.warmup
        progress = (step - c.warmup) / max(1, c.steps - c.warmup)
        share = 0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * min(1.0, progress)))
        return c.learning_rate * share

    @torch.no_grad()
    def _average(self) -> None:
        decay = min(self.config.average, (1 + self.step) / (10 + self.step))
        torch._foreach_lerp_(*self._means, 1 - decay)
