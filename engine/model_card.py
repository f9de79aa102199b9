"""What a model file says of itself; needs no torch, so that a list of models need not load it."""

from __future__ import annotations

from dataclasses import dataclass, field

FORMAT = "crosstalk-model"
FORMAT_VERSION = 1


@dataclass(frozen=True)
class ModelCard:
    """What people should know about a model. ``figures`` are named measurements."""

    name: str
    version: str = "1"
    description: str = ""
    language: str = "en"
    licence: str = ""
    vocabulary: str = ""
    training_data: str = ""
    limits: str = ""
    created: str = ""
    figures: dict[str, float] = field(default_factory=dict)
