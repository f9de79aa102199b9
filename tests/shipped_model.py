"""The model that tests with real words use: the shipped one, or that of ``CROSSTALK_MODEL``."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from app.paths import resource
from app.settings import Settings

IN_CI = os.environ.get("CI", "").lower() in {"1", "true", "yes"}


def shipped_model() -> Path:
    """The model; absent, the test is skipped (in CI it fails)."""
    named = os.environ.get("CROSSTALK_MODEL")
    path = Path(named).absolute() if named else resource("models/default.safetensors")
    if not path.is_file():
        (pytest.fail if IN_CI else pytest.skip)(f"needs the shipped model, {path}")
    return path


def furnish(home: Path) -> None:
    """Make ``home`` one whose settings name that model and light colours."""
    home.mkdir(parents=True, exist_ok=True)
    Settings(model=str(shipped_model()), theme="light").save(home / "settings.json")
