"""What is pasted into a report of a bug tells nothing about people, also when all is broken."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from datetime import UTC, datetime

import pytest

from app import doctor
from app.doctor import CHECKS, report
from app.paths import data_dir, library_path, recordings_dir
from app.settings import Settings, settings_path
from app.store import Library
from app.transcript import Transcript
from tests.scripted_engine import spoken

SECRET = "zebrafink"


@pytest.fixture(autouse=True)
def light(monkeypatch: pytest.MonkeyPatch) -> None:
    """The model tells nothing about the user, and takes long to load."""
    checks = tuple(check for check in CHECKS if check[0] not in ("Model", "Readable text", "GPU"))
    monkeypatch.setattr(doctor, "CHECKS", checks)


def full_of_secrets() -> None:
    transcript = Transcript()
    for number in range(1, 60):
        for event in spoken(number, number, number + 0.5, f"{SECRET} said {SECRET}"):
            transcript.apply(event)
    with Library(library_path()) as library:
        library._database.execute("PRAGMA synchronous = OFF")
        for number in range(12):
            sound = recordings_dir() / f"{SECRET} {number}.wav"
            sound.write_bytes(b"RIFF")
            meeting = library.create_meeting(f"About {SECRET}", sound, datetime.now(UTC))
            library.save_turns(meeting.id, transcript)
            library.rename_speaker(meeting.id, 1, f"Dr. {SECRET}")
            library.notes.add(meeting.id, 16_000, f"ask {SECRET}")


def check_report(lines: int | None = None) -> None:
    told = report()
    assert SECRET not in told.lower()
    assert len(told.splitlines()) == len(doctor.CHECKS)


def test_a_full_library_tells_nothing() -> None:
    full_of_secrets()
    check_report()


@pytest.mark.parametrize("seed", range(6))
def test_a_damaged_library_tells_nothing(seed: int) -> None:
    full_of_secrets()
    content, chance = bytearray(library_path().read_bytes()), random.Random(seed)
    pages = len(content) // 4_096
    for page in chance.sample(range(1, pages), pages // 6):
        at = page * 4_096 + chance.randrange(2_000)
        content[at : at + 2_000] = chance.randbytes(2_000)
    library_path().write_bytes(content)
    check_report()
    assert library_path().read_bytes() == content  # it only looks


def test_rows_that_break_the_rules_of_their_table_tell_nothing() -> None:
    full_of_secrets()
    with closing(sqlite3.connect(library_path())) as database:
        database.execute("PRAGMA ignore_check_constraints = ON")
        database.execute(f"UPDATE meetings SET state = '{SECRET}' WHERE id = 1")
        database.execute("DELETE FROM meetings WHERE id = 2")
        database.commit()
    check_report()


def test_settings_tell_nothing() -> None:
    Settings(input_device=f"{SECRET}'s headset", model=SECRET, language="de").save()
    check_report()
    text = settings_path().read_text().replace('"de"', f'"{SECRET}"')
    settings_path().write_text(text)
    check_report()
    settings_path().write_text(f"{{{SECRET}")
    check_report()
    assert data_dir().is_dir()


def test_a_check_that_breaks_is_one_line_more_and_no_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken() -> str:
        raise ZeroDivisionError(SECRET)

    monkeypatch.setattr(doctor, "CHECKS", (("Broken", broken), *doctor.CHECKS))
    told = report()
    assert "warn  Broken:" in told
    assert "ZeroDivisionError" in told
    check_report()
