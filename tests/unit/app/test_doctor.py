"""The doctor says what is wrong and what to do, and never fails itself."""

from __future__ import annotations

import shutil
from collections import namedtuple

import pytest

from app import doctor, models
from app.cli import main
from app.doctor import Finding, examine
from app.paths import data_dir, library_path
from app.settings import settings_path

Usage = namedtuple("Usage", "total used free")


def findings() -> dict[str, Finding]:
    return {finding.name: finding for finding in examine()}


def test_a_healthy_computer() -> None:
    found = findings()
    for name in ("Version", "Packages", "Settings", "Data folder", "Library", "Free disk"):
        assert found[name].ok, found[name]
    assert "Crosstalk" in found["Version"].detail
    assert "torch" in found["Packages"].detail
    assert found["Data folder"].detail == str(data_dir())


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
        "Library": "move it away",
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
