"""Keeping the computer from going to sleep while a meeting is recorded.

Where the system offers no way nothing happens, and ``crosstalk doctor`` tells.
"""

from __future__ import annotations

import ctypes
import logging
import os
import shutil
import subprocess
import sys
import threading

_CONTINUOUS, _SYSTEM_REQUIRED = 0x8000_0000, 0x0000_0001  # of SetThreadExecutionState
_END_S = 5.0

logger = logging.getLogger(__name__)


class StayAwake:
    """Asks the system not to sleep between :meth:`begin` and :meth:`end`, or its own end.

    However this program ends, nothing of it stays: the helpers wait for our pipe or our process.
    """

    def __init__(self) -> None:
        self._helper: subprocess.Popen[bytes] | None = None
        self._over = threading.Event()

    def begin(self) -> None:
        """Ask; does not wait for an answer."""
        if sys.platform == "win32":
            threading.Thread(target=self._hold_windows, name="crosstalk-awake", daemon=True).start()
        elif command := helper_command():
            self._helper = _started(command)

    def end(self) -> None:
        """Let the computer sleep again."""
        self._over.set()
        helper, self._helper = self._helper, None
        if helper is None:
            return
        if helper.stdin:
            helper.stdin.close()
        helper.terminate()
        try:
            helper.wait(_END_S)
        except subprocess.TimeoutExpired:
            helper.kill()
            helper.wait()

    def _hold_windows(self) -> None:
        """The wish holds for the thread that asked, as long as it runs."""
        kernel = getattr(ctypes, "windll").kernel32  # noqa: B009 - exists on Windows only
        kernel.SetThreadExecutionState(_CONTINUOUS | _SYSTEM_REQUIRED)
        self._over.wait()
        kernel.SetThreadExecutionState(_CONTINUOUS)


def helper_command() -> list[str] | None:
    """The program that keeps this system awake, where one is needed and there."""
    if sys.platform == "darwin":
        return ["caffeinate", "-i", "-w", str(os.getpid())]
    if not (inhibit := shutil.which("systemd-inhibit")):
        return None
    about = ["--what=idle:sleep", "--who=Crosstalk", "--why=A meeting is recorded", "--mode=block"]
    return [inhibit, *about, "cat"]  # which ends when we do, however that is


def can_stay_awake() -> bool:
    """Whether the system can be kept awake, as far as can be told; takes a moment."""
    if sys.platform == "win32":
        return True
    command = helper_command()
    if command is None:
        return False
    if sys.platform == "darwin":
        return shutil.which(command[0]) is not None
    try:
        tried = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=_END_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return tried.returncode == 0


def _started(command: list[str]) -> subprocess.Popen[bytes] | None:
    quiet = subprocess.DEVNULL
    try:
        return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=quiet, stderr=quiet)
    except OSError:
        logger.info("the computer cannot be kept awake", exc_info=True)
        return None
