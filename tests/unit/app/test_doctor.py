"""The doctor says what is wrong and what to do, and never fails itself."""

from __future__ import annotations

import shutil
import sqlite3
from collections import namedtuple
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app import doctor, models
from app.cli import main
from app.doctor import Finding, anonymous, examine, report
from app.migrations import MIGRATIONS
from app.paths import data_dir, library_path
from app.settings import Settings, settings_path
from app.store import Library
from app.transcript import Transcript
from engine.events import TurnEvent
from tests.scripted_engine import spoken

Usage = namedtuple("Usage", "total used free")


def findings() -> dict[str, Finding]:
    return {finding.name: finding for finding in examine()}


def test_a_healthy_computer() -> None:
    found = findings()
    for name in ("Version", "Packages", "Settings", "Data folder", "Library", "Free disk"):
        assert found[name].ok, found[name]
    assert "Crosstalk" in found["Version"].detail
    assert "torch" in found["Packages"].detail
    assert found["Data folder"].detail == anonymous(str(data_dir()))


def test_what_is_wrong_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    settings_path().write_text("{")
    library_path().write_bytes(b"no database" * 1_000)
    empty = tmp_path_factory.mktemp("empty")
    monkeypatch.setattr(models, "resource", lambda name: empty / name)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(10, 9, 1_000_000_000))
    monkeypatch.setattr(doctor, "PACKAGES", ("torch", "no-such-package"))
    found = findings()
    advice = {
        "Packages": "no-such-package is not installed",
        "Settings": "damaged",
        "Model": "install Crosstalk again",
        "Readable text": "install Crosstalk again",
        "Library": "not a library",
        "Free disk": "free some space",
    }
    for name, words in advice.items():
        assert not found[name].ok
        assert words in found[name].detail


def test_the_report_has_a_line_for_each(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["doctor"])
    assert ended.value.code == 0
    lines = capfd.readouterr().out.splitlines()
    assert len(lines) == len(doctor.CHECKS)
    assert all(line.startswith(("ok", "warn")) for line in lines)


def test_the_library_is_counted_and_checked() -> None:
    assert "none yet" in findings()["Library"].detail
    with Library(library_path()) as library:
        library.create_meeting("Secret merger", data_dir() / "a.wav", datetime.now(UTC))
    found = findings()["Library"]
    assert found.ok
    newest = f"1 meetings, 0.1 MB, version {len(MIGRATIONS)} of {len(MIGRATIONS)}, 0 backups, whole"
    assert found.detail == newest
    (data_dir() / "library.sqlite.v2.backup").write_bytes(b"old")
    assert "1 backups" in findings()["Library"].detail


def test_a_damaged_page_of_the_library_is_found_and_a_backup_named() -> None:
    with Library(library_path()) as library:
        for number in range(300):
            path = data_dir() / f"{number}.wav"
            library.create_meeting("Meeting " * 20, path, datetime.now(UTC))
    content = bytearray(library_path().read_bytes())
    with sqlite3.connect(library_path()) as connection:
        (page,) = connection.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = 'meetings'"
        ).fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    connection.close()
    content[(page - 1) * size : page * size] = bytes(size)
    library_path().write_bytes(content)
    (data_dir() / "library.sqlite.v2.backup").write_bytes(b"old")
    found = findings()["Library"]
    assert not found.ok
    assert "damaged" in found.detail
    assert library_path().read_bytes() == content


def test_settings_that_are_not_as_they_came_are_named() -> None:
    Settings(theme="dark", device="cpu", input_device="Anna's headset").save()
    detail = findings()["Settings"].detail
    assert "device = cpu, theme = dark" in detail
    assert "Anna" not in detail


def test_the_report_tells_nothing_about_people(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    home = tmp_path / "users" / "erika.mustermann"
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("CROSSTALK_HOME", str(home / ".local" / "share" / "crosstalk"))
    events: list[TurnEvent] = spoken(1, 0.1, 0.5, "confidential")
    transcript = Transcript()
    for event in events:
        transcript.apply(event)
    with Library(library_path()) as library:
        meeting = library.create_meeting("Merger talk", data_dir() / "a.wav", datetime.now(UTC))
        library.save_turns(meeting.id, transcript)
        library.rename_speaker(meeting.id, 1, "Dr Okafor")
    Settings(model=str(home / "my.safetensors")).save()
    text = report()
    for secret in ("erika", "mustermann", "confidential", "Merger", "Okafor", str(tmp_path)):
        assert secret not in text
    assert "~/.local/share/crosstalk" in text
    assert len(text.splitlines()) == len(doctor.CHECKS)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("/u/ann/a.wav", "~/a.wav"),
        ("/disks/ann/stick", "/disks/~/stick"),
        ("the annual plan", "the annual plan"),
        ("one\ntwo", "one two"),
    ],
)
def test_the_name_of_the_user_is_left_out_of_paths(
    monkeypatch: pytest.MonkeyPatch, said: str, shown: str
) -> None:
    monkeypatch.setenv("HOME", "/u/ann")
    assert anonymous(said) == shown


def test_sleep_and_the_computers_sound_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "can_stay_awake", lambda: False)
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setattr("sys.platform", "linux")
    found = findings()
    assert not found["Sleep"].ok
    assert "switch sleep off before a long meeting" in found["Sleep"].detail
    assert found["Computer sound"].ok  # nobody wants it
    Settings(record_system_audio=True, keep_awake=False).save()
    found = findings()
    assert found["Sleep"].ok
    assert not found["Computer sound"].ok
    assert "apt install pulseaudio-utils" in found["Computer sound"].detail
    monkeypatch.setattr(doctor, "can_stay_awake", lambda: True)
    assert "does not go to sleep" in findings()["Sleep"].detail
