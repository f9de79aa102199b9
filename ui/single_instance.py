"""One window for each library: a second start hands its files to the first, and ends."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtNetwork import QLocalServer, QLocalSocket

logger = logging.getLogger(__name__)

ANSWER = b"opened\n"
PATIENCE_MS = 5_000  # a window that has just been started answers when it is built
LONGEST = 1_000_000


def address_of(library: Path) -> str:
    """Where the window of a library listens; other libraries have other windows."""
    return f"crosstalk-{hashlib.sha256(str(library.resolve()).encode()).hexdigest()[:16]}"


def hand_over(library: Path, files: Sequence[Path]) -> bool:
    """Ask the window that shows a library to come forward and to bring files in.

    Returns:
        Whether there is such a window and it said that it does.
    """
    socket = QLocalSocket()
    socket.connectToServer(address_of(library))
    if not socket.waitForConnected(PATIENCE_MS):
        return False
    socket.write(json.dumps([str(path) for path in files]).encode() + b"\n")
    heard = b""
    while ANSWER not in heard and socket.waitForReadyRead(PATIENCE_MS):
        heard += bytes(socket.readAll().data())
    return ANSWER in heard


class SingleInstance(QObject):
    """Listens for later starts, and for files that the system wants opened (macOS)."""

    asked = Signal(list)
    """Somebody wants the window, with these files (list[Path])."""

    def __init__(self, library: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._heard: dict[QLocalSocket, bytes] = {}
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._receive)
        name = address_of(library)
        QLocalServer.removeServer(name)  # what a crashed window left; a living one has answered
        if not self._server.listen(name):
            logger.info("later starts will open a window of their own: %s", name)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the files that macOS sends to the application itself."""
        if isinstance(event, QFileOpenEvent) and event.file():
            self.asked.emit([Path(event.file())])
            return True
        return super().eventFilter(watched, event)

    def close(self) -> None:
        """Listen no longer."""
        self._server.close()

    def _receive(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            self._heard[socket] = b""
            socket.readyRead.connect(lambda socket=socket: self._read(socket))
            socket.disconnected.connect(lambda socket=socket: self._forget(socket))
            self._read(socket)

    def _read(self, socket: QLocalSocket) -> None:
        if socket not in self._heard:
            return
        self._heard[socket] += bytes(socket.readAll().data())
        line, end, _ = self._heard[socket].partition(b"\n")
        if not end and len(line) < LONGEST:
            return
        self._heard.pop(socket)
        if (files := _files(line)) is not None:
            socket.write(ANSWER)
            socket.flush()
            self.asked.emit(files)
        socket.disconnectFromServer()

    def _forget(self, socket: QLocalSocket) -> None:
        self._heard.pop(socket, None)
        socket.deleteLater()


def _files(line: bytes) -> list[Path] | None:
    try:
        names = json.loads(line)
    except ValueError:
        return None
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        return None
    return [Path(name) for name in names]
