"""Files into the window: dropped or chosen, followed in the queue, cancelled, tried again."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QAccessible, QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.jobs.job import JobState
from app.paths import library_path, recordings_dir
from app.store import Library
from tests.gui.conftest import OpenWindow
from tests.gui.scripted import ScriptedSource, events_of_talk
from tests.media import bursts, write_media
from tests.scripted_engine import ScriptedEngine
from ui.jobs.job_list import JOB
from ui.jobs.words import left_text
from ui.live import Phase
from ui.main_window import MainWindow

RATE = 8_000
WAIT_MS = 15_000


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Two files with sound and one without."""
    folder = tmp_path / "files"
    folder.mkdir()
    soundfile.write(folder / "talk.wav", bursts(3.0, RATE), RATE)
    write_media(folder / "film.mp4", bursts(2.0), video="mpeg4")
    (folder / "letter.mp3").write_text("Dear grandmother")
    return sorted(folder.iterdir())


class Gated(ScriptedEngine):
    """Hears nothing more until it may."""

    gate = threading.Event()

    def accept(self, samples: NDArray[np.float32]) -> None:
        super().accept(samples)
        while not self.gate.wait(0.02):
            pass


@pytest.fixture
def gated() -> Gated:
    Gated.gate.clear()
    return Gated(events_of_talk())


def mime(*paths: Path) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def hover(window: QWidget, data: QMimeData) -> bool:
    event = QDragEnterEvent(
        QPoint(300, 200),
        *(Qt.DropAction.CopyAction | Qt.DropAction.MoveAction, data),
        *(Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier),
    )
    QApplication.sendEvent(window, event)
    return event.isAccepted()


def drop(window: MainWindow, *paths: Path) -> None:
    data = mime(*paths)
    assert hover(window, data)
    hint = window.importer.hint
    assert hint.isVisible()
    event = QDropEvent(
        QPointF(300, 200),
        *(Qt.DropAction.CopyAction | Qt.DropAction.MoveAction, data),
        *(Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier),
    )
    QApplication.sendEvent(window, event)
    assert event.isAccepted()
    assert event.dropAction() is Qt.DropAction.CopyAction
    assert not hint.isVisible()


def states(window: MainWindow) -> dict[str, JobState]:
    return {job.title: job.state for job in window.importer.panel.model.jobs()}


def rest(qtbot: QtBot, window: MainWindow, count: int) -> None:
    """Wait until there are so many jobs, all of them over."""

    def over() -> bool:
        found = states(window).values()
        return len(found) == count and not any(state.open for state in found)

    qtbot.waitUntil(over, timeout=WAIT_MS)


def begin(qtbot: QtBot, window: MainWindow, engine: ScriptedEngine) -> None:
    """Wait until a job runs, and the window knows."""

    def running() -> bool:
        return engine.heard > 0 and JobState.RUNNING in states(window).values()

    qtbot.waitUntil(running, timeout=WAIT_MS)


def click(qtbot: QtBot, button: QPushButton) -> None:
    assert button.isVisible()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)  # type: ignore[no-untyped-call]


def press(widget: QWidget, key: Qt.Key, modifier: Qt.KeyboardModifier | None = None) -> None:
    QTest.keyClick(widget, key, modifier or Qt.KeyboardModifier.NoModifier)


def mark(window: MainWindow, title: str) -> None:
    panel = window.importer.panel
    row = [job.title for job in panel.model.jobs()].index(title)
    panel.list.setCurrentIndex(panel.model.index(row, 0))


def test_files_that_are_dropped_become_meetings(
    qtbot: QtBot, open_window: OpenWindow, files: list[Path]
) -> None:
    window = open_window()
    panel = window.importer.panel
    assert not panel.isVisible()
    drop(window, *files)
    rest(qtbot, window, 3)
    assert panel.isVisible()
    assert states(window) == {
        "film": JobState.DONE,
        "letter": JobState.FAILED,
        "talk": JobState.DONE,
    }
    assert {meeting.title for meeting in window.frame.library.meetings()} == {"film", "talk"}
    mark(window, "letter")
    assert "not audio or video" in panel.detail.text()
    assert panel.detail.isVisible()
    mark(window, "film")
    assert not panel.detail.isVisible()
    press(panel.list, Qt.Key.Key_Return)
    assert window.desk.current is not None
    assert window.desk.current.summary.title == "film"
    assert window.frame.page.view.model().rowCount() > 0


def test_a_folder_is_dropped_with_all_its_files(
    qtbot: QtBot, open_window: OpenWindow, files: list[Path]
) -> None:
    window = open_window()
    (files[0].parent / "notes.txt").write_text("not me")
    drop(window, files[0].parent)
    rest(qtbot, window, 3)
    assert set(states(window)) == {"film", "letter", "talk"}


def test_an_empty_folder_says_so(qtbot: QtBot, open_window: OpenWindow, tmp_path: Path) -> None:
    window = open_window()
    (tmp_path / "empty").mkdir()
    drop(window, tmp_path / "empty")
    notices = window.frame.banners.notices
    qtbot.waitUntil(lambda: "no audio or video" in "".join(n.text for n in notices()))
    assert not window.importer.panel.isVisible()


def test_what_is_no_file_is_not_taken(open_window: OpenWindow) -> None:
    window = open_window()
    text, web = QMimeData(), QMimeData()
    text.setText("hello")
    web.setUrls([QUrl("https://example.org/talk.mp3")])
    for data in (text, web):
        assert not hover(window, data)
        assert not window.importer.hint.isVisible()


def test_files_that_go_elsewhere_leave_no_veil(open_window: OpenWindow, files: list[Path]) -> None:
    window = open_window()
    data = mime(*files)
    assert hover(window, data)
    hint = window.importer.hint
    assert hint.geometry() == window.rect()
    QApplication.sendEvent(window, QDragLeaveEvent())
    assert not hint.isVisible()


def test_files_are_chosen_in_a_dialog(
    qtbot: QtBot, open_window: OpenWindow, files: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def choose(*arguments: str) -> tuple[list[str], str]:
        asked.append(arguments[3])
        return [str(files[2])], ""

    monkeypatch.setattr(QFileDialog, "getOpenFileNames", choose)
    window = open_window()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    press(window, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)
    rest(qtbot, window, 1)
    assert states(window) == {"talk": JobState.DONE}
    assert "*.mp4" in asked[0]


def test_a_job_shows_how_far_it_is_and_is_cancelled_and_tried_again(
    qtbot: QtBot, open_window: OpenWindow, files: list[Path], gated: Gated
) -> None:
    window = open_window(engine=lambda: gated)
    panel = window.importer.panel
    drop(window, files[2])
    begin(qtbot, window, gated)
    index = panel.model.index(0, 0)
    assert panel.model.job(index).state is JobState.RUNNING
    listed = window.frame.library
    qtbot.waitUntil(lambda: len(listed.meetings()) == 1)  # its sound is there already
    row = listed.list.model().index(0, 0)
    assert "Transcribing…" in row.data(Qt.ItemDataRole.AccessibleTextRole)
    click(qtbot, panel.cancel)
    assert panel.model.job(index).state is JobState.CANCELLED
    assert "Transcribing…" not in row.data(Qt.ItemDataRole.AccessibleTextRole)
    assert not panel.cancel.isVisible()
    Gated.gate.set()
    click(qtbot, panel.retry)
    rest(qtbot, window, 1)
    assert states(window) == {"talk": JobState.DONE}
    click(qtbot, panel.clear)
    assert not panel.isVisible()
    assert len(listed.meetings()) == 1


def test_waiting_jobs_are_moved_and_taken_away_by_keys(
    qtbot: QtBot, open_window: OpenWindow, files: list[Path], tmp_path: Path, gated: Gated
) -> None:
    for name in ("b", "c"):
        soundfile.write(tmp_path / f"{name}.wav", bursts(1.0, RATE), RATE)
    window = open_window(engine=lambda: gated)
    panel = window.importer.panel
    drop(window, files[2], tmp_path / "b.wav", tmp_path / "c.wav")
    begin(qtbot, window, gated)
    mark(window, "c")
    press(panel.list, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert list(states(window)) == ["talk", "c", "b"]
    assert panel.current() is not None
    assert panel.list.currentIndex().data(JOB).title == "c"
    click(qtbot, panel.down)
    assert list(states(window)) == ["talk", "b", "c"]
    press(panel.list, Qt.Key.Key_Delete)
    assert states(window)["c"] is JobState.CANCELLED
    press(panel.list, Qt.Key.Key_Delete)
    assert list(states(window)) == ["talk", "b"]
    Gated.gate.set()
    rest(qtbot, window, 2)


def test_what_was_left_goes_on_when_the_window_opens(
    qtbot: QtBot, open_window: OpenWindow, files: list[Path]
) -> None:
    with Library(library_path()) as library:
        library.jobs.add_files([files[2]])
        library.jobs.next()  # and then the program was killed
    window = open_window()
    rest(qtbot, window, 1)
    assert states(window) == {"talk": JobState.DONE}


def test_closing_the_window_puts_the_job_down(
    qtbot: QtBot, open_window: OpenWindow, files: list[Path], gated: Gated
) -> None:
    window = open_window(engine=lambda: gated)
    drop(window, files[2])
    begin(qtbot, window, gated)
    threading.Timer(0.1, Gated.gate.set).start()
    window.close()
    with Library(library_path()) as library:
        assert [job.state for job in library.jobs.all()] == [JobState.WAITING]


def test_a_job_waits_while_the_window_records(
    qtbot: QtBot, open_window: OpenWindow, files: list[Path]
) -> None:
    window = open_window()
    window.recording.begin(lambda: ScriptedSource(1.0), "Live")
    qtbot.waitUntil(lambda: window.recording.phase is Phase.RECORDING, timeout=WAIT_MS)
    drop(window, files[2])
    panel = window.importer.panel

    def waits() -> bool:
        index = panel.model.index(0, 0)
        text = index.data(Qt.ItemDataRole.AccessibleTextRole) if index.isValid() else ""
        return "Waits for the recording to end" in text

    qtbot.waitUntil(waits, timeout=WAIT_MS)
    window.recording.stop()
    rest(qtbot, window, 1)
    assert states(window) == {"talk": JobState.DONE}


def finished(title: str) -> int:
    path = recordings_dir() / f"{title}.wav"
    soundfile.write(path, bursts(3.0, 16_000), 16_000)
    with Library(library_path()) as library:
        from datetime import UTC, datetime

        number = library.create_meeting(title, path, datetime.now(UTC)).id
        library.finish_meeting(number, 3.0)
    return number


def test_a_meeting_is_transcribed_later_with_another_model_and_the_view_follows(
    qtbot: QtBot, open_window: OpenWindow
) -> None:
    number = finished("Plans")
    window = open_window()
    asked: list[str | None] = []
    plain = window.importer.engine

    def engine(model: str | None) -> object:
        asked.append(model)
        return plain(model)

    window.importer.engine = engine  # type: ignore[assignment]
    window.desk.open(number)
    rows = window.frame.page.view.model().rowCount
    assert rows() == 0
    window.actions_.again.trigger()
    dialog = window.importer.dialog
    assert dialog is not None
    assert dialog.windowTitle() == "Transcribe"
    dialog.model.addItem("better", "better")
    dialog.model.setCurrentText("better")
    click(qtbot, dialog.start)
    rest(qtbot, window, 1)
    assert asked == ["better"]
    qtbot.waitUntil(lambda: window.frame.page.view.model().rowCount() > 0, timeout=WAIT_MS)
    window.frame.library.select(number)
    window.frame.library.transcribe_current()
    dialog = window.importer.dialog
    assert dialog is not None
    assert dialog.windowTitle() == "Transcribe again"
    press(dialog, Qt.Key.Key_Escape)


def test_everything_in_the_queue_has_a_name(
    qtbot: QtBot, open_window: OpenWindow, files: list[Path]
) -> None:
    window = open_window()
    drop(window, *files)
    rest(qtbot, window, 3)
    panel = window.importer.panel
    for button in panel.findChildren(QPushButton):
        assert button.accessibleName()
    view = QAccessible.queryAccessibleInterface(panel.list)
    names = [view.child(row).text(QAccessible.Text.Name) for row in range(view.childCount())]
    assert any(name.startswith("letter: Failed: ") for name in names)
    assert "talk: Done" in names


def test_the_window_stays_fluid_while_files_are_transcribed(
    qtbot: QtBot, open_window: OpenWindow, tmp_path: Path
) -> None:
    soundfile.write(tmp_path / "long.wav", np.zeros(600 * RATE, np.float32), RATE)
    window = open_window()
    drop(window, tmp_path / "long.wav")
    longest, before = 0.0, time.monotonic()
    while not states(window) or any(state.open for state in states(window).values()):
        QApplication.processEvents()
        now = time.monotonic()
        longest, before = max(longest, now - before), now
        time.sleep(0.001)
    assert longest < 0.5


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (3, "a few seconds left"),
        (42, "about 40 s left"),
        (185, "about 3 min left"),
        (9_100, "about 2.5 h left"),
    ],
)
def test_how_long_it_still_takes(seconds: float, text: str) -> None:
    assert left_text(seconds) == text
