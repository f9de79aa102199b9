"""A manifest is read as it is, and its first bad line is named with what to do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from engine.data.spoken_manifest import Spoken, read_spoken
from engine.errors import EngineError

GOOD: dict[str, Any] = {
    "id": "u1", "corpus": "c", "speaker": "s", "split": "dev", "duration_s": 3,
    "sex": "F", "age": None, "first_language": None, "region": "Kent", "text": None,
}  # fmt: skip


def manifest(folder: Path, *lines: dict[str, Any] | str) -> Path:
    text = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    (folder / "manifest.jsonl").write_text("\n".join(text) + "\n")
    return folder


def without(column: str) -> dict[str, Any]:
    return {k: v for k, v in GOOD.items() if k != column} | ({"id": "u2"} if column != "id" else {})


def test_a_line_is_an_utterance(tmp_path: Path) -> None:
    found = read_spoken(manifest(tmp_path, GOOD))
    assert found == [Spoken("u1", "c", "s", "dev", 3, "F", None, None, "Kent")]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (without("speaker"), "line 2: the column 'speaker' is missing: add it"),
        (without("id"), "line 2: the column 'id' is missing"),
        (without("region"), "line 2: the column 'region' is missing: add it, with null"),
        (GOOD | {"id": "u2", "speaker": None}, "line 2: the column 'speaker' is empty: fill it"),
        (GOOD | {"id": "u2", "speaker": 7}, "'speaker' holds 7: text is needed"),
        (GOOD | {"id": "u2", "age": "old"}, "'age' holds 'old': a number is needed"),
        (GOOD | {"id": "u2", "duration_s": True}, "'duration_s' holds True: a number"),
        (GOOD, "line 2: the 'u1' of the column 'id' is there already"),
        ('{"id": ', "line 2 is not JSON"),
        ("[1]", "line 2 is no JSON object"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, line: dict[str, Any] | str, message: str) -> None:
    with pytest.raises(EngineError, match=message):
        read_spoken(manifest(tmp_path, GOOD, line))


def test_what_nobody_asks_for_may_be_absent(tmp_path: Path) -> None:
    (_, found) = read_spoken(manifest(tmp_path, GOOD, without("region")), about=["sex"])
    assert found.region is None


def test_a_folder_without_a_manifest_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="holds no manifest"):
        read_spoken(tmp_path)
