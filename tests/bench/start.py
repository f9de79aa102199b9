"""Time from program start to a window that can be used, with torch not loaded yet."""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager

from tests.bench.measuring import REPEATS, Result

BAR_S = 1.5

APP = "from ui.application import run; run(['crosstalk'])"
BARE = """
from PySide6.QtWidgets import QApplication, QMainWindow
app = QApplication(['bare']); window = QMainWindow(); window.show(); app.exec()
"""
# Instead of entering the event loop for good: once a window is exposed and the loop has come round
# again, say when that was and which heavy modules are loaded.
WATCH = """
import json, sys, time
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
run_loop = QApplication.exec
def watched(*_):
    def look():
        windows = [w.windowHandle() for w in QApplication.topLevelWidgets() if w.isVisible()]
        if any(w is not None and w.isExposed() for w in windows):
            heavy = sorted({'torch', 'torchaudio', 'scipy'} & set(sys.modules))
            print(json.dumps([time.monotonic(), heavy]), flush=True)
            timer.stop()
            QApplication.closeAllWindows()
            QApplication.exit(0)
    timer = QTimer(interval=0, timeout=look)
    timer.start()
    return run_loop()
QApplication.exec = watched
"""


def measure() -> Iterator[Result]:
    """The app's window beside an empty Qt window, each started five times after a warm-up."""
    with display() as environment:
        app = [started_s(WATCH + APP, environment) for _ in range(REPEATS + 1)][1:]
        bare = [started_s(WATCH + BARE, environment) for _ in range(REPEATS + 1)][1:]
    median, baseline = statistics.median(app), statistics.median(bare)
    yield Result(
        name="start to usable window",
        value=f"{median:.2f} s",
        bar=f"<= {BAR_S} s",
        within=median <= BAR_S,
        against=f"{median / baseline:.1f} × an empty Qt window ({baseline:.2f} s)",
    )


def started_s(code: str, environment: dict[str, str]) -> float:
    """Seconds from before the process exists until its window is exposed and the loop is idle."""
    with tempfile.TemporaryDirectory() as home:
        begin = time.monotonic()
        done = subprocess.run(
            [sys.executable, "-c", code],
            env={**environment, "CROSSTALK_HOME": home},
            capture_output=True,
            text=True,
            timeout=60,
        )
    if done.returncode or not done.stdout:
        raise RuntimeError(f"the window did not come up:\n{done.stderr}")
    shown, heavy = json.loads(done.stdout.splitlines()[0])
    if heavy:
        raise RuntimeError(f"loaded before the window was up: {', '.join(heavy)}")
    return float(shown) - begin


@contextmanager
def display() -> Iterator[dict[str, str]]:
    """An environment with a display: the one there is, Xvfb, or Qt's own offscreen platform."""
    if os.environ.get("DISPLAY") or sys.platform in {"darwin", "win32"}:
        yield dict(os.environ)
        return
    if not shutil.which("Xvfb"):
        yield {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
        return
    read, write = os.pipe()
    with subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "1280x800x24"],
        pass_fds=[write],
        stderr=subprocess.DEVNULL,
    ) as server:
        os.close(write)
        with os.fdopen(read) as number:
            name = f":{number.readline().strip()}"
        try:
            yield {**os.environ, "DISPLAY": name, "QT_QPA_PLATFORM": "xcb"}
        finally:
            server.terminate()
