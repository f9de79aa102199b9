"""The file of the readable stage: weights in half precision, sizes and card (safetensors)."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file

from engine.config import from_dict, to_dict
from engine.errors import ConfigError, ModelError
from engine.readable.model import ReadableConfig, ReadableModel
from engine.readable.readable import Readable, ReadableCard
from engine.readable.spelling import MARKS

FORMAT = "crosstalk-readable"
FORMAT_VERSION = 1


def save(readable: Readable, path: Path) -> None:
    """Write the file; an existing one is replaced only when the new one is whole.

    Raises:
        ModelError: when it cannot be written.
    """
    weights = {k: v.detach().half().contiguous() for k, v in readable.model.state_dict().items()}
    metadata = {
        "format": FORMAT,
        "format_version": str(FORMAT_VERSION),
        "config": json.dumps(to_dict(readable.model.config)),
        "marks": json.dumps(MARKS),
        "mixed": json.dumps(readable.mixed, ensure_ascii=False),
        "card": json.dumps(dataclasses.asdict(readable.card)),
    }
    part = path.with_name(path.name + ".part")
    try:
        save_file(weights, part, metadata)
        part.replace(path)
    except (SafetensorError, OSError) as error:
        part.unlink(missing_ok=True)
        raise ModelError(
            f"{path} cannot be written ({_first_line(error)}): choose another folder or make room."
        ) from error


def load(path: Path) -> Readable:
    """Read the file, onto the CPU.

    Raises:
        ModelError: if it is missing, damaged, something else, or too new.
    """
    metadata, weights = _read(path)
    try:
        config = from_dict(ReadableConfig, json.loads(metadata["config"]))
        if tuple(json.loads(metadata["marks"])) != MARKS:
            raise ValueError("other marks")
        model = ReadableModel(config)
        model.load_state_dict({name: weight.float() for name, weight in weights.items()})
        mixed, card = _mixed(metadata), _card(metadata)
    except (AttributeError, KeyError, TypeError, ValueError, RuntimeError, ConfigError) as error:
        raise ModelError(
            f"{path} does not fit this version of Crosstalk ({_first_line(error)}): install "
            "Crosstalk again."
        ) from error
    return Readable(model, mixed, card)


def _mixed(metadata: dict[str, str]) -> dict[str, str]:
    mixed = json.loads(metadata["mixed"])
    if not all(isinstance(text, str) for pair in mixed.items() for text in pair):
        raise ValueError("no list of words")
    return dict(mixed)


def _card(metadata: dict[str, str]) -> ReadableCard:
    known = {f.name for f in dataclasses.fields(ReadableCard)}
    return ReadableCard(**{k: v for k, v in json.loads(metadata["card"]).items() if k in known})


def _read(path: Path) -> tuple[dict[str, str], dict[str, torch.Tensor]]:
    if not path.is_file():
        raise ModelError(f"There is no file for readable text at {path}: install Crosstalk again.")
    try:
        with safe_open(path, framework="pt") as file:
            metadata: dict[str, str] = file.metadata() or {}
            tensors = {k: file.get_tensor(k) for k in file.keys()}  # noqa: SIM118
    except (SafetensorError, OSError) as error:
        raise ModelError(
            f"{path} is damaged ({_first_line(error)}): install Crosstalk again."
        ) from error
    _check(path, metadata)
    if not all(weight.isfinite().all() for weight in tensors.values()):
        raise ModelError(f"{path} is damaged (no numbers in it): install Crosstalk again.")
    return metadata, tensors


def _check(path: Path, metadata: dict[str, str]) -> None:
    if metadata.get("format") != FORMAT:
        raise ModelError(f"{path} is no file for readable text: install Crosstalk again.")
    version = metadata.get("format_version", "")
    if not version.isdecimal() or int(version) > FORMAT_VERSION:
        raise ModelError(
            f"{path} was made for a newer Crosstalk (format {version}): update Crosstalk."
        )


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
