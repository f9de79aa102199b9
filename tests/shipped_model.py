"""The model that tests with real words use: the shipped one, or that of ``CROSSTALK_MODEL``."""

from __future__ import annotations

import os
from pathlib import Path

from app.paths import resource
from app.settings import Settings
from tests.needs import lacking


def shipped_model() -> Path:
    """The model; absent, the test is skipped (in CI it fails)."""
    named = os.environ.get("CROSSTALK_MODEL")
    path = Path(named).absolute() if named else resource("models/default.safetensors")
    if not path.is_file():
        lacking(f"needs the shipped model, {path}")
    return path


def furnish(home: Path) -> None:
    """Make ``home`` one whose settings name that model and light colours."""
    home.mkdir(parents=True, exist_ok=True)
    Settings(model=str(shipped_model()), theme="light").save(home / "settings.json")
