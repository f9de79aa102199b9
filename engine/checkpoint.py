"""A model in one file: weights, configuration, tokens and card (safetensors with metadata)."""

from __future__ import annotations

import base64
import binascii
import dataclasses
import json
from dataclasses import dataclass, field
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file

from engine.config import ModelConfig, from_dict, to_dict
from engine.errors import ConfigError, ModelError
from engine.model import SeparatorTransducerSegmenter
from engine.tokens import Tokens
from engine.word_model import WordModel

FORMAT = "crosstalk-model"
FORMAT_VERSION = 1
_WORDS = "words."  # before the names of what belongs to the word model


@dataclass(frozen=True)
class ModelCard:
    """What people should know about a model. ``figures`` are named measurements."""

    name: str
    version: str = "1"
    description: str = ""
    language: str = "en"
    licence: str = ""
    vocabulary: str = ""
    training_data: str = ""
    limits: str = ""
    created: str = ""
    figures: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Checkpoint:
    """A model with everything needed to use it.

    ``words`` is None where the tokens are the words, or pieces of them, as they come.
    """

    model: SeparatorTransducerSegmenter
    tokens: Tokens
    card: ModelCard
    words: WordModel | None = None


def save(checkpoint: Checkpoint, path: Path) -> None:
    """Write a model file; an existing one is replaced only when the new one is whole.

    Raises:
        ModelError: when it cannot be written.
    """
    weights = {k: v.detach().cpu().contiguous() for k, v in checkpoint.model.state_dict().items()}
    if checkpoint.words is not None:
        arrays = checkpoint.words.arrays()
        weights |= {_WORDS + k: torch.from_numpy(v.copy()) for k, v in arrays.items()}
    metadata = {
        "format": FORMAT,
        "format_version": str(FORMAT_VERSION),
        "config": json.dumps(to_dict(checkpoint.model.config)),
        "card": json.dumps(dataclasses.asdict(checkpoint.card)),
        "tokens": base64.b64encode(checkpoint.tokens.model).decode("ascii"),
    }
    part = path.with_name(path.name + ".part")
    try:
        save_file(weights, part, metadata)
        part.replace(path)
    except (SafetensorError, OSError) as error:
        part.unlink(missing_ok=True)
        raise ModelError(
            f"The model cannot be written to {path} ({_first_line(error)}): "
            "choose another folder or make room."
        ) from error


def load(path: Path) -> Checkpoint:
    """Read a model file.

    Raises:
        ModelError: if it is missing, damaged, not a model of this program, or too new.
    """
    metadata, weights = _read(path)
    tokens = Tokens(_bytes(path, metadata.get("tokens", "")))
    try:
        config = from_dict(ModelConfig, json.loads(metadata["config"]))
        card = _card(metadata)
        model = SeparatorTransducerSegmenter(config, tokens.size)
        words = _words(weights, tokens.size)
        model.load_state_dict({k: v for k, v in weights.items() if not k.startswith(_WORDS)})
    except (AttributeError, KeyError, TypeError, ValueError, RuntimeError, ConfigError) as error:
        raise ModelError(
            f"The model {path} does not fit this version of Crosstalk ({_first_line(error)}): "
            "install the model again, or a newer Crosstalk."
        ) from error
    return Checkpoint(model.eval(), tokens, card, words)


def _words(weights: dict[str, torch.Tensor], vocabulary: int) -> WordModel | None:
    arrays = {k.removeprefix(_WORDS): v.numpy() for k, v in weights.items() if k.startswith(_WORDS)}
    return WordModel.of_arrays(arrays, vocabulary) if arrays else None


def read_card(path: Path) -> ModelCard:
    """Only the card of a model file. Raises: ModelError."""
    metadata, _ = _read(path, weights=False)
    try:
        return _card(metadata)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ModelError(f"The model {path} has no readable card: install it again.") from error


def _card(metadata: dict[str, str]) -> ModelCard:
    known = {f.name for f in dataclasses.fields(ModelCard)}
    return ModelCard(**{k: v for k, v in json.loads(metadata["card"]).items() if k in known})


def _read(path: Path, weights: bool = True) -> tuple[dict[str, str], dict[str, torch.Tensor]]:
    if not path.is_file():
        raise ModelError(f"There is no model file at {path}: choose or install a model.")
    try:
        with safe_open(path, framework="pt") as file:
            metadata: dict[str, str] = file.metadata() or {}
            tensors = {k: file.get_tensor(k) for k in file.keys()} if weights else {}  # noqa: SIM118
    except (SafetensorError, OSError) as error:
        raise ModelError(
            f"{path} is damaged or not a model file ({_first_line(error)}): "
            "install the model again."
        ) from error
    _check(path, metadata)
    broken = [name for name, weight in tensors.items() if not weight.isfinite().all()]
    if broken:
        raise ModelError(f"{path} is damaged (no numbers in {broken[0]}): install the model again.")
    return metadata, tensors


def _check(path: Path, metadata: dict[str, str]) -> None:
    if metadata.get("format") != FORMAT:
        raise ModelError(f"{path} is not a Crosstalk model: choose a model made for Crosstalk.")
    version = metadata.get("format_version", "")
    if not version.isdecimal() or int(version) > FORMAT_VERSION:
        raise ModelError(
            f"The model {path} was made for a newer Crosstalk (format {version}): update Crosstalk."
        )


def _bytes(path: Path, text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ModelError(f"The word pieces of {path} are damaged: install it again.") from error


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
