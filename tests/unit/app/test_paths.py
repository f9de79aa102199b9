"""Where files lie."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.errors import StorageError
from app.paths import data_dir, library_path, log_path, quoted, recordings_dir, resource


def test_everything_lies_in_the_folder_of_the_variable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "some where" / "ünïcode"
    monkeypatch.setenv("CROSSTALK_HOME", str(home))
    assert data_dir() == home
    assert recordings_dir().is_dir()
    assert {recordings_dir().parent, library_path().parent, log_path().parent} == {home}


def test_without_the_variable_it_is_the_users_own_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CROSSTALK_HOME")
    monkeypatch.setattr("platformdirs.user_data_path", lambda name: tmp_path / name)
    assert data_dir() == tmp_path / "crosstalk"
    assert data_dir().is_dir()


def test_a_folder_that_cannot_be_made_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("CROSSTALK_HOME", str(tmp_path / "file" / "home"))
    with pytest.raises(StorageError, match="set CROSSTALK_HOME to a folder that you can write"):
        recordings_dir()


def test_resources_are_found() -> None:
    assert resource("__init__.py").is_file()
    assert resource("sample/meeting.flac").parts[-2:] == ("sample", "meeting.flac")


def test_a_path_with_a_space_is_one_argument() -> None:
    assert quoted(Path("a/b.wav")) == str(Path("a/b.wav"))
    assert quoted(Path("a b.wav")) == '"a b.wav"'
