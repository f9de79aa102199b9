"""A screen that exists only in memory, for windows that shall be drawn as on a real one."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from tests.needs import lacking

SIZE = "1280x800x24"
END_S = 20.0


@contextmanager
def running_screen() -> Iterator[dict[str, str]]:
    """A screen of our own while inside; gives the environment of the programs that shall use it."""
    if not shutil.which("Xvfb"):
        lacking("needs Xvfb (package xvfb)")
    command = ["Xvfb", "-displayfd", "1", "-screen", "0", SIZE, "-nolisten", "tcp"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        try:
            assert server.stdout is not None
            number = server.stdout.readline().strip()
            assert number.isdigit(), "Xvfb does not start"
            hidden = {"WAYLAND_DISPLAY"}
            kept = {name: value for name, value in os.environ.items() if name not in hidden}
            yield {**kept, "DISPLAY": f":{number}", "QT_QPA_PLATFORM": "xcb"}
        finally:
            server.terminate()
            server.wait(END_S)
