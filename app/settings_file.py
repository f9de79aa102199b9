"""The file of the settings: read as it is, and lifted to the form of today."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from app.words import translate

Fields = dict[str, Any]

VERSION_FIELD = "version"


class NoSettings(Exception):  # noqa: N818
    """There is nothing to use; ``complaint`` says why, None where there simply is no file."""

    def __init__(self, complaint: str | None = None) -> None:
        super().__init__(complaint)
        self.complaint = complaint


def read_fields(path: Path) -> Fields:
    """The fields as they stand in the file. What is no settings file is moved aside.

    Raises:
        NoSettings: there is no such file, or it cannot be used.
    """
    try:
        fields = json.loads(path.read_bytes())
    except FileNotFoundError:
        raise NoSettings from None
    except OSError as error:
        said = translate("app", "The settings {path} cannot be read ({why}); defaults are used.")
        raise NoSettings(said.format(path=path, why=error.strerror)) from error
    except (ValueError, RecursionError):
        raise NoSettings(_put_aside(path)) from None
    if not isinstance(fields, dict):
        raise NoSettings(_put_aside(path))
    return fields


def lift(fields: Fields) -> Fields:
    """The fields in the form of :data:`VERSION`; those of a newer version stay as they are."""
    version = fields.get(VERSION_FIELD, 1)
    if not isinstance(version, int) or version < 1:
        version = 1
    for step in MIGRATIONS[version - 1 :]:
        fields = step(fields)
    return fields | {VERSION_FIELD: max(version, VERSION)}


def _from_before_versions(fields: Fields) -> Fields:
    """Whoever has settings already needs no welcome."""
    return {"first_run_done": True} | fields


MIGRATIONS: tuple[Callable[[Fields], Fields], ...] = (_from_before_versions,)
"""Step N lifts version N to N + 1; steps are never changed, only added."""

VERSION = len(MIGRATIONS) + 1


def _put_aside(path: Path) -> str:
    damaged = path.with_name(f"{path.name}.damaged")
    try:
        path.replace(damaged)
    except OSError as error:
        said = translate("app", "The settings {path} are damaged ({why}); defaults are used.")
        return said.format(path=path, why=error.strerror)
    said = translate("app", "The settings were damaged and are kept as {path}; defaults are used.")
    return said.format(path=damaged)
