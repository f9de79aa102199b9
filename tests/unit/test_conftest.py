"""The rules that hold for every test do catch what they are meant to catch."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]

CAUGHT = {
    "a log record": """
        import logging
        def test_it(): logging.getLogger("x").warning("disk on fire")
        """,
    "a warning": """
        import warnings
        def test_it(): warnings.warn("old", DeprecationWarning)
        """,
    "an expected log record that does not come": """
        import pytest
        @pytest.mark.expected_log("fire")
        def test_it(): pass
        """,
    "another log record than the expected one": """
        import logging, pytest
        @pytest.mark.expected_log("fire")
        def test_it(): logging.warning("fire"); logging.error("flood")
        """,
    "a thread": """
        import threading, time
        def test_it(): threading.Thread(target=time.sleep, args=(2.5,)).start()
        """,
    "a timer": """
        from PySide6.QtCore import QTimer
        timers = []
        def test_it(qtbot):
            timers.append(QTimer())
            timers[0].start(1000)
        """,
}

PASSES = {
    "an expected log record": CAUGHT["an expected log record that does not come"].replace(
        "pass", "__import__('logging').warning('fire')"
    ),
    "a thread that ends": CAUGHT["a thread"].replace("2.5", "0.01"),
    "a timer that was stopped": CAUGHT["a timer"] + "    timers[0].stop()",
    "a home of its own": """
        import os
        def test_it(tmp_path): assert os.environ["CROSSTALK_HOME"].startswith(str(tmp_path))
        """,
}


def run(source: str, folder: Path) -> tuple[int, str]:
    """Run one test file under the rules; exit code and output."""
    shutil.copy(REPOSITORY / "tests" / "conftest.py", folder)
    shutil.copy(REPOSITORY / "pyproject.toml", folder)
    lines = source.strip("\n").splitlines()
    (folder / "test_it.py").write_text("\n".join(line.removeprefix(" " * 8) for line in lines))
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "--rootdir", folder, folder / "test_it.py"],
        capture_output=True,
        text=True,
        cwd=folder,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("case", CAUGHT)
def test_what_is_caught(case: str, tmp_path: Path) -> None:
    code, output = run(CAUGHT[case], tmp_path)
    assert code == 1, output
    assert "1 passed, 1 error" in output or "1 failed" in output


@pytest.mark.parametrize("case", PASSES)
def test_what_passes(case: str, tmp_path: Path) -> None:
    code, output = run(PASSES[case], tmp_path)
    assert code == 0, output
