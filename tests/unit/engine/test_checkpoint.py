"""A model file is read whole or refused with a sentence that helps."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor

from engine import checkpoint, weight_file
from engine.checkpoint import Checkpoint
from engine.config import SearchConfig
from engine.errors import ModelError
from engine.model_card import ModelCard
from engine.recognizer import Recognizer
from tests.unit.engine import tiny

CARD = ModelCard("tiny", "2", "A model of the tests.", "en", "MIT", "six", figures={"WER": 20.5})
Metadata = dict[str, str]
Weights = dict[str, Tensor]
Change = Callable[[Metadata, Weights], object]


@pytest.fixture(scope="module")
def saved() -> Checkpoint:
    config = dataclasses.replace(tiny.model_config(), search=SearchConfig(beam=2))
    return Checkpoint(tiny.model(config, seed=5), tiny.word_tokens(), CARD)


@pytest.fixture
def path(saved: Checkpoint, tmp_path: Path) -> Path:
    path = tmp_path / "tiny.safetensors"
    checkpoint.save(saved, path)
    return path


def change(path: Path, how: Change) -> None:
    """Write the file again with other metadata or weights."""
    with safe_open(path, framework="pt") as file:
        metadata = dict(file.metadata())
        weights = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118
    how(metadata, weights)
    save_file(weights, path, metadata)


def test_what_is_saved_is_loaded(saved: Checkpoint, path: Path) -> None:
    loaded = checkpoint.load(path)
    assert loaded.card == CARD
    assert loaded.tokens.model == saved.tokens.model
    assert loaded.model.config == saved.model.config
    assert not loaded.model.training
    weights = loaded.model.state_dict()
    assert weights.keys() == saved.model.state_dict().keys()
    assert all(torch.equal(weights[k], v) for k, v in saved.model.state_dict().items())


def test_a_loaded_model_says_the_same(saved: Checkpoint, path: Path) -> None:
    audio = tiny.noise(2.0)[0].numpy()
    recognizer = Recognizer.load(path, "cpu")
    assert recognizer.card == CARD
    events = recognizer.transcribe(audio)
    assert events
    assert events == Recognizer(saved, "cpu").transcribe(audio)


def test_the_card_alone(path: Path) -> None:
    assert checkpoint.read_card(path) == CARD


def test_a_card_of_a_newer_version_is_read_as_far_as_it_is_understood(path: Path) -> None:
    def more(metadata: Metadata, _: Weights) -> None:
        metadata["card"] = json.dumps({**json.loads(metadata["card"]), "smell": "roses"})

    change(path, more)
    assert checkpoint.read_card(path) == checkpoint.load(path).card == CARD


def test_a_failed_save_leaves_the_file_before_it_whole(
    saved: Checkpoint, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: Weights, part: Path, __: Metadata) -> None:
        part.write_bytes(b"half")
        raise OSError("No space left on device")

    monkeypatch.setattr(weight_file, "save_file", fail)
    with pytest.raises(ModelError, match=r"No space left.*make room"):
        checkpoint.save(saved, path)
    assert checkpoint.load(path).card == CARD
    assert list(path.parent.iterdir()) == [path]


def test_a_folder_that_is_not_there_cannot_be_written_to(saved: Checkpoint, tmp_path: Path) -> None:
    path = tmp_path / "nowhere" / "tiny.safetensors"
    with pytest.raises(ModelError, match="choose another folder") as error:
        checkpoint.save(saved, path)
    assert str(path) in str(error.value)


def refused(path: Path, message: str, card: bool = True) -> None:
    """The model is refused with this message that names the file, and so is its card."""
    with pytest.raises(ModelError, match=message) as error:
        checkpoint.load(path)
    assert str(path) in str(error.value)
    if card:
        with pytest.raises(ModelError):
            checkpoint.read_card(path)


def test_a_missing_file(tmp_path: Path) -> None:
    refused(tmp_path / "none", "There is no model file at")


def test_a_folder(tmp_path: Path) -> None:
    refused(tmp_path, "There is no model file at")


@pytest.mark.parametrize("content", [b"", b"words", b"\0" * 100, b"RIFF....WAVEfmt "])
def test_a_file_that_is_no_model(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    refused(path, "damaged or not a model file")


@pytest.mark.parametrize("share", [0.0001, 0.05, 0.5, 0.999])
def test_a_truncated_file(path: Path, share: float) -> None:
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    refused(path, "damaged or not a model file")


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_weights_that_are_no_numbers(path: Path, value: float) -> None:
    change(path, lambda _, w: w["transducer.output.bias"].view(-1)[0].fill_(value))
    refused(path, "damaged", card=False)


@pytest.mark.parametrize("metadata", [None, {"format": "pt"}])
def test_a_model_of_another_program(path: Path, metadata: Metadata | None) -> None:
    save_file({"weight": torch.zeros(3)}, path, metadata)
    refused(path, "not a model file made for Crosstalk")


@pytest.mark.parametrize("version", ["2", "99", "1.5", "", "\u00b2"])
def test_a_newer_format(path: Path, version: str) -> None:
    change(path, lambda metadata, _: metadata.update(format_version=version))
    refused(path, "update Crosstalk")


CHANGES: dict[str, Change] = {
    "unknown setting": lambda m, _: m.update(config='{"telepathy": 1}'),
    "value out of bounds": lambda m, _: m.update(config='{"search": {"beam": 0}}'),
    "value of another type": lambda m, _: m.update(config='{"search": {"beam": "x"}}'),
    "stage of another type": lambda m, _: m.update(config='{"search": 5}'),
    "config is no object": lambda m, _: m.update(config="[]"),
    "config is no JSON": lambda m, _: m.update(config="{"),
    "config of another size": lambda m, _: m.update(config='{"voice": {"size": 5}}'),
    "no config": lambda m, _: m.pop("config"),
    "weight missing": lambda _, w: w.pop("transducer.output.bias"),
    "weight too many": lambda _, w: w.update(other=torch.zeros(1)),
    "weight of another shape": lambda _, w: w.update({"frontend.mean": torch.zeros(3)}),
}


@pytest.mark.parametrize("how", CHANGES.values(), ids=CHANGES)
def test_a_model_that_does_not_fit(path: Path, how: Change) -> None:
    change(path, how)
    refused(path, "does not fit this version", card=False)
    assert checkpoint.read_card(path) == CARD


@pytest.mark.parametrize("card", ["", "{", "[]", "{}", "7"])
def test_a_damaged_card(path: Path, card: str) -> None:
    change(path, lambda metadata, _: metadata.update(card=card))
    refused(path, "does not fit this version")


@pytest.mark.parametrize("tokens", ["", "????", "AAAA"])
def test_damaged_word_pieces(path: Path, tokens: str) -> None:
    change(path, lambda metadata, _: metadata.update(tokens=tokens))
    with pytest.raises(ModelError, match="install"):
        checkpoint.load(path)
