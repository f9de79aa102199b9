"""``crosstalk`` and ``crosstalk open``: the window, opened by the command line."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from app.errors import AppError


def open_window(files: Sequence[Path] = ()) -> int:
    """Open the window and bring files into its library; a window that is open does it itself.

    Returns:
        The exit code.

    Raises:
        AppError: when there is no display.
    """
    headless = sys.platform.startswith("linux") and not any(
        os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    )
    if headless:
        raise AppError(
            "There is no display to open the window on. Use `crosstalk record`, or "
            "`crosstalk transcribe --live FILE`; `crosstalk --help` lists everything."
        )
    # By name: the window lies above this layer, and is loaded only when it is asked for.
    application = importlib.import_module("ui.application")
    code: int = application.run(sys.argv[:1], [path.absolute() for path in files])
    return code
