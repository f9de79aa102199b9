"""Who is recording which meeting, known to all processes and forgotten by none that dies."""

from __future__ import annotations

from pathlib import Path

from filelock import FileLock, Timeout


class MeetingLocks:
    """Lock files in ``folder``, one for each meeting that is being recorded."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._held: dict[int, FileLock] = {}

    def hold(self, meeting_id: int) -> bool:
        """Take the lock of a meeting; False if somebody else holds it."""
        lock = FileLock(self._folder / f"meeting-{meeting_id}.lock", thread_local=False)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            return False
        self._held[meeting_id] = lock
        return True

    def release(self, meeting_id: int) -> None:
        """Give the lock of a meeting back and remove its file; nothing if it is not held here."""
        if lock := self._held.pop(meeting_id, None):
            lock.release()
            Path(lock.lock_file).unlink(missing_ok=True)

    def close(self) -> None:
        """Give all locks back. Their files stay: the meetings are not finished."""
        for lock in self._held.values():
            lock.release()
        self._held.clear()
