from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QComboBox, QFileDialog, QLineEdit, QListView, QWidget
from pytestqt.qtbot import QtBot

from app.audio import inputs
from app.audio.devices import InputDevice
from app.errors import DeviceNotFound
from app.exports import FORMATS, ExportDocument
from app.meeting import MeetingRun
from app.paths import library_path, recordings_dir
from app.settings import Settings
from app.store import Library, MeetingState, StoreError
from app.transcript import Transcript
from engine.events import EngineState, EngineStatus, Gap, GapReason, Lag
from tests.gui.conftest import DESK, HEADSET, OpenWindow
from tests.gui.scripted import TALK, ScriptedSource, events_of_talk
from ui.devices import Found
from ui.live import Live, Phase, Told
from ui.main_window import MainWindow
from ui.rows import TurnRow
from ui.text import overlap_label
from ui.top_bar import status_text

HEARD_S = 30.0
WAIT_MS = 15_000


def start(
    qtbot: QtBot, window: MainWindow, seconds: float = HEARD_S, title: str = "Budget"
) -> None:
    window.recording.begin(lambda: ScriptedSource(seconds), title)
    qtbot.waitUntil(lambda: window.recording.phase is Phase.RECORDING, timeout=WAIT_MS)


def stop(qtbot: QtBot, window: MainWindow) -> None:
    window.recording.stop()
    qtbot.waitUntil(lambda: not window.recording.busy, timeout=WAIT_MS)


def turns(window: MainWindow) -> list[TurnRow]:
    model = window.frame.page.view.turns()
    rows = [model.row(row) for row in range(model.rowCount())]
    return [row for row in rows if isinstance(row, TurnRow)]


def earlier_meeting(title: str = "Weekly planning", finish: bool = True) -> int:
    with Library(library_path()) as library:
        path = recordings_dir() / f"{title}.wav"
        meeting = library.create_meeting(title, path, datetime(2026, 1, 5, 9, tzinfo=UTC))
        transcript = Transcript()
        for event in events_of_talk():
            transcript.apply(event)
        library.save_turns(meeting.id, transcript)
        if finish:
            library.finish_meeting(meeting.id, 30.0)
    return meeting.id


def titles(window: MainWindow) -> list[str]:
    return [meeting.title for meeting in window.frame.library.meetings()]


def banners(window: MainWindow) -> list[str]:
    return [notice.text for notice in window.frame.banners.notices()]


def test_turns_appear_while_recording_and_stay_afterwards(
    qtbot: QtBot, open_window: OpenWindow
) -> None:
    window = open_window()
    start(qtbot, window)
    qtbot.waitUntil(lambda: len(turns(window)) == len(TALK), timeout=WAIT_MS)
    assert window.frame.bar.record.text() == "Stop"
    assert window.frame.bar.device.currentText() == "Desk microphone"
    qtbot.waitUntil(lambda: window.frame.bar.elapsed.text() == "0:30", timeout=WAIT_MS)
    qtbot.waitUntil(lambda: window.frame.bar.meter.held_dbfs > -30)
    assert titles(window) == ["Budget"]
    stop(qtbot, window)
    assert window.frame.bar.record.text() == "Record"
    said = [" ".join(word.text for word in row.words) for row in turns(window)]
    assert said == [line.text for line in TALK]
    assert [overlap_label(row) for row in turns(window)][1:3] == [
        "overlaps Speaker 3",
        "overlaps Speaker 2",
    ]
    (meeting,) = window.frame.library.meetings()
    assert (meeting.state, meeting.duration_s) == (MeetingState.FINISHED, HEARD_S)
    assert window.frame.page.title.toolTip() == "Budget"
    assert window.frame.page.meta.text().endswith("0:30  ·  3 speakers")


def test_the_record_button_opens_the_chosen_microphone(
    qtbot: QtBot, open_window: OpenWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str | None] = []

    def find(name: str | None) -> InputDevice:
        asked.append(name)
        return HEADSET

    monkeypatch.setattr(inputs, "find_input", find)
    monkeypatch.setattr(inputs, "MicrophoneSource", lambda found: ScriptedSource(1, found.name))
    window = open_window()
    box = window.frame.bar.device
    assert box.currentText() == "System default – Desk microphone"
    box.setCurrentIndex(box.findText("Headset"))
    box.activated.emit(box.currentIndex())
    click(qtbot, window.frame.bar.record)
    qtbot.waitUntil(lambda: window.recording.phase is Phase.RECORDING, timeout=WAIT_MS)
    assert asked == ["Headset"]
    assert box.currentText() == "Headset"
    click(qtbot, window.frame.bar.record)
    qtbot.waitUntil(lambda: not window.recording.busy, timeout=WAIT_MS)
    assert Settings.load()[0].input_device == "Headset"
    assert open_window().frame.bar.device.currentText() == "Headset"


def click(qtbot: QtBot, button: QWidget) -> None:
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)  # type: ignore[no-untyped-call]


def test_a_remembered_microphone_that_is_away_is_named_and_kept(open_window: OpenWindow) -> None:
    Settings(input_device="Conference unit").save()
    window = open_window()
    assert window.frame.bar.device.currentText() == "Conference unit (not connected)"
    assert window.frame.bar.device.wanted == "Conference unit"


def test_without_a_microphone_the_window_says_so_and_the_rest_works(
    qtbot: QtBot, open_window: OpenWindow
) -> None:
    meeting_id = earlier_meeting()
    window = open_window(found=Found(()))
    assert window.frame.bar.device.currentText() == "No microphone found"
    assert window.frame.empty.title.text() == "No microphone was found"
    assert window.frame.empty.sample.isVisible()
    window.frame.library.opened.emit(meeting_id)
    assert len(turns(window)) == len(TALK)


def test_a_recording_that_cannot_begin_says_why(
    qtbot: QtBot, open_window: OpenWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    def find(name: str | None) -> InputDevice:
        raise DeviceNotFound("No microphone was found. Connect one.")

    monkeypatch.setattr(inputs, "find_input", find)
    window = open_window()
    click(qtbot, window.frame.bar.record)
    qtbot.waitUntil(lambda: banners(window) == ["No microphone was found. Connect one."])
    assert window.recording.phase is Phase.IDLE
    assert titles(window) == []


def test_a_new_microphone_appears_in_the_list(open_window: OpenWindow) -> None:
    window = open_window(found=Found(()))
    window.devices.found = Found((DESK,))
    window.devices.changed.emit()
    box = window.frame.bar.device
    assert [box.itemText(i) for i in range(box.count())] == [
        "System default – Desk microphone",
        "Desk microphone",
    ]
    assert window.frame.empty.record.isVisible()


def test_a_speaker_is_renamed_everywhere_while_recording_and_in_the_library(
    qtbot: QtBot, open_window: OpenWindow
) -> None:
    window = open_window()
    start(qtbot, window)
    qtbot.waitUntil(lambda: len(turns(window)) == len(TALK), timeout=WAIT_MS)
    window.frame.page.view.speaker_renamed.emit(2, "Jonas")
    assert {row.name for row in turns(window) if row.speaker == 2} == {"Jonas"}
    assert overlap_label(turns(window)[2]) == "overlaps Jonas"
    stop(qtbot, window)
    with Library(library_path()) as library:
        (meeting,) = library.meetings()
        assert library.load(meeting.id).speakers[2].name == "Jonas"
    window.frame.page.view.speaker_renamed.emit(2, "")
    assert {row.name for row in turns(window) if row.speaker == 2} == {None}


def test_meetings_are_found_opened_and_renamed(qtbot: QtBot, open_window: OpenWindow) -> None:
    first, second = earlier_meeting("Weekly planning"), earlier_meeting("Choir committee")
    window = open_window()
    assert titles(window) == ["Choir committee", "Weekly planning"]
    window.frame.library.search.setText("WEEK")
    assert {hit.meeting_id for hit in window.frame.library.found()} == {first, second}
    assert window.frame.library.found()[-1].title == "Weekly planning"
    window.frame.library.search.setText("nothing like it")
    assert window.frame.library.nothing.isVisible()
    window.frame.library.search.clear()
    window.frame.library.opened.emit(second)
    assert len(turns(window)) == len(TALK)
    assert window.frame.library.current_id() == second
    window.actions_.retitle.trigger()
    editor = window.frame.library.list.findChild(QLineEdit)
    assert editor is not None
    editor.setText("Choir")
    window.frame.library.list.commitData(editor)
    assert titles(window) == ["Choir", "Weekly planning"]
    assert window.frame.page.title.toolTip() == "Choir"
    with Library(library_path()) as library:
        assert [m.title for m in library.meetings()] == ["Choir", "Weekly planning"]
    assert first != second


def test_a_meeting_cut_off_by_a_crash_is_marked(open_window: OpenWindow) -> None:
    earlier_meeting("Cut off", finish=False)
    window = open_window()
    (meeting,) = window.frame.library.meetings()
    assert meeting.state is MeetingState.RECOVERED
    index = window.frame.library.list.model().index(0, 0)
    said = index.data(Qt.ItemDataRole.AccessibleTextRole)
    assert said.startswith("Cut off, Recovered, ")


def test_an_earlier_meeting_can_be_read_while_another_is_recorded(
    qtbot: QtBot, open_window: OpenWindow
) -> None:
    earlier = earlier_meeting()
    window = open_window(script=events_of_talk(TALK[:2]))
    start(qtbot, window)
    qtbot.waitUntil(lambda: len(turns(window)) == 2, timeout=WAIT_MS)
    window.frame.library.opened.emit(earlier)
    assert len(turns(window)) == len(TALK)
    assert not window.frame.page.to_live.isVisible()
    window.actions_.to_live.trigger()
    assert len(turns(window)) == 2
    assert window.frame.page.view.following


def test_the_way_back_to_live_shows_only_away_from_it(
    qtbot: QtBot, open_window: OpenWindow
) -> None:
    window = open_window()
    window.resize(700, 420)
    start(qtbot, window)
    qtbot.waitUntil(lambda: len(turns(window)) == len(TALK), timeout=WAIT_MS)
    page = window.frame.page
    assert not page.to_live.isVisible()
    page.view.verticalScrollBar().setValue(0)
    assert page.to_live.isVisible()
    click(qtbot, page.to_live)
    assert page.view.verticalScrollBar().value() == page.view.verticalScrollBar().maximum()
    assert not page.to_live.isVisible()


def test_export_writes_what_is_on_show(
    qtbot: QtBot, open_window: OpenWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "out.json"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    window = open_window()
    window.frame.library.opened.emit(earlier_meeting())
    window.commands.rename(1, "Amara")
    export(qtbot, window, "seglst")
    segments = json.loads(target.read_text())
    assert [each["words"] for each in segments] == [line.text for line in TALK]
    assert segments[0]["speaker"] == "Amara"
    assert str(target) in window.frame.bar.status.text()
    target.unlink()
    target.mkdir()
    window.export("txt")
    qtbot.waitUntil(lambda: bool(banners(window)), timeout=WAIT_MS)
    assert len(banners(window)) == 1
    assert "is a folder" in banners(window)[0]


def export(qtbot: QtBot, window: MainWindow, name: str) -> None:
    with qtbot.waitSignal(window.desk.saved, timeout=WAIT_MS):
        window.export(name)


def test_a_meeting_without_its_recording_has_no_sound_to_export(
    qtbot: QtBot, open_window: OpenWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "a.wav"), ""))
    window = open_window()
    window.frame.library.opened.emit(earlier_meeting())
    window.export("wav")
    qtbot.waitUntil(lambda: bool(banners(window)), timeout=WAIT_MS)
    assert "does not exist" in banners(window)[0]
    assert not (tmp_path / "a.wav").exists()


@pytest.mark.expected_log("could not be exported as txt")
def test_a_format_that_breaks_is_told_too(
    qtbot: QtBot, open_window: OpenWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(document: ExportDocument) -> bytes:
        raise RuntimeError("no such thing")

    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "a.txt"), ""))
    monkeypatch.setitem(FORMATS, "txt", replace(FORMATS["txt"], write=broken))
    window = open_window()
    window.frame.library.opened.emit(earlier_meeting())
    window.export("txt")
    qtbot.waitUntil(lambda: bool(banners(window)), timeout=WAIT_MS)
    assert "Choose another format" in banners(window)[0]


def test_copy_as_text_takes_all_turns_or_the_selected_ones(open_window: OpenWindow) -> None:
    window = open_window()
    window.frame.library.opened.emit(earlier_meeting())
    window.actions_.copy_all.trigger()
    assert len(QGuiApplication.clipboard().text().splitlines()) == len(TALK)
    view = window.frame.page.view
    view.setCurrentIndex(view.turns().index(7, 0))
    window.actions_.copy.trigger()
    copied = QGuiApplication.clipboard().text()
    assert copied == "[0:21.0 – 0:21.6] Speaker 1 (overlaps Speaker 3): I agree"


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (EngineState(EngineStatus.FAILED, "The engine is gone."), "The engine is gone."),
        (EngineState(EngineStatus.RESTARTING, "It starts again."), "It starts again."),
        (Gap(16_000, 8_000, GapReason.OVERRUN), "0.5 s of sound are missing at 0:01.0"),
    ],
)
def test_failures_and_gaps_cannot_be_missed(
    qtbot: QtBot, open_window: OpenWindow, event: EngineState | Gap, words: str
) -> None:
    window = open_window(script=[])
    start(qtbot, window, 1.0)
    live = window.recording.live
    assert live is not None
    window.recording.take([Told(live, event)])
    (said,) = banners(window)
    assert words in said
    assert window.frame.banners.isVisible()


def test_text_that_the_library_did_not_get_cannot_be_missed(
    qtbot: QtBot, open_window: OpenWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise StoreError("The disk is full.")

    window = open_window()
    start(qtbot, window)
    monkeypatch.setattr(Library, "finish_meeting", full)
    stop(qtbot, window)
    (said,) = banners(window)
    assert said.startswith("The disk is full.")
    assert "crosstalk transcribe" in said


def test_a_warning_goes_when_the_engine_runs_again(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window(script=[])
    start(qtbot, window, 1.0)
    live = window.recording.live
    assert live is not None
    window.recording.take([Told(live, EngineState(EngineStatus.RESTARTING, "Again."))])
    assert banners(window) == ["Again."]
    window.recording.take([Told(live, EngineState(EngineStatus.RUNNING))])
    assert banners(window) == []


def test_an_engine_that_cannot_be_made_leaves_the_recording_alone(
    qtbot: QtBot, open_window: OpenWindow
) -> None:
    window = open_window(script=[])
    start(qtbot, window, 2.0)
    live = window.recording.live
    assert live is not None
    assert live.run is not None
    failed = EngineState(EngineStatus.FAILED, "The model file is missing.")
    window.recording.take([Told(live, failed)])
    assert "without text" in window.frame.bar.status.text()
    stop(qtbot, window)
    assert window.frame.library.meetings()[0].duration_s == 2.0


def test_the_sample_meeting_is_one_click_away(
    qtbot: QtBot, open_window: OpenWindow, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    played: list[tuple[Path, str]] = []
    window = open_window()
    monkeypatch.setattr(window.recording, "play", lambda *what: played.append(what))
    window.sample = tmp_path / "meeting.flac"
    click(qtbot, window.frame.empty.sample)
    assert "sample meeting is missing" in banners(window)[0]
    window.sample.write_bytes(b"")
    click(qtbot, window.frame.library.sample)
    assert played == [(window.sample, "Sample meeting")]


def test_every_control_has_a_name_and_can_be_reached_with_the_keyboard(
    open_window: OpenWindow,
) -> None:
    window = open_window()
    kinds = (QAbstractButton, QComboBox, QLineEdit, QListView)
    controls = [w for kind in kinds for w in window.frame.findChildren(kind) if w.isVisible()]
    assert len(controls) > 5
    for control in controls:
        if control.objectName().startswith("qt_") or isinstance(
            control.parent(), QComboBox | QLineEdit
        ):
            continue
        text = control.text() if isinstance(control, QAbstractButton) else ""
        assert control.accessibleName() or text, control
        assert control.focusPolicy() & Qt.FocusPolicy.TabFocus, control


def test_every_command_has_a_shortcut_of_its_own(open_window: OpenWindow) -> None:
    actions = open_window().actions_
    keys = [action.shortcut().toString() for action in actions.all() if action is not actions.about]
    assert all(keys)
    assert len(set(keys)) == len(keys)


def test_what_happened_while_starting_is_not_lost(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window(script=events_of_talk(TALK[:1]))
    start(qtbot, window, 0.1)  # over before the window hears that it began
    stop(qtbot, window)
    assert [row.number for row in turns(window)] == [1]


def test_the_theme_is_remembered(open_window: OpenWindow) -> None:
    window = open_window()
    window.actions_.themes["dark"].trigger()
    assert Settings.load()[0].theme == "dark"
    assert open_window().actions_.themes["dark"].isChecked()
    window.actions_.themes["light"].trigger()


def test_damaged_settings_are_told(open_window: OpenWindow) -> None:
    Settings().save()
    path = library_path().with_name("settings.json")
    path.write_text("{")
    assert "damaged" in banners(open_window())[0]


def test_an_unusable_library_is_told(open_window: OpenWindow) -> None:
    library_path().write_bytes(b"this is no database, and never was one" * 100)
    window = open_window()
    assert "library" in banners(window)[0]


def test_a_narrow_window_gives_its_room_to_the_turns(open_window: OpenWindow) -> None:
    window = open_window()
    window.resize(500, 400)
    assert not window.frame.library.isVisible()
    window.actions_.search.trigger()
    assert window.frame.library.isVisible()
    window.resize(1100, 700)
    assert window.frame.library.isVisible()
    window.resize(500, 400)
    assert not window.frame.library.isVisible()


def test_turns_that_cannot_be_saved_are_told_once_and_when_that_is_over(
    qtbot: QtBot, open_window: OpenWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window(script=[])
    start(qtbot, window, 1.0)
    problem: list[str | None] = ["The disk is full."]
    monkeypatch.setattr(MeetingRun, "problem", property(lambda _: problem[0]))
    qtbot.waitUntil(lambda: banners(window) == ["The disk is full."])
    window.frame.banners.remove("saving")
    qtbot.wait(500)
    assert banners(window) == []
    problem[0] = "The disk is still full."
    qtbot.waitUntil(lambda: banners(window) == ["The disk is still full."])
    problem[0] = None
    qtbot.waitUntil(lambda: banners(window) == [])


def test_an_empty_meeting_says_why(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window(script=[])
    start(qtbot, window, 1.0)
    hint = window.frame.page.hint
    qtbot.waitUntil(lambda: hint.text().startswith("Listening"), timeout=WAIT_MS)
    assert hint.isVisible()
    stop(qtbot, window)
    assert hint.text().startswith("There is no text: nobody spoke, or the meeting was only rec")


@pytest.mark.parametrize(
    ("status", "behind", "said"),
    [
        (EngineStatus.LOADING, 0, "loading"),
        (EngineStatus.RUNNING, 0, "Listening"),
        (EngineStatus.RUNNING, 48_000, "3 s behind"),
        (EngineStatus.CATCHING_UP, 160_000, "catching up, 10 s behind"),
    ],
)
def test_the_quiet_line_tells_how_the_engine_is_doing(
    status: EngineStatus, behind: int, said: str
) -> None:
    live = Live()
    live.follow([EngineState(status), Lag(behind)])
    assert said in status_text(Phase.RECORDING, live, 0)
