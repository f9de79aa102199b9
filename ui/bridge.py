"""The one way from other threads into the window.

Threads of the app are no Qt threads: from them no signal may be emitted and no Qt object touched.
They put a message into a queue and write a byte into a socket; the window's event loop watches the
other end, and once per frame hands on, in order, all messages that have come.
"""

from __future__ import annotations

import socket
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress

from PySide6.QtCore import QObject, QSocketNotifier, QTimer, Signal

FRAME_MS = 16
"""A screen shows some 60 pictures a second: what comes faster is handed on together."""


class Bridge(QObject):
    """Lives in the GUI thread; :meth:`post` and :meth:`run` may be called from any thread.

    ``delivered`` is emitted in the GUI thread with the list of messages since the last time.
    """

    delivered = Signal(list)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._messages: deque[object] = deque()
        self._called = False
        self._bell, self._ear = socket.socketpair()
        self._bell.setblocking(False)
        self._ear.setblocking(False)
        self._notifier = QSocketNotifier(self._ear.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._wake)
        self._frame = QTimer(self, singleShot=True, interval=FRAME_MS)
        self._frame.timeout.connect(self.deliver)

    @property
    def bell(self) -> socket.socket:
        """A byte written here wakes the event loop, also from a signal handler."""
        return self._bell

    def post(self, message: object) -> None:
        """Hand a message to the GUI thread. Afterwards it must not be changed."""
        self._messages.append(message)
        if not self._called:  # one ring per frame is enough, and the socket can never fill
            self._called = True
            self._ring()

    def run(self, name: str, work: Callable[[], object]) -> threading.Thread:
        """Do slow work in a thread of its own; what it returns is posted."""
        thread = threading.Thread(target=lambda: self.post(work()), name=name)
        thread.start()
        return thread

    def deliver(self) -> None:
        """Hand on at once what has come; only in the GUI thread."""
        self._called = False
        messages = []
        while self._messages:
            messages.append(self._messages.popleft())
        if messages:
            self.delivered.emit(messages)

    def close(self) -> None:
        """Stop listening; what is posted from now on is never delivered."""
        self._frame.stop()
        self._notifier.setEnabled(False)
        self._called = True
        self._bell.close()
        self._ear.close()

    def _ring(self) -> None:
        try:
            self._bell.send(b"\0")
        except BlockingIOError:
            pass  # it has been ringing for long, and will be heard
        except OSError:
            if self._bell.fileno() != -1:
                raise

    def _wake(self) -> None:
        with suppress(BlockingIOError):
            self._ear.recv(4096)
        if not self._frame.isActive():
            self._frame.start()
