"""What the user chose once and for all, kept as JSON in the application's folder."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, ValidationError

from app.files import OutputError, write_file
from app.paths import data_dir
from app.settings_file import VERSION, NoSettings, lift, read_fields
from app.words import QT_TRANSLATE_NOOP, translate
from engine.thrift import Thrift

ComputeDevice = Literal["auto", "cpu", "cuda", "mps"]
Theme = Literal["system", "light", "dark"]

LANGUAGE = r"^[a-z]{2,3}(_[A-Z]{2})?$"


class Settings(BaseModel):
    """All settings. Unknown ones, of another version, are kept as they are."""

    model_config = ConfigDict(extra="allow", validate_assignment=True)
    _beyond: dict[str, Any] = PrivateAttr(default_factory=dict)  # values of a newer version

    version: int = Field(
        default=VERSION, ge=1, description=QT_TRANSLATE_NOOP("Settings", "Form of this file.")
    )
    input_device: str | None = Field(
        default=None,
        max_length=500,
        description=QT_TRANSLATE_NOOP(
            "Settings", "The microphone that a meeting is recorded with."
        ),
    )
    device: ComputeDevice = Field(
        default="auto",
        description=QT_TRANSLATE_NOOP(
            "Settings",
            "Where the speech engine computes. A processor is enough to follow a meeting; a GPU "
            "leaves it free for other programs and transcribes files faster.",
        ),
    )
    thrift: Thrift = Field(
        default="balanced",
        description=QT_TRANSLATE_NOOP(
            "Settings",
            "How much the speech engine computes, with a model that can leave something out. "
            "Less spares the battery and the fan, and may cost words.",
        ),
    )
    theme: Theme = Field(
        default="system", description=QT_TRANSLATE_NOOP("Settings", "Colours of the window.")
    )
    font_scale: float = Field(
        default=1.0,
        ge=0.8,
        le=2.0,
        allow_inf_nan=False,
        description=QT_TRANSLATE_NOOP(
            "Settings", "How large everything is written, the transcript too."
        ),
    )
    language: str | None = Field(
        default=None,
        pattern=LANGUAGE,
        description=QT_TRANSLATE_NOOP(
            "Settings",
            "The language of the window, from the next start on. It does not change which language "
            "the speech engine understands: that is a matter of the model.",
        ),
    )
    model: str | None = Field(
        default=None,
        max_length=4_000,
        description=QT_TRANSLATE_NOOP(
            "Settings",
            "What turns speech into words and turns. A recording that is running keeps the model "
            "that it began with.",
        ),
    )
    shortcuts: dict[str, str] = Field(
        default_factory=dict,
        max_length=500,
        description=QT_TRANSLATE_NOOP("Settings", "Keys of commands that are not as they came."),
    )
    keep_awake: bool = Field(
        default=True,
        description=QT_TRANSLATE_NOOP(
            "Settings", "Keep the computer from going to sleep while a meeting is recorded."
        ),
    )
    silence_prompt_min: int = Field(
        default=15,
        ge=0,
        le=240,
        description=QT_TRANSLATE_NOOP(
            "Settings",
            "After so many minutes in which nobody speaks, ask whether to go on.",
        ),
    )
    pre_roll_s: float = Field(
        default=0.0,
        ge=0.0,
        le=30.0,
        allow_inf_nan=False,
        description=QT_TRANSLATE_NOOP(
            "Settings",
            "Begin a recording some seconds before Record is pressed. For that the microphone is "
            "listened to all the time, and what it hears is forgotten after these seconds.",
        ),
    )
    record_system_audio: bool = Field(
        default=False,
        description=QT_TRANSLATE_NOOP(
            "Settings", "Record what the computer plays too, as a source of its own."
        ),
    )
    transcribe_while_recording: bool = Field(
        default=True,
        description=QT_TRANSLATE_NOOP(
            "Settings",
            "Write down the words while recording. Without this they can be written down later.",
        ),
    )
    recognise_voices: bool = Field(
        default=False,
        description=QT_TRANSLATE_NOOP(
            "Settings",
            "Name speakers by voices that you have saved. Voices are kept on this computer only.",
        ),
    )
    voices_agreed_at: datetime | None = Field(
        default=None,
        description=QT_TRANSLATE_NOOP(
            "Settings", "When you agreed to what recognising voices keeps, and where."
        ),
    )
    first_run_done: bool = Field(
        default=False,
        description=QT_TRANSLATE_NOOP("Settings", "The welcome of the first start was seen."),
    )
    told_of_version: int = Field(
        default=0,
        ge=0,
        description=QT_TRANSLATE_NOOP("Settings", "The newer version that was spoken of."),
    )

    @property
    def is_newer(self) -> bool:
        """Whether a newer Crosstalk wrote the file: only a part of it may be understood."""
        return self.version > VERSION

    @classmethod
    def load(cls, path: Path | None = None) -> tuple[Self, str | None]:
        """The saved settings, and a sentence for the user if not all of them could be used.

        A file that cannot be read at all is kept beside as ``.damaged`` and the defaults are used;
        where single values are wrong, a copy is, and the others hold. A file of a newer version is
        used as far as it is understood, and saving keeps the rest.
        """
        path = path or settings_path()
        try:
            fields = lift(read_fields(path))
        except NoSettings as refusal:
            return cls(), refusal.complaint
        wrong = _wrong_fields(cls, fields)
        understood = {name: value for name, value in fields.items() if name not in wrong}
        settings = cls.model_validate(understood)
        if settings.is_newer:
            settings._beyond = {name: fields[name] for name in wrong}
            return settings, settings._tell_newer(path)
        return settings, settings._repair(path, wrong) if wrong else None

    def save(self, path: Path | None = None) -> None:
        """Write the settings; raises :class:`app.files.OutputError`, then the old ones stay."""
        content = Kept.model_validate(self.model_dump() | self._beyond)
        write_file(path or settings_path(), content.model_dump_json(indent=2).encode())

    def __setattr__(self, name: str, value: Any) -> None:
        """Also forget what a newer version had there: the user has chosen anew."""
        super().__setattr__(name, value)
        if name in type(self).model_fields:
            self._beyond.pop(name, None)

    def _tell_newer(self, path: Path) -> str | None:
        if self.told_of_version == self.version:
            return None
        self.told_of_version = self.version
        with suppress(OutputError):  # then it is told again
            self.save(path)
        return translate(
            "app",
            "The settings were written by a newer Crosstalk. What this one understands is used, "
            "and the rest is kept for the newer one.",
        )

    def _repair(self, path: Path, wrong: set[str]) -> str:
        damaged = path.with_name(f"{path.name}.damaged")
        try:
            write_file(damaged, path.read_bytes())
            self.save(path)
        except (OutputError, OSError):
            damaged = path
        said = translate(
            "app",
            "Some settings were not valid, and their defaults are used: {names}. The file as it "
            "was is kept as {path}.",
        )
        return said.format(names=", ".join(sorted(wrong)), path=damaged)


class Kept(BaseModel):
    """What is written: any fields."""

    model_config = ConfigDict(extra="allow")


def settings_path() -> Path:
    """The file of the settings."""
    return data_dir() / "settings.json"


def _wrong_fields(kind: type[Settings], fields: dict[str, Any]) -> set[str]:
    try:
        kind.model_validate(fields)
    except ValidationError as error:
        return {str(each["loc"][0]) for each in error.errors()}
    return set()
