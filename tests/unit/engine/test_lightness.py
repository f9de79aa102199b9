"""The engine of the running app needs nothing of the laboratory."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[3]

SESSION = """
import json, sys
import numpy as np
from tests.unit.engine import tiny
session = tiny.recognizer().session()
session.accept(np.zeros(16000, np.float32))
session.finish()
print(json.dumps(sorted(sys.modules)))
"""


@pytest.fixture(scope="module")
def loaded() -> set[str]:
    """The modules of a process that ran a session."""
    done = subprocess.run(
        [sys.executable, "-c", SESSION], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    return set(json.loads(done.stdout))


def test_a_session_loads_no_laboratory(loaded: set[str]) -> None:
    assert "engine.recognizer" in loaded
    laboratory = ("engine.data", "engine.training", "engine.evaluation", "engine.lab")
    assert [m for m in loaded if m.startswith(laboratory)] == []


@pytest.mark.parametrize(
    "package",
    ["torchaudio", "scipy", "sklearn", "meeteval", "matplotlib", "PySide6", "sounddevice"],
)
def test_a_session_does_not_load(package: str, loaded: set[str]) -> None:
    assert package not in loaded
