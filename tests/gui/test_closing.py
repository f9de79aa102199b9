from __future__ import annotations

import threading
from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from app.paths import library_path
from app.store import Library, MeetingState
from engine.events import TurnEvent
from tests.gui.conftest import OpenWindow
from tests.gui.scripted import TALK, ScriptedSource
from ui.live import Phase
from ui.main_window import MainWindow

WAIT_MS = 15_000


class StuckEngine:
    """Takes audio only once it is let go."""

    def __init__(self, go: threading.Event) -> None:
        self._go = go

    def accept(self, samples: NDArray[np.float32]) -> None:
        self._go.wait()

    def events(self) -> list[TurnEvent]:
        return []

    def finish(self) -> None:
        self._go.wait()


@pytest.fixture
def go() -> Iterator[threading.Event]:
    event = threading.Event()
    yield event
    event.set()


def start(qtbot: QtBot, window: MainWindow) -> None:
    window.recording.begin(lambda: ScriptedSource(30.0), "Budget")
    qtbot.waitUntil(lambda: window.recording.phase is Phase.RECORDING, timeout=WAIT_MS)


def press(qtbot: QtBot, window: MainWindow, text: str) -> None:
    assert window.closing.dialog is not None
    (button,) = [b for b in window.closing.dialog.buttons() if b.text() == text]
    assert isinstance(button, QPushButton)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)  # type: ignore[no-untyped-call]


def test_an_idle_window_closes_at_once(open_window: OpenWindow) -> None:
    window = open_window()
    assert window.close()
    assert not window.isVisible()


def test_closing_while_recording_asks_and_the_answer_may_be_no(
    qtbot: QtBot, open_window: OpenWindow
) -> None:
    window = open_window()
    start(qtbot, window)
    assert not window.close()
    press(qtbot, window, "Keep recording")
    assert window.closing.dialog is None
    assert window.isVisible()
    assert window.recording.phase is Phase.RECORDING


def test_stop_and_close_saves_everything_first(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window()
    start(qtbot, window)
    assert not window.close()
    press(qtbot, window, "Stop and close")
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=WAIT_MS)
    with Library(library_path()) as library:
        (meeting,) = library.meetings()
        turns = library.load(meeting.id).ordered()
    assert meeting.state is MeetingState.FINISHED
    assert [turn.text for turn in turns] == [line.text for line in TALK]


def test_while_the_last_words_are_written_the_window_says_so_and_waits(
    qtbot: QtBot, open_window: OpenWindow, go: threading.Event
) -> None:
    window = open_window(engine=lambda: StuckEngine(go))
    start(qtbot, window)
    window.close()
    press(qtbot, window, "Stop and close")
    qtbot.waitUntil(lambda: window.recording.live is None, timeout=WAIT_MS)
    assert window.closing.dialog is not None
    assert window.closing.dialog.windowTitle() == "Finishing"
    assert window.isVisible()
    go.set()
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=WAIT_MS)


def test_nobody_has_to_wait_for_a_stuck_engine(
    qtbot: QtBot, open_window: OpenWindow, go: threading.Event
) -> None:
    window = open_window(engine=lambda: StuckEngine(go))
    start(qtbot, window)
    window.leave()
    qtbot.waitUntil(lambda: window.recording.live is None, timeout=WAIT_MS)
    press(qtbot, window, "Close now")
    assert not window.isVisible()
    go.set()


def test_closing_can_be_called_off_while_finishing(
    qtbot: QtBot, open_window: OpenWindow, go: threading.Event
) -> None:
    window = open_window(engine=lambda: StuckEngine(go))
    start(qtbot, window)
    window.leave()
    qtbot.waitUntil(lambda: window.recording.live is None, timeout=WAIT_MS)
    press(qtbot, window, "Do not close")
    go.set()
    qtbot.waitUntil(lambda: not window.recording.busy, timeout=WAIT_MS)
    assert window.isVisible()


def test_leaving_while_a_recording_is_about_to_start_stops_it(
    qtbot: QtBot, open_window: OpenWindow
) -> None:
    window = open_window()
    window.recording.begin(lambda: ScriptedSource(1.0), "Budget")
    window.leave()
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=WAIT_MS)
    with Library(library_path()) as library:
        assert [m.state for m in library.meetings()] == [MeetingState.FINISHED]


def test_a_new_meeting_can_begin_while_the_last_one_is_finishing(
    qtbot: QtBot, open_window: OpenWindow, go: threading.Event
) -> None:
    window = open_window(engine=lambda: StuckEngine(go))
    start(qtbot, window)
    window.recording.stop()
    qtbot.waitUntil(lambda: window.recording.live is None, timeout=WAIT_MS)
    assert window.frame.bar.status.text().startswith("Finishing")
    start(qtbot, window)
    assert len(window.recording.lives()) == 2
    go.set()
    window.recording.stop()
    qtbot.waitUntil(lambda: not window.recording.busy, timeout=WAIT_MS)
    with Library(library_path()) as library:
        assert [m.state for m in library.meetings()] == [MeetingState.FINISHED] * 2
