"""Pause, the computer's sound, pre-roll and warnings, through the widgets of the window."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.audio import inputs
from app.audio.devices import InputDevice
from app.audio.inputs import Input
from app.audio.pre_roll import PreRoll
from app.audio.source import AudioSource
from app.errors import DeviceFailed, DeviceNotFound
from app.paths import library_path
from app.settings import Settings
from app.sound import Segment, Source
from app.store import Library
from engine.events import GapReason, Remark, Subject
from tests.gui.conftest import DESK, HEADSET, OpenWindow
from tests.gui.scripted import ScriptedSource
from ui import recording, recording_care
from ui.banner import Banner
from ui.live import Phase, Told
from ui.main_window import MainWindow
from ui.rows import GapRow
from ui.text import describe

WAIT_MS = 15_000


class Room:
    """Microphones by name; each opening is a new source of one second."""

    def __init__(self) -> None:
        self.opened: list[ScriptedSource] = []
        self.away = False

    def find(self, name: str | None) -> InputDevice:
        if self.away:
            raise DeviceNotFound("No microphone was found.")
        return HEADSET if name == HEADSET.name else DESK

    def open(self, device: InputDevice) -> ScriptedSource:
        self.opened.append(ScriptedSource(1.0, device.name))
        return self.opened[-1]


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch) -> Room:
    made = Room()
    for module in (inputs, recording_care):
        monkeypatch.setattr(module, "find_input", made.find)
        monkeypatch.setattr(module, "MicrophoneSource", made.open)
    monkeypatch.setattr("app.audio.devices.refresh", lambda: True)
    return made


def click(qtbot: QtBot, button: QWidget) -> None:
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)  # type: ignore[no-untyped-call]


def until(qtbot: QtBot, true: Callable[[], object]) -> None:
    qtbot.waitUntil(lambda: bool(true()), timeout=WAIT_MS)


def record(qtbot: QtBot, window: MainWindow) -> None:
    click(qtbot, window.frame.bar.record)
    until(qtbot, lambda: window.recording.phase is Phase.RECORDING)


def stop(qtbot: QtBot, window: MainWindow) -> None:
    click(qtbot, window.frame.bar.record)
    until(qtbot, lambda: not window.recording.busy)


def banners(window: MainWindow) -> list[str]:
    return [notice.text for notice in window.frame.banners.notices()]


def segments() -> tuple[Segment, ...]:
    with Library(library_path()) as library:
        return library.segments(library.find("last").id)


def test_pause_and_resume_by_button_and_key(
    qtbot: QtBot, open_window: OpenWindow, room: Room
) -> None:
    window = open_window([])
    bar = window.frame.bar
    assert not bar.pause.isVisible()
    record(qtbot, window)
    assert (bar.pause.text(), bar.pause.isVisible()) == ("Pause", True)
    click(qtbot, bar.pause)
    until(qtbot, lambda: room.opened[0]._stopping.is_set())
    assert bar.pause.text() == window.actions_.pause.text() == "Resume"
    assert bar.status.text() == "Paused. Not recording."
    qtbot.keyClick(window, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)  # type: ignore[no-untyped-call]
    until(qtbot, lambda: len(room.opened) == 2)
    assert bar.pause.text() == "Pause"
    until(qtbot, lambda: bar.elapsed.text() == "0:02")
    stop(qtbot, window)
    assert not bar.pause.isVisible()
    first, second = segments()
    assert (second.start, second.path.name) == (16_000, f"{first.path.stem}-2.wav")
    with Library(library_path()) as library:
        gaps = library.load(library.find("last").id).gaps
    assert [(gap.start, gap.length, gap.reason) for gap in gaps] == [(16_000, 0, GapReason.PAUSE)]
    current = window.desk.current
    assert current is not None
    rows = [current.model.row(row) for row in range(current.model.rowCount())]
    assert [describe(row) for row in rows if isinstance(row, GapRow)] == ["0:01.0: paused here"]
    assert not any("missing" in text for text in banners(window))


def test_a_meeting_that_is_paused_can_be_stopped(
    qtbot: QtBot, open_window: OpenWindow, room: Room
) -> None:
    window = open_window([])
    record(qtbot, window)
    click(qtbot, window.frame.bar.pause)
    stop(qtbot, window)
    assert len(segments()) == 1
    assert window.frame.bar.record.text() == "Record"


def test_a_microphone_that_goes_away_is_told_and_followed(
    qtbot: QtBot, open_window: OpenWindow, room: Room
) -> None:
    window = open_window([])
    record(qtbot, window)
    room.away = True
    room.opened[0].failure = DeviceFailed("The microphone is gone.")  # type: ignore[attr-defined]
    room.opened[0].exhausted.set()
    until(qtbot, lambda: any("No microphone was found." in text for text in banners(window)))
    assert window.recording.phase is Phase.RECORDING
    room.away = False
    until(qtbot, lambda: len(room.opened) == 2)
    until(qtbot, lambda: not any("No microphone" in text for text in banners(window)))
    stop(qtbot, window)
    assert len(segments()) == 2


def test_the_switch_records_the_computer_too_and_is_remembered(
    qtbot: QtBot, open_window: OpenWindow, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    played = ScriptedSource(1.0, "speakers.monitor")
    monkeypatch.setattr(recording, "system_audio", lambda: Input(played, Source.SYSTEM))
    window = open_window([])
    switch = window.frame.bar.system
    assert (switch.isChecked(), switch.isEnabled()) == (False, True)
    click(qtbot, switch)
    assert Settings.load()[0].record_system_audio
    record(qtbot, window)
    assert not switch.isEnabled()
    stop(qtbot, window)
    assert [segment.source for segment in segments()] == [Source.MICROPHONE, Source.SYSTEM]
    assert open_window().frame.bar.system.isChecked()


def test_what_cannot_be_had_of_the_computer_is_refused_and_said(
    qtbot: QtBot, open_window: OpenWindow, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> Input:
        raise DeviceNotFound("Install parec.")

    monkeypatch.setattr(recording, "system_audio", refuse)
    window = open_window([])
    click(qtbot, window.frame.bar.system)
    click(qtbot, window.frame.bar.record)
    until(qtbot, lambda: window.recording.phase is Phase.IDLE)
    until(qtbot, lambda: banners(window) == ["Install parec."])
    assert room.opened == []
    with Library(library_path()) as library:
        assert library.meetings() == []


def test_the_seconds_before_become_the_beginning(
    qtbot: QtBot, open_window: OpenWindow, room: Room
) -> None:
    Settings(pre_roll_s=0.5).save()
    window = open_window([])
    window.care.start()
    window.devices.changed.emit()
    until(qtbot, lambda: window.recording.pre_roll_s)
    listened = room.opened[0]
    until(qtbot, lambda: "Listening" in window.frame.bar.status.text())
    prepared = window.recording.prepared
    handed: list[AudioSource | None] = []

    def hand_over(name: str | None) -> AudioSource | None:
        handed.append(prepared(name))
        return handed[-1]

    window.recording.prepared = hand_over
    qtbot.wait(100)
    click(qtbot, window.frame.bar.record)
    until(qtbot, lambda: handed)
    source = handed[0]
    assert isinstance(source, PreRoll)
    until(qtbot, lambda: source._sink)
    wave = np.full((1_600, 1), 77, np.int16)
    source._take(wave)
    until(qtbot, lambda: window.recording.phase is Phase.RECORDING)
    assert window.frame.bar.status.text().startswith("Recording")
    stop(qtbot, window)
    assert listened._stopping.is_set()
    (segment,) = segments()
    values, _ = soundfile.read(segment.path, dtype="int16")
    assert len(values) == 8_000 + 1_600
    assert (values[-1_600:] == 77).all()
    window.care.stop()


def test_pre_roll_is_off_unless_it_is_switched_on_and_ends_at_once(
    qtbot: QtBot, open_window: OpenWindow, room: Room
) -> None:
    window = open_window([])
    window.care.start()
    window.devices.changed.emit()
    qtbot.wait(50)
    assert room.opened == []
    window.preferences.keeper.change("pre_roll_s", 5.0)
    until(qtbot, lambda: window.recording.pre_roll_s == 5.0)
    window.preferences.keeper.change("pre_roll_s", 0.0)
    until(qtbot, lambda: room.opened[0]._stopping.is_set())
    assert window.recording.pre_roll_s == 0.0
    assert window.frame.bar.status.text() == "Ready. Everything stays on this computer."


def test_only_recording_is_said(qtbot: QtBot, open_window: OpenWindow, room: Room) -> None:
    Settings(transcribe_while_recording=False).save()
    window = open_window()
    record(qtbot, window)
    until(
        qtbot,
        lambda: window.frame.bar.status.text() == "Recording. The text can be made later.",
    )
    stop(qtbot, window)
    with Library(library_path()) as library:
        assert library.find("last").turns == 0


def test_a_file_that_is_played_cannot_be_paused(
    qtbot: QtBot, open_window: OpenWindow, tmp_path: Path
) -> None:
    soundfile.write(tmp_path / "a.wav", np.full(160_000, 0.1), 16_000)
    window = open_window([])
    window.recording.play(tmp_path / "a.wav", "File")
    until(qtbot, lambda: window.recording.phase is Phase.RECORDING)
    assert not window.frame.bar.pause.isVisible()
    window.actions_.pause.trigger()
    window.recording.toggle_pause()
    assert window.recording.phase is Phase.RECORDING
    stop(qtbot, window)
    assert segments()[0].source is Source.FILE


def test_who_is_asked_whether_to_go_on_can_stop_or_not(
    qtbot: QtBot, open_window: OpenWindow
) -> None:
    window = open_window()
    window.recording.begin(lambda: ScriptedSource(1.0), None)
    qtbot.waitUntil(lambda: window.recording.phase is Phase.RECORDING, timeout=WAIT_MS)
    live = window.recording.live
    for answer, phase in ((1, Phase.RECORDING), (0, Phase.STOPPING)):
        assert live is not None
        window.recording.take([Told(live, Remark(Subject.QUIET, "Still recording?"))])
        (banner,) = window.frame.banners.findChildren(Banner)
        assert not banner.dismiss.isVisible()
        names = [button.text() for button in banner.choices]
        assert names == ["Stop recording", "Keep recording"]
        QTest.mouseClick(banner.choices[answer], Qt.MouseButton.LeftButton)
        assert window.recording.phase is phase
        assert window.frame.banners.notices() == []
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    qtbot.waitUntil(lambda: not window.recording.busy, timeout=WAIT_MS)


def test_what_is_said_of_a_recording_goes_with_it(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window()
    window.recording.begin(lambda: ScriptedSource(1.0), None)
    qtbot.waitUntil(lambda: window.recording.phase is Phase.RECORDING, timeout=WAIT_MS)
    live = window.recording.live
    assert live is not None
    window.recording.take([Told(live, Remark(each, "It is so.")) for each in Subject])
    assert len(window.frame.banners.notices()) == len(Subject)
    window.recording.stop()
    qtbot.waitUntil(lambda: not window.recording.busy, timeout=WAIT_MS)
    assert window.frame.banners.notices() == []
    window.recording.take([Told(live, Remark(Subject.SILENCE, "It comes late."))])
    assert window.frame.banners.notices() == []
