"""The models on this computer: what they are, installing more, removing them."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from app.errors import AppError
from app.files import replaced
from app.model_card import can_save, card_of
from app.models import DEFAULT_NAME, READABLE_NAME, SUFFIX, installed_models, model_folders
from app.settings import Settings
from app.words import translate
from engine.errors import ModelError
from engine.model_card import ModelCard

GOOD_NAME = re.compile(r"\w[\w .+-]{0,79}")


class ModelStoreError(AppError):
    """A model cannot be installed or removed; those that are there are untouched."""


NO_CARD = ModelCard(name="", version="", language="")


@dataclass(frozen=True, slots=True)
class StoredModel:
    """An installed model; ``problem`` says why its file cannot be used, if so.

    ``can_save``: it can leave computation out, so that thrift can be chosen.
    """

    name: str
    path: Path
    size_bytes: int
    shipped: bool
    card: ModelCard
    problem: str = ""
    can_save: bool = False


def stored_models() -> list[StoredModel]:
    """All installed models, also those whose files are bad."""
    return [_described(each.name, each.path, each.size_bytes) for each in installed_models()]


def install(source: Path) -> list[str]:
    """Copy a model file, or all models of a folder, to where models are found by name.

    Returns:
        The names of the models.

    Raises:
        ModelError: there is no model, or it cannot be used; then nothing is installed.
        ModelStoreError: the name is taken or impossible.
        OutputError: there is no room, or the folder is locked.
    """
    files = _model_files(source)
    for path in files:
        card_of(path)
        check_free(path.stem)
    for path in files:
        with replaced(place_of(path.stem)) as unfinished:
            shutil.copyfile(path, unfinished)
    return [path.stem for path in files]


def remove(name: str) -> None:
    """Delete a model that the user installed. A meeting that uses it goes on: it has the weights.

    Raises:
        ModelStoreError: it came with Crosstalk, or cannot be deleted.
        ModelError: there is none of that name.
    """
    found = next((each for each in installed_models() if each.name == name), None)
    if found is None:
        said = translate("app", "There is no model called “{name}”.")
        raise ModelError(said.format(name=name))
    if _is_shipped(found.path):
        said = translate("app", "The model “{name}” came with Crosstalk and cannot be removed.")
        raise ModelStoreError(said.format(name=name))
    try:
        found.path.unlink(missing_ok=True)
    except OSError as error:
        said = translate(
            "app", "The model {path} cannot be deleted ({why}): close what uses it and try again."
        )
        raise ModelStoreError(said.format(path=found.path, why=error.strerror)) from error


def chosen_name(settings: Settings) -> str:
    """The name of the model that the next meeting uses."""
    return settings.model or DEFAULT_NAME


def place_of(name: str) -> Path:
    """Where an installed model of this name lies; its folder is created if need be."""
    folder = model_folders()[0]
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        said = translate("app", "The folder {folder} cannot be created ({why}): unlock its place.")
        raise ModelStoreError(said.format(folder=folder, why=error.strerror)) from error
    return folder / f"{name}{SUFFIX}"


def check_free(name: str) -> None:
    """Raises :class:`ModelStoreError` if a model cannot be installed under this name."""
    if not GOOD_NAME.fullmatch(name) or name == READABLE_NAME:
        said = translate(
            "app",
            "A model cannot be called “{name}”. Give the file another name: up to 80 letters, "
            "digits, spaces and - _ + .",
        )
        raise ModelStoreError(said.format(name=name[:100]))
    if any(each.name.casefold() == name.casefold() for each in installed_models()):
        said = translate(
            "app",
            "There is a model called “{name}” already. Remove it first, or give the file another "
            "name.",
        )
        raise ModelStoreError(said.format(name=name))


def _described(name: str, path: Path, size_bytes: int) -> StoredModel:
    try:
        card, thrifty = card_of(path), can_save(path)
        return StoredModel(name, path, size_bytes, _is_shipped(path), card, can_save=thrifty)
    except ModelError as error:
        return StoredModel(name, path, size_bytes, _is_shipped(path), NO_CARD, str(error))


def _is_shipped(path: Path) -> bool:
    return path.parent != model_folders()[0]


def _model_files(source: Path) -> list[Path]:
    if not source.is_dir():
        return [source]
    found = sorted(_in_folder(source))
    if not found:
        said = translate("app", "There is no model in the folder {folder}: models end in {suffix}.")
        raise ModelError(said.format(folder=source, suffix=SUFFIX))
    return found


def _in_folder(folder: Path) -> Iterable[Path]:
    return (path for path in folder.glob(f"*{SUFFIX}") if path.stem != READABLE_NAME)
