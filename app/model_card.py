"""The card of a model file, read without loading torch: from the file, or from its first bytes."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path
from typing import Any, BinaryIO

from app.words import translate
from engine import thrift
from engine.errors import ModelError
from engine.model_card import FORMAT, FORMAT_VERSION, ModelCard

LONGEST_HEADER = 64_000_000
"""More than this is no list of tensors: a foreign file must not fill the memory."""


def card_of(path: Path) -> ModelCard:
    """The card of a model file that is whole.

    Raises:
        ModelError: it is missing, damaged, cut off, something else, or made for a newer Crosstalk.
    """
    return _card(path.name, _metadata(path))


def can_save(path: Path) -> bool:
    """Whether the model of a file can leave computation out.

    Raises:
        ModelError: as :func:`card_of`.
    """
    try:
        return thrift.can_save(json.loads(_metadata(path).get("config", "{}")))
    except (ValueError, RecursionError):
        return False  # what is wrong with it is told where it is used


def _metadata(path: Path) -> dict[str, str]:
    from safetensors import SafetensorError, safe_open  # brings NumPy's part only

    if not path.is_file():
        said = translate("app", "There is no model file at {path}: choose or install a model.")
        raise ModelError(said.format(path=path))
    try:
        with safe_open(path, framework="numpy") as file:
            return file.metadata() or {}
    except (SafetensorError, OSError) as error:
        said = translate("app", "{name} is damaged or not a model file: get it again.")
        raise ModelError(said.format(name=path.name)) from error


def card_at_start(stream: BinaryIO, name: str) -> ModelCard:
    """The card in the first bytes of a model file; reads no further than that.

    Raises:
        ModelError: what comes is no model that this Crosstalk can use.
    """
    said = translate("app", "{name} is not a model file: check the address.").format(name=name)
    length = int.from_bytes(stream.read(8), "little")
    if not 2 <= length <= LONGEST_HEADER:
        raise ModelError(said)
    content = stream.read(length)
    try:
        metadata = json.loads(content)["__metadata__"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise ModelError(said) from None
    return _card(name, metadata)


def _card(name: str, metadata: Any) -> ModelCard:
    if not isinstance(metadata, dict) or metadata.get("format") != FORMAT:
        said = translate("app", "{name} is not a model made for Crosstalk: choose another file.")
        raise ModelError(said.format(name=name))
    version = str(metadata.get("format_version", ""))
    if not version.isdecimal() or int(version) > FORMAT_VERSION:
        said = translate("app", "{name} was made for a newer Crosstalk: update Crosstalk.")
        raise ModelError(said.format(name=name))
    try:
        found = json.loads(metadata["card"])
        return ModelCard(**{each.name: _checked(each.name, found) for each in fields(ModelCard)})
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        said = translate("app", "{name} has no readable card: get it again.")
        raise ModelError(said.format(name=name)) from None


def _checked(name: str, found: dict[str, Any]) -> Any:
    if name == "figures":
        return {str(what): float(value) for what, value in found.get(name, {}).items()}
    return str(found.get(name, ""))
