"""Settings survive: saved all or nothing, a damaged file kept aside."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from app.files import OutputError
from app.settings import Settings, settings_path


def test_without_a_file_there_are_defaults() -> None:
    settings, warning = Settings.load()
    assert settings == Settings(input_device=None, device="auto", theme="system", model=None)
    assert warning is None


def test_what_was_saved_is_loaded() -> None:
    settings = Settings(input_device="Röde NT-USB", device="cpu", theme="dark", model="small")
    settings.save()
    assert Settings.load() == (settings, None)


def test_a_setting_of_another_version_is_kept() -> None:
    settings_path().write_text('{"theme": "dark", "waveform": true}')
    settings, _ = Settings.load()
    settings.theme = "light"
    settings.save()
    assert '"waveform": true' in settings_path().read_text()


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"theme": "pink"}', b"\xff\x00"])
def test_a_damaged_file_is_kept_aside(content: bytes) -> None:
    path = settings_path()
    path.write_bytes(content)
    settings, warning = Settings.load()
    assert settings == Settings()
    assert warning is not None
    assert "defaults" in warning
    assert path.with_name("settings.json.damaged").read_bytes() == content
    assert not path.exists()
    assert Settings.load() == (Settings(), None)


def test_a_file_that_cannot_be_read_is_reported(tmp_path: Path) -> None:
    settings, warning = Settings.load(tmp_path)
    assert settings == Settings()
    assert warning is not None
    assert "cannot be read" in warning


def test_a_wrong_value_is_refused_at_once() -> None:
    settings = Settings()
    with pytest.raises(ValidationError):
        settings.theme = "pink"  # type: ignore[assignment]


def test_a_missing_folder_is_explained(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="create it"):
        Settings().save(tmp_path / "missing" / "settings.json")
