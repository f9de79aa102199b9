"""Hearing a meeting again, in the real window; only the loudspeakers are not there."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from typing import Self

import numpy as np
import pytest
import soundfile
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.audio.speakers import PlaybackError
from app.paths import library_path, recordings_dir
from app.playback import RATE
from app.store import Library
from app.stretch import Samples
from app.transcript import Transcript
from engine.timeline import to_samples
from tests.gui.conftest import OpenWindow
from tests.gui.scripted import TALK, ScriptedSource, events_of_talk
from ui.live import Phase
from ui.main_window import MainWindow
from ui.review.reviewer import MOST_WAIT_MS
from ui.rows import TurnRow

SECONDS = 30.0
WAIT_MS = 15_000


class Silent:
    """Loudspeakers that nobody hears, and that play in small steps once they may."""

    latency_s = 0.0

    def __init__(self, quick: bool = False, refuse: bool = False) -> None:
        self.go = threading.Semaphore(0)
        self.opened = 0
        self._quick = quick
        self._refuse = refuse

    def __call__(self, rate: int) -> Self:
        assert rate == RATE
        if self._refuse:
            raise PlaybackError("No loudspeakers were found. Connect some.")
        self.opened += 1
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def write(self, samples: Samples) -> None:
        if not self._quick:
            self.go.acquire(timeout=0.02)

    def drain(self) -> None:
        pass


def earlier_meeting() -> int:
    path = recordings_dir() / "Weekly planning.wav"
    tone = 0.3 * np.sin(np.arange(round(SECONDS * 16_000)) / 12)
    soundfile.write(path, tone, 16_000)
    with Library(library_path()) as library:
        started = datetime(2026, 1, 5, 9, tzinfo=UTC)
        meeting = library.create_meeting("Weekly planning", path, started)
        transcript = Transcript()
        for event in events_of_talk():
            transcript.apply(event)
        library.save_turns(meeting.id, transcript)
        library.finish_meeting(meeting.id, SECONDS)
    return meeting.id


@pytest.fixture
def window(qtbot: QtBot, open_window: OpenWindow) -> MainWindow:
    """The window with a meeting in it, and loudspeakers of ours."""
    meeting_id = earlier_meeting()
    made: MainWindow = open_window()
    made.reviewer.player.output = Silent()
    made.desk.open(meeting_id)
    made.activateWindow()
    return made


def press(window: MainWindow, key: Qt.Key, *modifiers: Qt.KeyboardModifier) -> None:
    held = Qt.KeyboardModifier.NoModifier
    for each in modifiers:
        held |= each
    target = window.focusWidget() or window
    QTest.keyClick(target, key, held)


CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier


def click(where: QWidget, point: QPoint | None = None) -> None:
    QTest.mouseClick(where, Qt.MouseButton.LeftButton, pos=point or where.rect().center())


def word_point(window: MainWindow, row: int, word: int) -> QPoint:
    view = window.frame.page.view
    index = view.turns().index(row, 0)
    turn = view.turns().row(row)
    assert isinstance(turn, TurnRow)
    return view.typesetter.word_box(turn, view.visualRect(index), word).center()


def playing(window: MainWindow) -> bool:
    return window.reviewer.player.playing


def second(window: MainWindow) -> float:
    return window.reviewer.player.position / 16_000


def test_a_click_on_a_word_plays_from_it_and_marks_what_is_heard(
    qtbot: QtBot, window: MainWindow
) -> None:
    player, view = window.reviewer.player, window.frame.page.view
    click(view.viewport(), word_point(window, 1, 4))
    line = TALK[1]
    qtbot.waitUntil(lambda: player.playing)
    assert second(window) == pytest.approx(line.start_s + 4 * line.word_s, abs=0.2)
    qtbot.waitUntil(lambda: view.typesetter.marks.playing.get(2, -1) >= 5, timeout=WAIT_MS)
    # Speaker 3 speaks at the same time: that word is marked too.
    qtbot.waitUntil(lambda: 3 in view.typesetter.marks.playing, timeout=WAIT_MS)
    player.pause()


def test_a_double_click_on_a_word_plays_nothing(qtbot: QtBot, window: MainWindow) -> None:
    started: list[bool] = []
    player = window.reviewer.player
    player.changed.connect(lambda: started.append(player.playing))
    viewport, place = window.frame.page.view.viewport(), word_point(window, 1, 4)
    click(viewport, place)
    QTest.mouseDClick(viewport, Qt.MouseButton.LeftButton, pos=place)
    qtbot.waitUntil(lambda: window.commands.words.editor is not None)
    qtbot.wait(2 * MOST_WAIT_MS)
    assert not any(started)


def test_esc_plays_and_pauses_and_goes_on_a_little_before(qtbot: QtBot, window: MainWindow) -> None:
    player = window.reviewer.player
    window.frame.page.view.setFocus()
    press(window, Qt.Key.Key_Escape)
    assert playing(window)
    player.seek(to_samples(10.0))
    press(window, Qt.Key.Key_Escape)
    assert not playing(window)
    stopped = player.position
    press(window, Qt.Key.Key_Space, CTRL)
    assert playing(window)
    assert player.position <= stopped - to_samples(1.5)
    press(window, Qt.Key.Key_Space, CTRL)


def test_keys_skip_and_change_the_speed(window: MainWindow) -> None:
    player = window.reviewer.player
    window.frame.page.view.setFocus()
    player.seek(to_samples(12.0))
    press(window, Qt.Key.Key_Left, CTRL)
    assert second(window) == 7.0
    press(window, Qt.Key.Key_Right, CTRL)
    press(window, Qt.Key.Key_Right, CTRL, SHIFT)
    assert second(window) == 22.0
    press(window, Qt.Key.Key_Right, CTRL, SHIFT)
    assert second(window) == SECONDS
    press(window, Qt.Key.Key_Left, CTRL, SHIFT)
    for _ in range(9):
        press(window, Qt.Key.Key_Up, ALT)
    assert player.speed == 2.0
    assert window.frame.page.player.speed.text() == "2×"
    press(window, Qt.Key.Key_Down, ALT)
    assert player.speed == 1.75
    assert window.frame.page.player.time.text() == "0:20 / 0:30"


def test_at_the_end_it_stops_and_begins_anew(qtbot: QtBot, window: MainWindow) -> None:
    player = window.reviewer.player
    player.output = Silent(quick=True)
    player.play_from(to_samples(29.0))
    qtbot.waitUntil(lambda: not player.playing, timeout=WAIT_MS)
    assert second(window) == SECONDS
    player.output = Silent()
    player.toggle()
    assert second(window) < 1.0
    player.pause()


def test_without_loudspeakers_the_user_is_told_and_the_rest_works(
    qtbot: QtBot, window: MainWindow
) -> None:
    player = window.reviewer.player
    player.output = Silent(refuse=True)
    click(window.frame.page.player.buttons["play"])
    banners = window.frame.banners
    qtbot.waitUntil(lambda: bool(banners.notices()), timeout=WAIT_MS)
    assert banners.notices()[0].text == "No loudspeakers were found. Connect some."
    assert not player.playing
    window.frame.page.timeline.setFocus()
    press(window, Qt.Key.Key_Right)
    assert second(window) == 1.0


def test_the_timeline_is_used_by_mouse_and_keys(qtbot: QtBot, window: MainWindow) -> None:
    timeline, player = window.frame.page.timeline, window.reviewer.player
    assert timeline.isVisible()
    time = timeline._layout().time
    click(timeline, QPoint(time.center().x(), time.center().y()))
    assert second(window) == pytest.approx(SECONDS / 2, abs=0.5)
    assert player.playing
    player.pause()
    QTest.mousePress(timeline, Qt.MouseButton.LeftButton, pos=time.center())
    QTest.mouseMove(timeline, QPoint(time.left() + time.width() // 4, time.center().y()))
    assert second(window) == pytest.approx(SECONDS / 4, abs=0.5)
    QTest.mouseRelease(timeline, Qt.MouseButton.LeftButton, pos=time.center())
    player.pause()
    press(window, Qt.Key.Key_Home)
    press(window, Qt.Key.Key_Right, SHIFT)
    assert (second(window), timeline.value()) == (10.0, 10)
    press(window, Qt.Key.Key_Plus)
    assert timeline.shown.length < to_samples(SECONDS)
    press(window, Qt.Key.Key_0)
    assert timeline.shown.all
    press(window, Qt.Key.Key_End)
    assert second(window) == SECONDS


def test_the_waveform_is_drawn_and_kept(qtbot: QtBot, window: MainWindow) -> None:
    timeline = window.frame.page.timeline
    qtbot.waitUntil(lambda: timeline._peaks is not None, timeout=WAIT_MS)
    assert timeline._peaks is not None
    assert timeline._peaks.between(0, to_samples(SECONDS), 30).min() > 100
    assert len(list((library_path().parent / "peaks").iterdir())) == 1
    image = timeline.grab().toImage()
    wave = timeline._layout().wave
    ratio = image.devicePixelRatio()
    colour = image.pixelColor(round(wave.center().x() * ratio), round((wave.top() + 6) * ratio))
    assert colour.name().upper() == timeline._theme.colours.outline


def test_scrolling_ends_following_and_a_button_brings_it_back(
    qtbot: QtBot, window: MainWindow
) -> None:
    page, player = window.frame.page, window.reviewer.player
    follow = page.player.buttons["follow"]
    player.play_from(to_samples(24.0))
    index = page.view.turns().index(8, 0)

    def in_sight() -> bool:
        return page.view.viewport().rect().contains(page.view.visualRect(index))

    qtbot.waitUntil(in_sight, timeout=WAIT_MS)
    assert page.view.typesetter.marks.playing[9] > 0
    page.view.verticalScrollBar().setValue(0)
    assert not follow.isChecked()
    assert not in_sight()
    click(follow)
    assert follow.isChecked()
    assert in_sight()
    player.pause()


def test_while_recording_nothing_is_played(qtbot: QtBot, window: MainWindow) -> None:
    player, button = window.reviewer.player, window.frame.page.player.buttons["play"]
    player.play_from(0)
    window.recording.begin(lambda: ScriptedSource(5), "Budget")
    qtbot.waitUntil(lambda: window.recording.phase is Phase.RECORDING, timeout=WAIT_MS)
    assert not player.playing
    assert not button.isEnabled()
    assert "recording has ended" in button.toolTip()
    click(window.frame.page.view.viewport(), QPoint(60, 60))
    assert not player.playing
    window.recording.stop()
    qtbot.waitUntil(lambda: not window.recording.busy, timeout=WAIT_MS)
    assert button.isEnabled()


def test_a_text_is_found_whatever_its_case_and_across_words(
    qtbot: QtBot, window: MainWindow
) -> None:
    page = window.frame.page
    page.view.setFocus()
    press(window, Qt.Key.Key_F, CTRL)
    assert page.finder.isVisible()
    QTest.keyClicks(page.finder.text, "THE  New ")
    qtbot.waitUntil(lambda: page.finder.count.text() == "1 of 2")
    marks = page.view.typesetter.marks
    assert sorted(marks.found) == [5, 7]
    assert marks.current == (5, (18, 7))
    press(window, Qt.Key.Key_Return)
    assert page.finder.count.text() == "2 of 2"
    press(window, Qt.Key.Key_F3)
    assert page.finder.count.text() == "1 of 2"
    press(window, Qt.Key.Key_F3, SHIFT)
    assert page.finder.count.text() == "2 of 2"
    page.finder.text.clear()
    QTest.keyClicks(page.finder.text, "zebra")
    qtbot.waitUntil(lambda: page.finder.count.text() == "Not found")
    press(window, Qt.Key.Key_Escape)
    assert not page.finder.isVisible()
    assert not marks.found
    assert not window.reviewer.player.playing  # Esc closed the bar, and did no more
    press(window, Qt.Key.Key_F, CTRL, SHIFT)
    assert window.frame.library.search.hasFocus()


def test_bookmarks_are_set_written_deleted_and_brought_back(
    qtbot: QtBot, window: MainWindow
) -> None:
    page = window.frame.page
    page.view.setFocus()
    window.reviewer.player.seek(to_samples(12.0))
    press(window, Qt.Key.Key_D, CTRL)
    assert page.timeline._notes == (to_samples(12.0),)
    window.reviewer.player.seek(to_samples(3.0))
    press(window, Qt.Key.Key_K, CTRL)
    assert page.notes.text.hasFocus()
    QTest.keyClicks(page.notes.text, "ask Jonas")
    press(window, Qt.Key.Key_Return)
    assert page.view.hasFocus()
    listed = [page.notes.list.item(row).text() for row in range(page.notes.list.count())]
    assert listed == ["0:03  ask Jonas", "0:12"]
    qtbot.waitUntil(lambda: page.notes.delete.width() > 20)
    click(page.notes.delete)
    assert page.notes.list.count() == 1
    click(page.notes.undo)
    assert page.notes.list.count() == 2
    click(page.notes.undo)  # of the text
    click(page.notes.undo)  # of the bookmark itself
    assert page.timeline._notes == (to_samples(12.0),)
    box = page.notes.list.visualItemRect(page.notes.list.item(0))
    click(page.notes.list.viewport(), box.center())
    assert second(window) == 12.0
    with Library(library_path()) as library:
        assert [note.sample for note in library.notes.of(1)] == [to_samples(12.0)]


def test_a_bookmark_is_set_while_recording(qtbot: QtBot, window: MainWindow) -> None:
    window.recording.begin(lambda: ScriptedSource(8), "Budget")
    qtbot.waitUntil(lambda: window.recording.phase is Phase.RECORDING, timeout=WAIT_MS)
    live = window.recording.live
    assert live is not None
    qtbot.waitUntil(lambda: live.elapsed_s >= 8.0, timeout=WAIT_MS)
    window.frame.page.view.setFocus()
    press(window, Qt.Key.Key_D, CTRL)
    assert window.frame.page.timeline._notes == (to_samples(8.0),)
    window.recording.stop()
    qtbot.waitUntil(lambda: not window.recording.busy, timeout=WAIT_MS)
    assert window.desk.current is not None
    with Library(library_path()) as library:
        assert len(library.notes.of(window.desk.current.summary.id)) == 1


def test_a_small_window_keeps_the_turns_and_the_controls(window: MainWindow) -> None:
    window.resize(460, 360)
    page = window.frame.page
    assert not page.timeline.isVisible()
    assert page.view.height() > 60
    bar = page.player
    for button in (bar.buttons["play"], bar.speed, bar.buttons["bookmark"]):
        assert button.isVisible()
        assert bar.rect().contains(button.geometry())
    assert not bar.buttons["far_back"].isVisible()
    window.resize(1120, 720)
    assert page.timeline.isVisible()


def test_everything_has_a_name_and_each_key_one_meaning(window: MainWindow) -> None:
    page = window.frame.page
    parts = (page.timeline, page.player, page.finder, page.notes)
    for part in parts:
        for child in part.findChildren(QWidget):
            if child.focusPolicy() & Qt.FocusPolicy.TabFocus:
                assert child.accessibleName(), child
    everywhere = [
        key.toString()
        for action in window.actions_.all()
        if action.shortcutContext() == Qt.ShortcutContext.WindowShortcut
        for key in action.shortcuts()
    ]
    ours = {k.toString() for a in window.actions_.review.all() for k in a.shortcuts()}
    elsewhere = {
        key.toString()
        for action in window.actions_.all()
        if action not in window.actions_.review.all()
        for key in action.shortcuts()
    }
    assert len(everywhere) == len(set(everywhere))
    assert not ours & elsewhere


def test_closing_the_window_ends_the_playing(window: MainWindow) -> None:
    window.reviewer.player.play_from(0)
    window.close()
    assert not playing(window)
    assert not [t for t in threading.enumerate() if t.name == "crosstalk-playback"]
