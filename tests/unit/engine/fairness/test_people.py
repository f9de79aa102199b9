"""A manifest's people: what is read, and how a bad line is named."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from engine.errors import EngineError
from engine.fairness.people import AGES, NOT_STATED, Person, read_people
from engine.fairness.places import PLACES, Place

LINE: dict[str, Any] = {
    "id": "u1",
    "path": "u1.wav",
    "corpus": "c",
    "speaker": "ann",
    "split": "dev",
    "text": "one",
    "sex": "F",
    "age": 15,
    "region": "Ireland",
}


def manifest(folder: Path, *changes: dict[str, Any]) -> Path:
    path = folder / "manifest.jsonl"
    path.write_text("".join(json.dumps(LINE | change) + "\n" for change in changes))
    return path


def test_a_stated_region_gives_a_coarse_place(tmp_path: Path) -> None:
    person = read_people(manifest(tmp_path, {}, {"id": "u2"}))["ann"]
    assert person == Person("ann", "c", "F", 15.0, None, "Ireland", PLACES["Ireland"], coarse=True)
    assert person.age_group == "13 to 19"
    assert person.attribute("first_language") == NOT_STATED


def test_own_coordinates_come_before_those_of_the_region(tmp_path: Path) -> None:
    person = read_people(manifest(tmp_path, {"latitude": 51.9, "longitude": -8}))["ann"]
    assert (person.place, person.coarse) == (Place(51.9, -8.0), False)


def test_nothing_need_be_known_of_anybody(tmp_path: Path) -> None:
    nothing = dict.fromkeys(("sex", "age", "region", "text"))
    person = read_people(manifest(tmp_path, nothing))["ann"]
    assert person == Person("ann", "c")
    assert person.age_group is None


@pytest.mark.parametrize(("age", "group"), [(0, 0), (12, 0), (13, 1), (39, 2), (59, 3), (120, 4)])
def test_every_age_has_a_group(age: int, group: int) -> None:
    assert Person("ann", "c", age=age).age_group == AGES[group][1]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"speaker": ""}, "the column 'speaker' is empty. Fill it in"),
        ({"speaker": None}, "the column 'speaker' is empty"),
        ({"text": " "}, "the column 'text' is empty. Write what is said, or null"),
        ({"latitude": 91, "longitude": 0}, "'latitude' is 91, not between -90 and 90. Correct it"),
        ({"latitude": 0, "longitude": -181}, "'longitude' is -181, not between -180 and 180"),
        ({"latitude": 4}, "the column 'longitude' is missing. Give both"),
        ({"longitude": 4}, "the column 'latitude' is missing"),
        ({"latitude": "4", "longitude": 4}, "the column 'latitude' is no number"),
        ({"age": "old"}, "the column 'age' is no number. Write a number or null"),
        ({"age": -1}, "the column 'age' is -1, not between 0 and 120"),
        ({"sex": 1}, "the column 'sex' is no text"),
        ({"sex": "M"}, "'sex' of ann is 'M', in line 1 it is 'F'. Say the same"),
        ({"region": None}, "the column 'region' of ann is None, in line 1 it is 'Ireland'"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, change: dict[str, Any], message: str) -> None:
    with pytest.raises(EngineError) as raised:
        read_people(manifest(tmp_path, {}, {"id": "bad"} | change))
    assert str(raised.value).startswith("manifest.jsonl, line 2 (bad): ")
    assert message in str(raised.value)


@pytest.mark.parametrize("column", ["id", "path", "corpus", "speaker", "split", "text"])
def test_a_missing_column_is_named(tmp_path: Path, column: str) -> None:
    path = tmp_path / "manifest.jsonl"
    path.write_text(json.dumps({k: v for k, v in LINE.items() if k != column}) + "\n")
    with pytest.raises(EngineError, match=f"line 1 .*the column '{column}' is missing. Add it"):
        read_people(path)


@pytest.mark.parametrize("text", ["{half", "[]", ""])
def test_a_line_that_is_no_object_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "manifest.jsonl"
    path.write_text(json.dumps(LINE) + f"\n{text}\n")
    with pytest.raises(EngineError, match=r"line 2 \(no id\): it is no JSON object"):
        read_people(path)


def test_a_manifest_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match=r"manifest\.jsonl is missing"):
        read_people(tmp_path / "manifest.jsonl")
