"""Errors of the engine. Each message says what went wrong and what the user can do about it."""

from __future__ import annotations

from collections.abc import Callable

Translator = Callable[[str], str]
"""Takes an English sentence; one that it does not know comes back as it is."""

_translators: list[Translator] = []


def speak_by(translator: Translator | None) -> None:
    """Say errors in another language from now on; None: in English."""
    _translators[:] = [translator] if translator else []


class EngineError(Exception):
    """Base of every error the engine raises on purpose; safe to show to the user as it is."""

    def __init__(self, sentence: str, **values: object) -> None:
        """``sentence`` names the ``values`` in braces, so that it can be translated."""
        super().__init__(sentence)
        self.sentence = sentence
        self.values = values

    def __str__(self) -> str:
        translate = _translators[-1] if _translators else str
        if not self.values:  # what was put together elsewhere may have braces of its own
            return translate(self.sentence)
        values = {
            name: translate(value) if isinstance(value, str) else value
            for name, value in self.values.items()
        }
        return translate(self.sentence).format(**values)


class AudioError(EngineError):
    """A recording cannot be read: missing, empty, damaged, or not audio."""


class ModelError(EngineError):
    """A model file cannot be used: missing, damaged, foreign, or from a newer version."""


class ConfigError(EngineError):
    """A configuration value is out of its bounds."""


class DeviceError(EngineError):
    """The asked-for computing device is not there, or ran out of memory."""
