"""Trains the voice head of a model on voices alone, with an adversary (arXiv 2207.07776).

The rest of the model stays as it is. After some steps of the learner alone, each step has two
halves: the adversary climbs the weighted loss, then the learner descends it.
"""

from __future__ import annotations

import dataclasses
import math
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from engine.speakers.embedding import VoiceEncoder
from engine.training.voice_crops import CropMaker, Crops
from engine.training.voice_loss import Adversary, Form, scaled, weighted_loss
from engine.training.voice_regions import fit_regions, regions_of
from engine.training.voice_run import VoiceRun, check_same, read_voice_run, save_run
from engine.training.voice_training import VoiceTraining

CLIP = 1.0
SAVE_S = 20.0
REPORT_STEPS = 50


def vectors_of(head: VoiceEncoder, crops: Crops) -> Tensor:
    """Voice vectors of crops, (crops, size), unit length."""
    sums = head.pool(head.features(crops.frames), crops.weights[:, None])
    return head.vector(sums)[:, 0]


class VoiceTrainer:
    """A run; the same settings give the same weights, also when it was interrupted."""

    def __init__(
        self,
        head: VoiceEncoder,
        maker: CropMaker,
        config: VoiceTraining,
        folder: Path,
        about: dict[str, Any],
    ) -> None:
        """Args: what to train, on what, how, where to keep it; ``about`` names the base."""
        config.validate()
        self.head, self.maker, self.config, self.folder = head, maker, config, folder
        self.about = {
            **about,
            **dataclasses.asdict(config),
            "form": config.form.value,
            "voice": dataclasses.asdict(head.config),
        }
        self.step = 0
        self.adversary = Adversary(config.regions)
        self.centres: Tensor | None = None
        self._averaged = {k: v.clone() for k, v in head.state_dict().items()}
        self._learner = torch.optim.AdamW(head.parameters(), config.learning_rate)
        self._against = torch.optim.Adam(
            self.adversary.parameters(), config.adversary_rate, maximize=True
        )

    def resume(self) -> bool:
        """Go on from what the folder holds, if it holds something.

        Raises:
            EngineError: when that is a run with other settings.
        """
        saved = read_voice_run(self.folder)
        if saved is None:
            return False
        check_same(saved.about, self.about, self.folder)
        self.step, self._averaged = saved.step, saved.averaged
        self.centres = saved.state["centres"]
        for name, part in self._parts.items():
            part.load_state_dict(saved.state[name])
        return True

    def run(self, report: Callable[[str], None], stop: int | None = None) -> None:
        """Train to the end, or to step ``stop``, saving now and then; ``report`` gets lines."""
        began = saved = time.monotonic()
        first, last = self.step, min(stop or self.config.steps, self.config.steps)
        while self.step < last:
            loss = self.advance()
            now = time.monotonic()
            if self.step % REPORT_STEPS == 0:
                left = (now - began) / (self.step - first) * (last - self.step)
                report(f"step {self.step}/{last} loss {loss:.4f}, {left:.0f} s left")
            if now - saved > SAVE_S or self.step == last:
                self.save()
                saved = now

    def advance(self) -> float:
        """One step; returns the learner's loss."""
        self._set_rate()
        loss = self._loss(self.maker.batch(self.step))
        self._descend(loss)
        self.step += 1
        return loss.item()

    def save(self) -> None:
        """Keep the run as it is."""
        state = {name: part.state_dict() for name, part in self._parts.items()}
        state["centres"] = self.centres
        save_run(VoiceRun(self.about, self.step, self._averaged, state), self.folder)

    @property
    def _parts(self) -> dict[str, Any]:
        return {
            "head": self.head,
            "adversary": self.adversary,
            "learner": self._learner,
            "against": self._against,
        }

    @property
    def _form_alone(self) -> Form:
        """Without regions a group is everybody: the mean of the pairs."""
        return Form.BASELINE if self.config.form is Form.PSEUDO else self.config.form

    def _loss(self, crops: Crops) -> Tensor:
        vectors = vectors_of(self.head, crops)
        scores = scaled(vectors, crops.speakers, self.config.scale, self.config.margin)
        against = self.step - self.config.learner_only
        if against < 0:
            return weighted_loss(self._form_alone, scores, crops.speakers, *_even(scores))
        regions = regions_of(vectors.detach(), self._centres(against))
        self._ascend(scores.detach(), crops.speakers, regions)
        weights = self.adversary(regions).detach()
        return weighted_loss(self.config.form, scores, crops.speakers, weights, regions)

    def _set_rate(self) -> None:
        """A short warm-up, then half a cosine to zero."""
        done = self.step / self.config.steps
        share = min(1.0, (self.step + 1) / 20) * 0.5 * (1 + math.cos(math.pi * done))
        self._learner.param_groups[0]["lr"] = self.config.learning_rate * share

    @torch.no_grad()
    def _centres(self, against: int) -> Tensor:
        """Of the regions; they are found anew every so many steps with the adversary."""
        if self.centres is None or against % self.config.refit == 0:
            vectors = vectors_of(self.head, self.maker.probe())
            count, seed = self.config.regions, self.config.seed
            self.centres = fit_regions(vectors, count, seed, self.centres)
        return self.centres

    def _ascend(self, scores: Tensor, speakers: Tensor, regions: Tensor) -> None:
        weights = self.adversary(regions)
        loss = weighted_loss(self.config.form, scores, speakers, weights, regions)
        self._against.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        self._against.step()

    def _descend(self, loss: Tensor) -> None:
        self._learner.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self.head.parameters(), CLIP)
        self._learner.step()
        keep = min(self.config.average, (self.step + 1) / (self.step + 10))
        for name, value in self.head.state_dict().items():
            self._averaged[name] = keep * self._averaged[name] + (1 - keep) * value


def _even(scores: Tensor) -> tuple[Tensor, Tensor]:
    """Weights of nobody in particular, and one region."""
    return scores.new_ones(len(scores)), torch.zeros(len(scores), dtype=torch.long)
