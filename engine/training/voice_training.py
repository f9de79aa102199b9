"""How voice vectors are trained."""

from __future__ import annotations

from dataclasses import dataclass

from engine.errors import ConfigError
from engine.training.voice_loss import Form


@dataclass(frozen=True)
class VoiceTraining:
    """How to train.

    Attributes:
        alone: share of the steps in which the learner is alone.
        regions: of the space of vectors, found anew every ``refit`` steps.
        speakers, crops, crop_frames: of a batch; crops of each speaker.
        scale, margin: of the cosines.
        average: of the weights, how much of the average each step keeps.
    """

    form: Form = Form.PAIRWISE
    steps: int = 200
    seed: int = 7
    alone: float = 0.25
    regions: int = 8
    refit: int = 25
    speakers: int = 24
    crops: int = 4
    crop_frames: int = 40
    learning_rate: float = 2e-3
    adversary_rate: float = 0.05
    scale: float = 20.0
    margin: float = 0.1
    average: float = 0.98

    def validate(self) -> None:
        """Raises: ConfigError."""
        if self.steps < 1 or self.regions < 1 or self.refit < 1:
            raise ConfigError("steps, regions and refit must be at least 1")
        if self.crops < 2 or self.speakers < 2:
            raise ConfigError("a batch needs at least 2 speakers with 2 crops each")
        if not 0.0 <= self.alone <= 1.0:
            raise ConfigError("alone is a share of the steps: 0 to 1")

    @property
    def learner_only(self) -> int:
        """Steps of the learner alone."""
        return self.steps if self.form is Form.BASELINE else round(self.alone * self.steps)
