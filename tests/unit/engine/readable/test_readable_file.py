"""A file comes back as it was written; one that cannot be used says what to do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import save_file

from engine import weight_file
from engine.errors import ModelError
from engine.readable.file import load, save
from tests.unit.engine.small_readable import SAID, readable


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "readable.safetensors"
    save(readable(), made)
    return made


def rewrite(path: Path, **changes: str) -> None:
    with safe_open(path, framework="pt") as opened:
        metadata = opened.metadata()
        weights = {name: opened.get_tensor(name) for name in opened.keys()}  # noqa: SIM118
    save_file(weights, path, {**metadata, **changes})


def test_a_file_says_what_was_saved(path: Path) -> None:
    saved, read = readable(), load(path)
    assert (read.card, read.mixed) == (saved.card, saved.mixed)
    assert read.model.config == saved.model.config
    assert read.texts(read.hear(read.begin(), SAID), True) == saved.texts(
        saved.hear(saved.begin(), SAID), True
    )


def test_weights_take_two_bytes_each(path: Path) -> None:
    weights = sum(p.numel() for p in readable().model.parameters())
    assert 2 * weights < path.stat().st_size < 2 * weights + 4_000


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"format": "crosstalk-model"}, "not a file for readable text"),
        ({"format_version": "2"}, "newer Crosstalk"),
        ({"config": json.dumps({"layers": 9})}, "does not fit this version"),
        ({"config": json.dumps({"hidden": 13})}, "does not fit this version"),
        ({"config": "{"}, "does not fit this version"),
        ({"marks": json.dumps(["", "."])}, "does not fit this version"),
        ({"mixed": json.dumps({"ipod": 1})}, "does not fit this version"),
        ({"card": "[]"}, "does not fit this version"),
    ],
)
def test_a_file_of_something_else_is_refused(
    path: Path, changes: dict[str, str], message: str
) -> None:
    rewrite(path, **changes)
    with pytest.raises(ModelError, match=message):
        load(path)


def test_a_damaged_file_is_refused(path: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="There is no file"):
        load(tmp_path / "other.safetensors")
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(ModelError, match="damaged"):
        load(path)
    path.write_text("a letter")
    with pytest.raises(ModelError, match="damaged"):
        load(path)


def test_weights_that_are_no_numbers_are_refused(tmp_path: Path) -> None:
    made = readable()
    with torch.no_grad():
        made.model.output.bias[0] = float("nan")
    save(made, tmp_path / "readable.safetensors")
    with pytest.raises(ModelError, match="no numbers"):
        load(tmp_path / "readable.safetensors")


def test_a_file_that_cannot_be_written_leaves_the_old_one(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = path.read_bytes()

    def full(*_: Any) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(weight_file, "save_file", full)
    with pytest.raises(ModelError, match="No space left"):
        save(readable(1), path)
    assert path.read_bytes() == before
