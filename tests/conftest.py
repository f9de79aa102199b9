"""What holds for every test: no unexpected log records, no leaks, no traces elsewhere."""

from __future__ import annotations

import gc
import logging
import os
import re
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("OMP_NUM_THREADS", "1")  # more only get in the way of small models

IN_CI = os.environ.get("CI", "").lower() in {"1", "true", "yes"}
THREAD_GRACE_S = 2.0

hypothesis.settings.register_profile("crosstalk", deadline=None, derandomize=IN_CI)
hypothesis.settings.load_profile("crosstalk")


class RecordList(logging.Handler):
    """Keeps every record of WARNING or above."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@pytest.fixture(autouse=True)
def no_unexpected_log(request: pytest.FixtureRequest) -> Iterator[None]:
    """A warning in the log fails the test, unless ``expected_log(pattern)`` announces it."""
    handler = RecordList()
    root = logging.getLogger()
    root.addHandler(handler)
    yield
    root.removeHandler(handler)
    messages = [f"{r.levelname} {r.name}: {r.getMessage()}" for r in handler.records]
    for marker in request.node.iter_markers("expected_log"):
        found = [m for m in messages if re.search(marker.args[0], m)]
        assert found, f"no log record matches {marker.args[0]!r}"
        messages = [m for m in messages if m not in found]
    assert not messages, "unexpected log records:\n" + "\n".join(messages)


@pytest.fixture(autouse=True)
def no_leaked_threads() -> Iterator[None]:
    """A thread that a test started must have ended with it; daemons end with the process."""
    before = set(threading.enumerate())
    yield
    deadline = time.monotonic() + THREAD_GRACE_S
    leaked = [t for t in threading.enumerate() if t not in before and not t.daemon]
    for thread in leaked:
        thread.join(max(0.0, deadline - time.monotonic()))
    names = [t.name for t in leaked if t.is_alive()]
    assert not names, f"threads still running after the test: {names}"


@pytest.fixture(autouse=True)
def no_leaked_timers(request: pytest.FixtureRequest) -> Iterator[None]:
    """In a test with widgets, no QTimer may tick on after the widgets are gone."""
    yield
    if not {"qtbot", "qapp"} & set(request.fixturenames):
        return
    timers = sys.modules["PySide6.QtCore"].QTimer
    alive = sys.modules["shiboken6"].isValid  # False once Qt deleted it with its widget
    gc.collect()
    active = [t for t in gc.get_objects() if type(t) is timers and alive(t) and t.isActive()]
    assert not active, f"timers still active after the test: {active}"


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings, library and recordings of every test lie in a folder of its own."""
    monkeypatch.setenv("CROSSTALK_HOME", str(tmp_path / "home"))


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The speech corpora beside the repository; absent, the test is skipped (in CI it fails)."""
    folder = Path(__file__).resolve().parents[2] / "shared" / "data"
    if not (folder / "manifest.jsonl").is_file():
        reason = "needs the speech corpora in shared/data beside the repository"
        (pytest.fail if IN_CI else pytest.skip)(reason)
    return folder
