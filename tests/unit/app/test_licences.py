"""Every work that the app is made of is named with its licence."""

from __future__ import annotations

from pathlib import Path

import pytest

from app import licences
from app.licences import licence_text, packages


def test_all_packages_of_the_app_are_there_and_the_laboratory_is_not() -> None:
    names = [package.name.lower().replace("_", "-") for package in packages()]
    assert names[0] == "crosstalk"
    assert {"torch", "pyside6-addons", "shiboken6", "av", "soxr", "cffi"} <= set(names)
    assert not {"pytest", "matplotlib", "torchaudio"} & set(names)
    assert len(names) == len(set(names))


def test_each_has_a_licence() -> None:
    text = licence_text()
    assert "Apache License" in text
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in text.upper()
    for package in packages():
        assert f"\n{package.name} {package.version}\n" in text


def test_a_build_shows_the_text_that_it_carries(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "licences.txt").write_text("All of them: ©", "utf-8")
    monkeypatch.setattr(licences, "resource", lambda name: tmp_path / name)
    assert licence_text() == "All of them: ©"
