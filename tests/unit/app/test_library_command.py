"""`crosstalk meetings`: what a library holds, found, deleted and brought back."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from app.library_command import size_text
from app.paths import library_path, recordings_dir
from app.store import Library
from app.store_bin import KEPT_DAYS
from app.transcript import Transcript, Turn
from engine.events import Word
from tests.unit.app.running import run

BEGAN = datetime(2026, 1, 5, 12).astimezone()


def add(title: str, text: str, days: int = 0) -> int:
    words = tuple(Word(word, 16_000, 32_000, 0.5) for word in text.split())
    recording = recordings_dir() / f"{title}.wav"
    recording.write_bytes(bytes(1_500_000))
    with Library(library_path()) as library:
        number = library.create_meeting(title, recording, BEGAN + timedelta(days=days)).id
        turns = {1: Turn(1, 0, 16_000, 32_000, 1, words)}
        library.save_turns(number, Transcript(turns=turns))
        library.finish_meeting(number, 60.0)
    return number


@pytest.fixture(autouse=True)
def meetings() -> None:
    add("Plans", "the budget is fine")
    add("Choir", "no budget for choirs", days=1)
    with Library(library_path()) as library:
        library.rename_speaker(1, 1, "Ada")


def lines(capfd: pytest.CaptureFixture[str]) -> list[list[str]]:
    return [line.split("\t") for line in capfd.readouterr().out.splitlines()[1:]]


def test_meetings_are_listed_with_their_size(capfd: pytest.CaptureFixture[str]) -> None:
    assert run("meetings") == 0
    said = capfd.readouterr()
    (_, first, second) = [line.split("\t") for line in said.out.splitlines()]
    assert first[:3] == ["2", "Choir", "2026-01-06 12:00"]
    assert second[3:] == ["0:01:00.0", "1.5 MB", "1", "1", "finished"]
    assert "recordings 3.0 MB" in said.err


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ([], ["2", "1"]),
        (["--person", "ada"], ["1"]),
        (["--since", "2026-01-06"], ["2"]),
        (["--until", "2026-01-05"], ["1"]),
        (["--since", "2026-01-05", "--until", "2026-01-06"], ["2", "1"]),
        (["--person", "Nobody"], []),
    ],
)
@pytest.mark.parametrize("search", [[], ["--search", "budg"]])
def test_filters_hold_for_the_list_and_the_search(
    capfd: pytest.CaptureFixture[str], search: list[str], filters: list[str], found: list[str]
) -> None:
    assert run("meetings", *search, *filters) == 0
    assert [line[0] for line in lines(capfd)] == found


def test_a_hit_says_where_it_is(capfd: pytest.CaptureFixture[str]) -> None:
    assert run("meetings", "--search", '"budget is"') == 0
    assert lines(capfd) == [
        ["1", "Plans", "2026-01-05 12:00", "1", "0:00:01.0", "Ada", "the **budget is** fine"]
    ]
    assert run("meetings", "--search", "PLANS") == 0
    assert lines(capfd) == [["1", "Plans", "2026-01-05 12:00", "", "", "", "**Plans**"]]
    assert run("meetings", "--search", '"AND (') == 0
    assert lines(capfd) == []


def test_a_meeting_is_deleted_and_brought_back(capfd: pytest.CaptureFixture[str]) -> None:
    assert run("meetings", "delete", "plans") == 0
    assert "`crosstalk meetings restore 1`" in capfd.readouterr().err
    assert run("meetings") == 0
    assert [line[1] for line in lines(capfd)] == ["Choir"]
    with Library(library_path()) as library:
        library.bin.put(1)
    assert run("meetings", "bin") == 0
    assert [(line[0], line[1], line[4]) for line in lines(capfd)] == [("1", "Plans", "1.5 MB")]
    assert run("meetings", "restore", "1") == 0
    assert "is in the library again" in capfd.readouterr().err
    assert run("meetings", "bin") == 0
    assert lines(capfd) == []
    assert (recordings_dir() / "Plans.wav").is_file()


def test_the_bin_is_emptied_when_told_to_and_by_time(capfd: pytest.CaptureFixture[str]) -> None:
    with Library(library_path()) as library:
        library.bin.put(1, datetime.now().astimezone() - timedelta(days=KEPT_DAYS, hours=1))
        library.bin.put(2)
    assert run("meetings", "bin") == 0
    assert [line[1] for line in lines(capfd)] == ["Choir"]
    assert run("meetings", "bin", "--empty") == 0
    assert "1 meetings" in capfd.readouterr().err
    assert list(recordings_dir().parent.glob("bin/*")) == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["delete", "7"], "no meeting called '7': take a number from `crosstalk meetings`"),
        (["restore", "1"], "take a number from `crosstalk meetings bin`"),
        (["--since", "yesterday"], "Invalid value for '--since'"),
    ],
)
def test_what_cannot_be_done_is_explained(
    capfd: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    assert run("meetings", *arguments) == 2
    assert message in " ".join(capfd.readouterr().err.split())


@pytest.mark.parametrize(
    ("size", "text"), [(0, "0.0 MB"), (1_540_000, "1.5 MB"), (2_000_000_000, "2.0 GB")]
)
def test_sizes(size: int, text: str) -> None:
    assert size_text(size) == text
