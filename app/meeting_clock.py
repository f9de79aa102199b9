"""Where a meeting is: what tells a file that begins later where it belongs."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from engine.timeline import to_samples


class MeetingClock:
    """Counts samples at 16 kHz; stands until sound comes, and while the meeting is paused."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        """At 0, standing."""
        self._now = now
        self._at = 0
        self._since: float | None = None
        self._lock = threading.Lock()

    @property
    def at(self) -> int:
        """The sample that it shows."""
        with self._lock:
            return self._read()

    def arrived(self, block_s: float) -> int:
        """Sound that took ``block_s`` seconds has come: where it began. Starts a standing clock."""
        with self._lock:
            if self._since is None:
                self._since = self._now() - block_s
                return self._at
            return max(0, self._read() - to_samples(block_s))

    def stand(self, at: int) -> None:
        """Stop at a sample until the next sound arrives."""
        with self._lock:
            self._at, self._since = at, None

    def _read(self) -> int:
        elapsed_s = 0.0 if self._since is None else self._now() - self._since
        return self._at + to_samples(elapsed_s)
