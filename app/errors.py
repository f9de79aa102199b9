"""Errors of the application; each message says what went wrong and what the user can do."""


class AppError(Exception):
    """Base of every error the application raises on purpose; safe to show to the user as it is."""


class StorageError(AppError):
    """A folder of the application cannot be created or written."""


class RecordingError(AppError):
    """A recording cannot be written or repaired; what was written before stays."""


class DeviceNotFound(AppError):  # noqa: N818 - reads better where it is caught
    """There is no such microphone, or none at all."""


class DeviceFailed(AppError):  # noqa: N818
    """A microphone could not be opened, or stopped delivering."""
