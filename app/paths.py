"""Where the application keeps its files."""

from __future__ import annotations

import os
from importlib.resources import files
from pathlib import Path

import platformdirs

from app.errors import StorageError
from app.words import translate

HOME_VARIABLE = "CROSSTALK_HOME"


def data_dir() -> Path:
    """The application's own folder, created if need be: ``$CROSSTALK_HOME`` or the user's data."""
    home = os.environ.get(HOME_VARIABLE)
    return _created(Path(home) if home else platformdirs.user_data_path("crosstalk"))


def recordings_dir() -> Path:
    """The folder of the recordings, created if need be."""
    return _created(data_dir() / "recordings")


def library_path() -> Path:
    """The database of all meetings."""
    return data_dir() / "library.sqlite"


def log_path() -> Path:
    """The file that the application logs to."""
    return data_dir() / "crosstalk.log"


def resource(name: str) -> Path:
    """A file shipped with the application, for example ``sample/meeting.flac``."""
    return Path(str(files("resources").joinpath(name)))


def quoted(path: Path) -> str:
    """A path as it can be typed into a command."""
    return f'"{path}"' if " " in str(path) else str(path)


def _created(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(
            translate(
                "app",
                "The folder {folder} cannot be created ({why}). Free or unlock that place, or "
                "set {variable} to a folder that you can write to.",
            ).format(folder=folder, why=error.strerror, variable=HOME_VARIABLE)
        ) from error
    return folder
