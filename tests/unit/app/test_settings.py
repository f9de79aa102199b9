"""Settings survive: saved all or nothing, a damaged file kept aside."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from app.files import OutputError
from app.settings import Settings, settings_path
from app.settings_file import MIGRATIONS, VERSION


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


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\x00", b"[" * 100_000])
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


def put(**fields: Any) -> None:
    settings_path().write_text(json.dumps(fields), "utf-8")


def kept() -> dict[str, Any]:
    fields: dict[str, Any] = json.loads(settings_path().read_text("utf-8"))
    return fields


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("font_scale", 0.79),
        ("font_scale", 2.01),
        ("font_scale", float("nan")),
        ("silence_prompt_min", -1),
        ("silence_prompt_min", 241),
        ("pre_roll_s", 31),
        ("language", "Deutsch"),
        ("device", "abacus"),
        ("shortcuts", {"record": 3}),
        ("shortcuts", {str(n): "" for n in range(501)}),
        ("keep_awake", "perhaps"),
        ("version", 0),
    ],
)
def test_values_are_bounded(name: str, value: object) -> None:
    before = Settings()
    with pytest.raises(ValidationError):
        setattr(before, name, value)
    assert before == Settings()


def test_every_setting_is_described() -> None:
    for name, field in Settings.model_fields.items():
        assert field.description, name
        assert field.description.endswith("."), name


def test_one_wrong_value_costs_the_others_nothing() -> None:
    content = b'{"version": 2, "theme": "pink", "model": "small", "font_scale": 9}'
    settings_path().write_bytes(content)
    settings, warning = Settings.load()
    assert settings == Settings(model="small")
    assert warning is not None
    assert "font_scale, theme" in warning
    assert settings_path().with_name("settings.json.damaged").read_bytes() == content
    assert Settings.load() == (Settings(model="small"), None)


def test_a_file_from_before_versions_is_lifted_and_needs_no_welcome() -> None:
    put(theme="dark", input_device="Desk")
    settings, warning = Settings.load()
    assert settings == Settings(theme="dark", input_device="Desk", first_run_done=True)
    assert (settings.version, warning) == (VERSION, None)
    settings.save()
    assert kept()["version"] == VERSION


@pytest.mark.parametrize("version", ["two", None, -3, True, 1.5])
def test_a_version_that_is_none_counts_as_the_oldest(version: object) -> None:
    put(version=version, theme="dark")
    settings, _ = Settings.load()
    assert (settings.theme, settings.version) == ("dark", VERSION)


def test_every_version_has_a_step_to_the_next() -> None:
    assert len(MIGRATIONS) + 1 == VERSION
    for version in range(1, VERSION + 1):
        put(version=version, theme="light")
        settings, warning = Settings.load()
        assert (settings.version, settings.theme, warning) == (VERSION, "light", None)


def test_a_newer_file_is_used_as_far_as_understood_and_loses_nothing() -> None:
    newer = {"theme": "sepia", "model": "small", "font_scale": 3.0, "waveform": {"zoom": 2}}
    put(version=VERSION + 5, **newer)
    settings, warning = Settings.load()
    assert (settings.theme, settings.model, settings.font_scale) == ("system", "small", 1.0)
    assert warning is not None
    assert "newer Crosstalk" in warning
    settings.keep_awake = False
    settings.font_scale = 1.5  # chosen anew, here
    settings.save()
    now = {"font_scale": 1.5, "keep_awake": False, "version": VERSION + 5}
    assert kept().items() >= (newer | now).items()
    assert not settings_path().with_name("settings.json.damaged").exists()


def test_of_a_newer_file_the_user_is_told_once() -> None:
    put(version=VERSION + 1, theme="sepia")
    assert Settings.load()[1] is not None
    again, warning = Settings.load()
    assert warning is None
    assert again.is_newer
    assert kept()["theme"] == "sepia"
