"""`crosstalk people`: whose voices are saved, and deleting them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.paths import library_path
from app.store import Library
from tests.unit.app.running import run
from tests.unit.app.test_store_voices import Home, unit, voiced

AGREED = datetime(2026, 1, 31, 12, tzinfo=UTC)


@pytest.fixture
def people() -> list[str]:
    with Library(library_path()) as library:
        home = Home(library)
        for seed, name in ((1, "Sarah"), (2, "Bob")):
            meeting = home.meet(*voiced(1, 0, 12, 1, unit(seed)))
            library.voices.enrol(meeting, 1, name, AGREED)
    return ["Bob", "Sarah"]


def saved() -> list[str]:
    with Library(library_path()) as library:
        return [person.name for person in library.voices.people()]


def test_people_are_listed(people: list[str], capfd: pytest.CaptureFixture[str]) -> None:
    assert run("people") == 0
    _, *rows = [line.split("\t") for line in capfd.readouterr().out.splitlines()]
    assert [row[:3] for row in rows] == [["2", "Bob", "12 s"], ["1", "Sarah", "12 s"]]
    assert [row[4] for row in rows] == ["small", "small"]


def test_one_is_deleted_by_name_or_number(people: list[str]) -> None:
    assert run("people", "delete", "sarah") == 0
    assert saved() == ["Bob"]
    assert run("people", "delete", "2") == 0
    assert saved() == []


def test_all_are_deleted(people: list[str]) -> None:
    assert run("people", "delete", "--all") == 0
    assert saved() == []


def test_an_unknown_person_is_refused(people: list[str], capfd: pytest.CaptureFixture[str]) -> None:
    assert run("people", "delete", "Carol") == 2
    assert "There is no voice of 'Carol': `crosstalk people` lists" in capfd.readouterr().err
    assert saved() == people


@pytest.mark.parametrize("arguments", [[], ["Sarah", "--all"]])
def test_what_to_delete_must_be_clear(people: list[str], arguments: list[str]) -> None:
    assert run("people", "delete", *arguments) == 2
    assert saved() == people
