"""Errors of the engine. Each message says what went wrong and what the user can do about it."""


class EngineError(Exception):
    """Base of every error the engine raises on purpose; safe to show to the user as it is."""


class AudioError(EngineError):
    """A recording cannot be read: missing, empty, damaged, or not audio."""


class ModelError(EngineError):
    """A model file cannot be used: missing, damaged, foreign, or from a newer version."""


class ConfigError(EngineError):
    """A configuration value is out of its bounds."""


class DeviceError(EngineError):
    """The asked-for computing device is not there, or ran out of memory."""
