"""The ladder from MT-RNN-T to the separator-transducer-segmenter, step by step (arXiv 2205.05199).

Each arm differs from the one before it in one thing. All of them start from the same weights, hear
the same scenes in the same order, and train for as many steps.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engine.config import ModelConfig
from engine.errors import EngineError
from engine.training import recipes
from engine.training.assignment import AssignmentRule
from engine.training.recipes import Recipe
from engine.training.run_files import LAST, read_run
from engine.training.trainer import TrainerConfig

PLAN = "plan.json"

_FASTEMIT, _ACTIVITY, _DELAY = ("fastemit",), ("activity",), ("eot_early", "eot_late")
_MARKS = (
    "marks",
)  # frame labels of turns are ours, not the paper's: no step but the last has them


@dataclass(frozen=True)
class Arm:
    """One way to train.

    Attributes:
        name: of its folders.
        title: what it adds, for tables.
        after: the arm that it differs from in one thing; "" for the first.
        off: weights of the objective that are 0.
    """

    name: str
    title: str
    after: str = ""
    off: tuple[str, ...] = _MARKS
    turn_tokens: bool = True
    permutation_invariant: bool = False
    assignment: AssignmentRule = AssignmentRule.FLOOR

    @property
    def has_activity(self) -> bool:
        """Whether it learns when a channel speaks."""
        return "activity" not in self.off


_BARE = (*_MARKS, *_FASTEMIT, *_ACTIVITY, *_DELAY)

LADDER = (
    Arm("mt-rnnt", "MT-RNN-T, no tokens", off=_BARE, turn_tokens=False),
    Arm("tokens", "+ turn tokens", "mt-rnnt", _BARE),
    Arm("fastemit", "+ FastEmit", "tokens", (*_MARKS, *_ACTIVITY, *_DELAY)),
    Arm("activity", "+ activity", "fastemit", (*_MARKS, *_DELAY)),
    Arm("penalty", "+ <eot> penalty", "activity"),
    Arm("pit", "all, PIT for the assignment", "penalty", permutation_invariant=True),
)
"""What is compared unless other arms are asked for."""

OTHERS = (
    Arm("marks", "all, + marks of turns", "penalty", ()),
    Arm("first-free", "all, lowest free channel", "penalty", assignment=AssignmentRule.FIRST_FREE),
    Arm(
        "overlap-based",
        "all, channel of the turn before",
        "penalty",
        assignment=AssignmentRule.OVERLAP_BASED,
    ),
)

ARMS = {arm.name: arm for arm in (*LADDER, *OTHERS)}


def chosen(names: Sequence[str]) -> list[Arm]:
    """The arms of these names; with none the ladder.

    Raises:
        EngineError: for a name that is none.
    """
    unknown = [name for name in names if name not in ARMS]
    if unknown:
        raise EngineError(f"There is no arm {', '.join(unknown)}: choose from {', '.join(ARMS)}.")
    return [ARMS[name] for name in names] or list(LADDER)


@dataclass(frozen=True)
class Plan:
    """How every arm is trained.

    Attributes:
        stages: names of stages with their steps, one after the other.
        start: what all arms start from.
        model: the encoders of all arms.
    """

    stages: tuple[tuple[str, int], ...]
    start: Path | None = None
    batch: int = 4
    learning_rate: float = 1.2e-3
    device: str = "cpu"
    workers: int = 0
    model: ModelConfig = field(default_factory=recipes.default_config)

    def recipe(self, arm: Arm, stage: int, seed: int, start: Path | None) -> Recipe:
        """The run of an arm in a stage."""
        name, steps = self.stages[stage]
        return Recipe(
            name,
            batch=self.batch,
            seed=seed,
            workers=self.workers,
            start=start,
            permutation_invariant=arm.permutation_invariant,
            turn_tokens=arm.turn_tokens,
            assignment=arm.assignment,
            off=arm.off,
            arm=arm.name,
            model=self.model,
            trainer=TrainerConfig(
                steps=steps, learning_rate=self.learning_rate, device=self.device
            ),
        )

    def describe(self) -> dict[str, Any]:
        """What two runs of one comparison must have in common."""
        return {
            "stages": [list(stage) for stage in self.stages],
            "start": str(self.start) if self.start else None,
            "batch": self.batch,
            "learning_rate": self.learning_rate,
        }


def agree(folder: Path, plan: Plan) -> None:
    """Keep the plan in the folder of a comparison, or check that it is the one kept there.

    Raises:
        EngineError: when the folder was begun with another one.
    """
    path, wanted = folder / PLAN, plan.describe()
    if path.is_file() and (was := json.loads(path.read_text())) != wanted:
        odd = [f"{name} {was.get(name)}" for name in wanted if was.get(name) != wanted[name]]
        raise EngineError(
            f"{folder} was begun with {', '.join(odd)}: give the same, or another folder."
        )
    folder.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(wanted, indent=1) + "\n")


def train(plan: Plan, arm: Arm, seed: int, folder: Path, data: Path, cache: Path) -> Path:
    """Train an arm through all stages, as far as it is not done; the folder of the last run."""
    start, run = plan.start, folder
    for i, (stage, steps) in enumerate(plan.stages):
        run = folder / f"{i + 1}-{stage}"
        if not is_done(run, steps):
            recipes.run(plan.recipe(arm, i, seed, start), data, cache, run)
        start = run
    return run


def is_done(run: Path, steps: int) -> bool:
    """Whether a run has made all its steps."""
    return (run / LAST).is_file() and bool(read_run(run)["step"] >= steps)
