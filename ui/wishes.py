"""How the user wants a meeting to be recorded."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.meeting import Care
from app.settings import Settings


@dataclass(frozen=True, slots=True)
class Wishes:
    """What is recorded besides the microphone, and what else is done meanwhile."""

    system_audio: bool = False
    transcribe: bool = True
    care: Care = field(default_factory=Care)


def wishes_of(settings: Settings) -> Wishes:
    """What the settings say."""
    quiet_s = settings.silence_prompt_min * 60.0
    return Wishes(
        settings.record_system_audio,
        settings.transcribe_while_recording,
        Care(settings.keep_awake, quiet_s or None),
    )
