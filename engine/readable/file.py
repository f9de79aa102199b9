"""The file of the readable stage: weights in half precision, sizes and card (safetensors)."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

from engine.config import from_dict, to_dict
from engine.errors import ConfigError, ModelError
from engine.readable.model import ReadableConfig, ReadableModel
from engine.readable.readable import Readable, ReadableCard
from engine.readable.spelling import MARKS
from engine.weight_file import FileKind, first_line

FILE = FileKind(
    "crosstalk-readable",
    1,
    "file for readable text",
    remedy="install Crosstalk again",
    absent="install Crosstalk again",
)


def save(readable: Readable, path: Path) -> None:
    """Write the file; an existing one is replaced only when the new one is whole.

    Raises:
        ModelError: when it cannot be written.
    """
    weights = {k: v.detach().half().contiguous() for k, v in readable.model.state_dict().items()}
    metadata = {
        "config": json.dumps(to_dict(readable.model.config)),
        "marks": json.dumps(MARKS),
        "mixed": json.dumps(readable.mixed, ensure_ascii=False),
        "card": json.dumps(dataclasses.asdict(readable.card)),
    }
    FILE.write(path, weights, metadata)


def load(path: Path) -> Readable:
    """Read the file, onto the CPU.

    Raises:
        ModelError: if it is missing, damaged, something else, or too new.
    """
    metadata, weights = FILE.read(path)
    try:
        config = from_dict(ReadableConfig, json.loads(metadata["config"]))
        if tuple(json.loads(metadata["marks"])) != MARKS:
            raise ValueError("other marks")
        model = ReadableModel(config)
        model.load_state_dict({name: weight.float() for name, weight in weights.items()})
        mixed, card = _mixed(metadata), _card(metadata)
    except (AttributeError, KeyError, TypeError, ValueError, RuntimeError, ConfigError) as error:
        raise ModelError(
            "{path} does not fit this version of Crosstalk ({why}): install Crosstalk again.",
            path=path,
            why=first_line(error),
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
