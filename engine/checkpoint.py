"""A model in one file: weights, configuration, tokens and card (safetensors with metadata)."""

from __future__ import annotations

import base64
import binascii
import dataclasses
import json
from dataclasses import dataclass
from pathlib import Path

import torch

from engine.config import ModelConfig, from_dict, to_dict
from engine.errors import ConfigError, ModelError
from engine.model import SeparatorTransducerSegmenter
from engine.model_card import FORMAT, FORMAT_VERSION, ModelCard
from engine.tokens import Tokens
from engine.weight_file import FileKind, first_line
from engine.word_model import WordModel

FILE = FileKind(
    FORMAT,
    FORMAT_VERSION,
    "model file",
    remedy="install the model again",
    absent="choose or install a model",
)
_WORDS = "words."  # before the names of what belongs to the word model


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
        "config": json.dumps(to_dict(checkpoint.model.config)),
        "card": json.dumps(dataclasses.asdict(checkpoint.card)),
        "tokens": base64.b64encode(checkpoint.tokens.model).decode("ascii"),
    }
    FILE.write(path, weights, metadata)


def load(path: Path) -> Checkpoint:
    """Read a model file.

    Raises:
        ModelError: if it is missing, damaged, not a model of this program, or too new.
    """
    metadata, weights = FILE.read(path)
    tokens = Tokens(_bytes(path, metadata.get("tokens", "")))
    try:
        config = from_dict(ModelConfig, json.loads(metadata["config"]))
        card = _card(metadata)
        model = SeparatorTransducerSegmenter(config, tokens.size)
        words = _words(weights, tokens.size)
        model.load_state_dict({k: v for k, v in weights.items() if not k.startswith(_WORDS)})
    except (AttributeError, KeyError, TypeError, ValueError, RuntimeError, ConfigError) as error:
        raise ModelError(
            "The model {path} does not fit this version of Crosstalk ({why}): install the "
            "model again, or a newer Crosstalk.",
            path=path,
            why=first_line(error),
        ) from error
    return Checkpoint(model.eval(), tokens, card, words)


def _words(weights: dict[str, torch.Tensor], vocabulary: int) -> WordModel | None:
    arrays = {k.removeprefix(_WORDS): v.numpy() for k, v in weights.items() if k.startswith(_WORDS)}
    return WordModel.of_arrays(arrays, vocabulary) if arrays else None


def read_card(path: Path) -> ModelCard:
    """Only the card of a model file. Raises: ModelError."""
    metadata, _ = FILE.read(path, weights=False)
    try:
        return _card(metadata)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ModelError(
            "The model {path} has no readable card: install it again.", path=path
        ) from error


def _card(metadata: dict[str, str]) -> ModelCard:
    known = {f.name for f in dataclasses.fields(ModelCard)}
    return ModelCard(**{k: v for k, v in json.loads(metadata["card"]).items() if k in known})


def _bytes(path: Path, text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ModelError(
            "The word pieces of {path} are damaged: install it again.", path=path
        ) from error
