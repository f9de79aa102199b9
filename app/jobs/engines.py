"""The engines of jobs: each may name a model of its own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from app.known_voices import voices_for
from app.models import default_model, engine_factory, find_model
from app.session import EngineFactory
from app.settings import Settings

EngineChoice = Callable[[str | None], EngineFactory]
"""Gives what makes the engine for a model by its name; None is the model of the settings."""


def engine_choice(
    settings: Settings, library_path: Path, device: str | None = None
) -> EngineChoice:
    """Engines by the settings as they are when a job begins; ``device`` counts more than theirs.

    What it returns raises ModelError where there is no such model.
    """

    def choose(model: str | None) -> EngineFactory:
        name = model or settings.model
        path = find_model(name) if name else default_model()
        voices = voices_for(settings, library_path)
        return engine_factory(path, device or settings.device, voices, settings.thrift)

    return choose
