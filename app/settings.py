"""What the user chose once and for all, kept as JSON in the application's folder."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.files import write_file
from app.paths import data_dir

ComputeDevice = Literal["auto", "cpu", "cuda", "mps"]
Theme = Literal["system", "light", "dark"]


class Settings(BaseModel):
    """All settings. Unknown ones, of another version, are kept as they are."""

    model_config = ConfigDict(extra="allow", validate_assignment=True)

    input_device: str | None = Field(
        default=None, description="Microphone; none: the system's default."
    )
    device: ComputeDevice = Field(default="auto", description="Where the model runs.")
    theme: Theme = Field(default="system", description="Colours of the window.")
    model: str | None = Field(
        default=None, description="Name or path of the model; none: the shipped one."
    )

    @classmethod
    def load(cls, path: Path | None = None) -> tuple[Self, str | None]:
        """The saved settings, and a sentence for the user if they could not be read.

        A damaged file is kept beside as ``.damaged`` and the defaults are used.
        """
        path = path or settings_path()
        try:
            return cls.model_validate_json(path.read_bytes()), None
        except FileNotFoundError:
            return cls(), None
        except OSError as error:
            return (
                cls(),
                f"The settings {path} cannot be read ({error.strerror}); defaults are used.",
            )
        except ValidationError:
            return cls(), _put_aside(path)

    def save(self, path: Path | None = None) -> None:
        """Write the settings; raises :class:`app.files.OutputError`, then the old ones stay."""
        write_file(path or settings_path(), self.model_dump_json(indent=2).encode())


def settings_path() -> Path:
    """The file of the settings."""
    return data_dir() / "settings.json"


def _put_aside(path: Path) -> str:
    damaged = path.with_name(f"{path.name}.damaged")
    try:
        path.replace(damaged)
    except OSError as error:
        return f"The settings {path} are damaged ({error.strerror}); defaults are used."
    return f"The settings were damaged and are kept as {damaged}; defaults are used."
