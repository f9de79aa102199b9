"""The saved voices as an engine gets them when a meeting begins."""

from __future__ import annotations

import logging
from pathlib import Path

from app.models import VoiceSource
from app.settings import Settings
from app.store import Library, StoreError
from app.voices import allowed
from engine.speakers.known import KnownVoice

logger = logging.getLogger(__name__)


def voices_for(settings: Settings, library_path: Path) -> VoiceSource | None:
    """Where an engine gets the saved voices from; None where the user has not agreed to that."""
    return (lambda: _read(library_path)) if allowed(settings) else None


def _read(library_path: Path) -> list[KnownVoice]:
    try:
        with Library(library_path) as library:
            return library.voices.known()
    except StoreError:  # a meeting goes on without names; whoever saves it tells the user
        logger.info("the saved voices cannot be read", exc_info=True)
        return []
