"""A second start hands its files to the window that is open."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtNetwork import QLocalServer, QLocalSocket
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.store import Library
from tests.gui.test_start import REPOSITORY, WAIT_S, start
from ui.single_instance import SingleInstance, address_of, hand_over

FILES = [Path("/a b/ü.wav"), Path("/c\nd.mp3")]


@pytest.fixture
def instance(qtbot: QtBot, tmp_path: Path) -> Iterator[SingleInstance]:
    made = SingleInstance(tmp_path / "library.sqlite")
    yield made
    made.close()


ASK = """
import json, sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from ui.single_instance import hand_over

app = QCoreApplication([])
library, *files = json.load(sys.stdin)
sys.exit(not hand_over(Path(library), [Path(file) for file in files]))
"""


def asked_of(qtbot: QtBot, instance: SingleInstance, library: Path, files: Sequence[Path]) -> bool:
    """What a second start is told, and waits for what the first one hears."""
    other = subprocess.Popen([sys.executable, "-c", ASK], cwd=REPOSITORY, stdin=subprocess.PIPE)
    assert other.stdin is not None
    with qtbot.waitSignal(instance.asked, timeout=1000 * WAIT_S) as heard, other.stdin as told:
        told.write(json.dumps([str(library), *map(str, files)]).encode())
        told.close()
    qtbot.waitUntil(lambda: other.poll() is not None)
    assert heard.args == [list(files)]
    return other.returncode == 0


@pytest.mark.parametrize("files", [[], FILES, [Path("/x" * 2000)] * 100])
def test_the_open_window_takes_the_files(
    qtbot: QtBot, instance: SingleInstance, tmp_path: Path, files: list[Path]
) -> None:
    assert asked_of(qtbot, instance, tmp_path / "library.sqlite", files)


def test_another_library_has_another_window(instance: SingleInstance, tmp_path: Path) -> None:
    assert not hand_over(tmp_path / "other.sqlite", FILES)


def test_without_a_window_nobody_answers(tmp_path: Path) -> None:
    assert not hand_over(tmp_path / "library.sqlite", FILES)


def test_what_a_crash_left_is_taken_over(qtbot: QtBot, tmp_path: Path) -> None:
    library = tmp_path / "library.sqlite"
    code = (
        "import os, sys; from pathlib import Path; from PySide6.QtCore import QCoreApplication; "
        "from ui.single_instance import SingleInstance; app = QCoreApplication([]); "
        "kept = SingleInstance(Path(sys.argv[1])); os._exit(0)"
    )
    subprocess.run([sys.executable, "-c", code, str(library)], cwd=REPOSITORY, check=True)
    assert not hand_over(library, FILES)
    after = SingleInstance(library)
    assert asked_of(qtbot, after, library, FILES)
    after.close()


@pytest.mark.parametrize("said", [b"nonsense\n", b'{"a": 1}\n', b"[1]\n", b"\xff\n", b"[" * 10])
def test_a_stranger_opens_nothing(
    qtbot: QtBot, instance: SingleInstance, tmp_path: Path, said: bytes
) -> None:
    heard: list[object] = []
    instance.asked.connect(heard.append)
    socket = QLocalSocket()
    socket.connectToServer(address_of(tmp_path / "library.sqlite"))
    socket.write(said)
    socket.flush()
    if said.endswith(b"\n"):
        state = QLocalSocket.LocalSocketState.UnconnectedState
        qtbot.waitUntil(lambda: socket.state() == state)
    else:
        qtbot.wait(50)
        socket.abort()
    assert heard == []


def test_files_that_the_system_wants_opened(
    qtbot: QtBot, qapp: QApplication, instance: SingleInstance
) -> None:
    qapp.installEventFilter(instance)
    with qtbot.waitSignal(instance.asked) as heard:
        qapp.sendEvent(qapp, QFileOpenEvent(QUrl.fromLocalFile("/a/talk.wav")))
    qapp.removeEventFilter(instance)
    assert heard.args == [[Path("/a/talk.wav")]]


def test_only_this_user_may_ask(instance: SingleInstance, tmp_path: Path) -> None:
    server = instance.findChild(QLocalServer)
    assert isinstance(server, QLocalServer)
    assert Path(server.fullServerName()).stat().st_mode & 0o077 == 0


def test_a_second_start_brings_a_file_into_the_open_window(tmp_path: Path) -> None:
    """The program twice, as a desktop starts it for a file."""
    home = {**os.environ, "CROSSTALK_HOME": str(tmp_path), "QT_QPA_PLATFORM": "offscreen"}
    brought = "timer.start() if not window.importer.queue.jobs else window.close()"
    first = start(tmp_path, brought)
    assert first.stdout is not None
    assert first.stdout.readline()
    (tmp_path / "empty.wav").write_bytes(b"")
    second = subprocess.run(
        [sys.executable, "-m", "app", "open", "empty.wav"],
        cwd=tmp_path,
        env={**home, "PYTHONPATH": str(REPOSITORY)},
        timeout=WAIT_S,
    )
    _, errors = first.communicate(timeout=WAIT_S)
    assert (first.returncode, second.returncode) == (0, 0), errors
    with Library(tmp_path / "library.sqlite") as library:
        assert [job.source for job in library.jobs.all()] == [tmp_path / "empty.wav"]
