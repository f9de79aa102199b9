"""What goes wrong, through the real window: nothing is lost, and the user is told what to do."""

from __future__ import annotations

import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLineEdit
from pytestqt.qtbot import QtBot

from app.exports import FORMATS
from app.paths import data_dir, library_path, recordings_dir
from app.session import LiveMeeting, Patience
from app.store import Library, MeetingState
from engine.audio import read_info
from engine.errors import DeviceError, ModelError
from tests.disks import fill, locked, small_disk
from tests.gui.conftest import OpenWindow
from tests.gui.scripted import TALK, ScriptedSource, events_of_talk
from tests.gui.test_correction import CONTROL, closed, editor, opened, press, said
from tests.gui.test_review import Silent
from tests.gui.test_review import earlier_meeting as with_sound
from tests.gui.test_window import HEARD_S, WAIT_MS, banners, click, start, stop, titles, turns
from tests.scripted_engine import ScriptedEngine
from ui.banner import Banner
from ui.live import Phase
from ui.main_window import MainWindow
from ui.notices import Notice

QUICK = Patience(hang_s=0.3, load_s=5.0, tick_s=0.02)


# -- the speech engine ---------------------------------------------------------------------------


class Sick(ScriptedEngine):
    """Breaks in the middle: by an error, or for ever."""

    def __init__(self, error: BaseException | None, released: threading.Event) -> None:
        super().__init__(events_of_talk())
        self._error = error
        self._released = released

    def accept(self, samples: NDArray[np.float32]) -> None:
        super().accept(samples)
        if self.heard < 16_000 * HEARD_S / 2:
            return
        if self._error is not None:
            raise self._error
        self._released.wait(30)


@pytest.fixture
def released() -> Iterator[threading.Event]:
    """Lets hung engines go when the test is over."""
    event = threading.Event()
    yield event
    event.set()


@pytest.mark.parametrize(
    "error",
    [RuntimeError("boom"), MemoryError(), DeviceError("The GPU is full."), None],
    ids=["raises", "memory", "gpu", "hangs"],
)
def test_an_engine_that_breaks_in_mid_meeting_leaves_the_whole_text(
    qtbot: QtBot,
    open_window: OpenWindow,
    monkeypatch: pytest.MonkeyPatch,
    released: threading.Event,
    error: BaseException | None,
) -> None:
    monkeypatch.setattr("app.meeting.LiveMeeting", partial(LiveMeeting, patience=QUICK))
    makers: list[Callable[[], ScriptedEngine]] = [
        lambda: ScriptedEngine(events_of_talk()),
        lambda: Sick(error, released),
    ]
    told: list[str] = []
    window = open_window(engine=lambda: makers.pop()())
    window.recording.noticed.connect(lambda notice: told.append(notice.text))
    start(qtbot, window)
    qtbot.waitUntil(lambda: len(turns(window)) == len(TALK), timeout=WAIT_MS)
    assert window.recording.phase is Phase.RECORDING
    assert any("Nothing is lost: the text is written again" in text for text in told)
    qtbot.waitUntil(lambda: banners(window) == [], timeout=WAIT_MS)  # it runs again
    stop(qtbot, window)
    assert [said(row) for row in turns(window)] == [line.text for line in TALK]
    (meeting,) = window.frame.library.meetings()
    assert meeting.duration_s == read_info(meeting.recording).duration_s == HEARD_S


def test_an_engine_that_breaks_each_time_is_given_up_and_recording_goes_on(
    qtbot: QtBot, open_window: OpenWindow, released: threading.Event
) -> None:
    window = open_window(engine=lambda: Sick(MemoryError(), released))
    start(qtbot, window)
    advice = "crosstalk transcribe"
    qtbot.waitUntil(lambda: any(advice in text for text in banners(window)), timeout=WAIT_MS)
    assert window.recording.phase is Phase.RECORDING
    stop(qtbot, window)
    (meeting,) = window.frame.library.meetings()
    assert meeting.duration_s == read_info(meeting.recording).duration_s == HEARD_S
    assert meeting.turns > 0  # of what came before it broke


def test_a_model_that_is_deleted_while_it_is_needed_again_is_named(
    qtbot: QtBot, open_window: OpenWindow, released: threading.Event
) -> None:
    """It was read when the meeting began; only a second engine would need the file."""
    made: list[ScriptedEngine] = []

    def engine() -> ScriptedEngine:
        if made:
            raise ModelError("The model talk is not installed any more: install it again.")
        made.append(Sick(MemoryError(), released))
        return made[0]

    window = open_window(engine=engine)
    start(qtbot, window)
    qtbot.waitUntil(lambda: any("install it again" in text for text in banners(window)))
    assert window.recording.phase is Phase.RECORDING
    stop(qtbot, window)
    assert window.frame.library.meetings()[0].duration_s == HEARD_S


# -- the library ---------------------------------------------------------------------------------


def test_a_damaged_library_is_kept_aside_and_recording_works(
    qtbot: QtBot, open_window: OpenWindow
) -> None:
    content = np.random.default_rng(1).bytes(40_000)
    library_path().write_bytes(content)
    window = open_window()
    kept = library_path().with_name("library.sqlite.damaged")
    (told,) = banners(window)
    assert str(kept) in told
    assert str(recordings_dir()) in told
    start(qtbot, window)
    qtbot.waitUntil(lambda: len(turns(window)) == len(TALK), timeout=WAIT_MS)
    stop(qtbot, window)
    assert titles(window) == ["Budget"]
    assert kept.read_bytes() == content


def test_a_library_that_another_program_holds_is_told_and_tried_again(
    qtbot: QtBot, open_window: OpenWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.database.BUSY_TIMEOUT_S", 0.05)
    with_sound()
    with closing(sqlite3.connect(library_path(), isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        window = open_window()
        assert "close that program and try again" in banners(window)[0]
        told: list[Notice] = []
        window.desk.noticed.connect(told.append)
        for _ in range(3):
            window.desk._retry.timeout.emit()
        assert told == []
        window.recording.begin(lambda: ScriptedSource(1), "Refused")
        qtbot.waitUntil(lambda: len(banners(window)) == 2, timeout=WAIT_MS)
        assert "Another program holds it" in banners(window)[1]
        other.execute("ROLLBACK")
    window.frame.banners.remove("start")  # as the Record button does
    start(qtbot, window)
    qtbot.waitUntil(lambda: len(turns(window)) == len(TALK), timeout=WAIT_MS)
    stop(qtbot, window)
    assert titles(window) == ["Budget", "Weekly planning"]
    assert "library" not in [notice.subject for notice in window.frame.banners.notices()]


def test_a_library_that_was_let_go_opens_by_itself(
    qtbot: QtBot, open_window: OpenWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.desk.RETRY_MS", 20)
    with_sound()
    with closing(sqlite3.connect(library_path(), isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        window = open_window()
        assert len(banners(window)) == 1
        other.execute("ROLLBACK")
    qtbot.waitUntil(lambda: titles(window) == ["Weekly planning"], timeout=WAIT_MS)
    assert banners(window) == []


def test_while_another_program_writes_the_window_says_so_once_and_offers_to_try_again(
    qtbot: QtBot, open_window: OpenWindow, tmp_path: Path
) -> None:
    sound = tmp_path / "talk.wav"
    sound.write_bytes(b"no sound at all")
    window = open_window()
    told: list[str] = []
    window.importer.noticed.connect(lambda notice: told.append(notice.text))
    window.desk.noticed.connect(lambda notice: told.append(notice.text))
    with closing(sqlite3.connect(library_path(), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        window.importer.add([sound])
        qtbot.waitUntil(lambda: bool(banners(window)), timeout=WAIT_MS)
        assert "close that program and try again" in banners(window)[0]
        assert len([text for text in told if text]) == 1
        assert window.importer.queue.jobs == []
        other.execute("ROLLBACK")
    (banner,) = window.frame.banners.findChildren(Banner)
    assert [button.text() for button in banner.choices] == ["Try again", "Leave it"]
    click(qtbot, banner.choices[0])
    (job,) = window.importer.queue.jobs
    assert job.title == "talk"
    qtbot.waitUntil(lambda: not window.importer.queue.jobs[0].state.open, timeout=WAIT_MS)
    assert banners(window) == []


def test_nothing_in_the_window_waits_long_for_another_program(
    qtbot: QtBot, open_window: OpenWindow
) -> None:
    window = open_window()
    library = window.desk._library
    assert library is not None
    (milliseconds,) = library._database.execute("PRAGMA busy_timeout").fetchone()
    assert 0 < milliseconds <= 300


def test_on_a_full_disk_what_was_typed_stays_until_there_is_room(
    qtbot: QtBot, open_window: OpenWindow, tmp_path: Path
) -> None:
    with small_disk(data_dir(), "size=1m"):
        window = opened(qtbot, open_window)
        try:
            check_full_disk(qtbot, window)
        finally:
            window.close()


def check_full_disk(qtbot: QtBot, window: MainWindow) -> None:
    long = "typed at length " * 400
    press(qtbot, window.frame.page.view, Qt.Key.Key_F2)
    field = editor(qtbot, window).field
    field.setPlainText(long)
    filling = fill(data_dir())
    press(qtbot, field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(banners(window)))
    assert "disk is full: free some space" in banners(window)[0]
    assert field.toPlainText() == long
    filling.unlink()
    press(qtbot, field, Qt.Key.Key_Return)
    closed(qtbot, window)
    assert said(turns(window)[0]) == long.strip()
    window.frame.page.view.setFocus()
    press(qtbot, window, Qt.Key.Key_K, CONTROL)
    notes = window.frame.page.notes
    notes.text.setText("bought " * 140)
    filling = fill(data_dir())
    press(qtbot, notes.text, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(banners(window)))
    assert notes.text.text().startswith("bought bought")
    filling.unlink()
    notes.text.setFocus()
    press(qtbot, notes.text, Qt.Key.Key_Return)
    with Library(library_path()) as library:
        (note,) = library.notes.of(1)
        assert note.text.startswith("bought bought")
        assert said_in(library, 1).startswith("typed at length typed")


def said_in(library: Library, turn: int) -> str:
    return " ".join(word.shown for word in library.load(1).turns[turn].words)


def test_text_that_finds_no_room_while_recording_is_saved_when_there_is_some(
    qtbot: QtBot,
    open_window: OpenWindow,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    window = open_window(script=[])
    start(qtbot, window, 1.0)
    live = window.recording.live
    assert live is not None
    assert live.run is not None
    database = live.run._library._database
    (pages,) = database.execute("PRAGMA page_count").fetchone()
    database.execute(f"PRAGMA max_page_count = {pages}")
    for event in events_of_talk():
        live.run._take(event)
    qtbot.waitUntil(lambda: any("disk is full" in text for text in banners(window)))
    database.execute("PRAGMA max_page_count = 1000000")
    stop(qtbot, window)
    assert window.frame.library.meetings()[0].turns == len(TALK)
    assert banners(window) == []


# -- recordings that are not where they were -----------------------------------------------------


def test_a_meeting_whose_recordings_were_moved_is_read_and_the_rest_says_what_to_do(
    qtbot: QtBot, open_window: OpenWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = with_sound()
    shutil.move(recordings_dir(), tmp_path / "elsewhere")
    window = open_window()
    window.reviewer.player.output = Silent()
    window.desk.open(number)
    window.activateWindow()
    assert [said(row) for row in turns(window)] == [line.text for line in TALK]
    target = tmp_path / "out.wav"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    window.export("wav")
    qtbot.waitUntil(lambda: bool(banners(window)), timeout=WAIT_MS)
    assert "Weekly planning.wav" in banners(window)[0]
    press(qtbot, window.frame.page.view, Qt.Key.Key_Space, CONTROL)
    qtbot.waitUntil(lambda: len(banners(window)) == 2, timeout=WAIT_MS)
    for text in banners(window):
        assert "does not exist" in text
        assert "put it back" in text
    start(qtbot, window)  # the folder is made again
    stop(qtbot, window)
    assert titles(window)[0] == "Budget"


def test_where_recordings_cannot_be_written_a_new_one_says_what_to_do(
    qtbot: QtBot, open_window: OpenWindow
) -> None:
    number = with_sound()
    window = open_window()
    window.reviewer.player.output = Silent(quick=True)
    with locked(recordings_dir()):
        window.recording.begin(lambda: ScriptedSource(1), "Refused")
        qtbot.waitUntil(lambda: bool(banners(window)), timeout=WAIT_MS)
        assert "Change its permissions" in banners(window)[0]
        assert window.recording.phase is Phase.IDLE
        window.desk.open(number)
        assert len(turns(window)) == len(TALK)
        window.reviewer.player.play_from(0)
        qtbot.waitUntil(lambda: not window.reviewer.player.playing, timeout=WAIT_MS)
    assert len(banners(window)) == 1
    assert titles(window) == ["Weekly planning"]


# -- exports -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FORMATS)
def test_every_export_to_a_full_or_locked_place_is_told_and_leaves_the_old_file(
    qtbot: QtBot,
    open_window: OpenWindow,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
) -> None:
    number = with_sound()
    window = open_window()
    window.desk.open(number)
    target = tmp_path / "disk" / f"out{FORMATS[name].suffix}"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    with small_disk(target.parent, "size=64k"):
        target.write_bytes(b"of yesterday")
        fill(target.parent)
        window.export(name)
        qtbot.waitUntil(lambda: bool(banners(window)), timeout=WAIT_MS)
        assert "is full: free some space" in banners(window)[0]
        assert target.read_bytes() == b"of yesterday"
        assert sorted(each.name for each in target.parent.iterdir()) == ["filling", target.name]
    window.frame.banners.remove("export")
    with locked(target.parent):
        window.export(name)
        qtbot.waitUntil(lambda: bool(banners(window)), timeout=WAIT_MS)
        assert "is locked: change its permissions" in banners(window)[0]
    assert list(target.parent.iterdir()) == []
    assert window.frame.page.findChild(QLineEdit) is not None  # the window goes on
    assert window.frame.library.meetings()[0].state is MeetingState.FINISHED
