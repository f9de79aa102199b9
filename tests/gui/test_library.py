"""The library in the window: search, filters, deleting and taking that back, the bin."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QDate, QRect, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from app.paths import library_path, recordings_dir
from app.store import Library
from app.store_bin import KEPT_DAYS
from app.store_search import MOST_HITS
from app.transcript import Transcript
from engine.events import Gap, GapReason
from engine.timeline import to_samples
from tests.gui.conftest import OpenWindow
from tests.gui.scripted import ScriptedSource, events_of_talk
from ui.live import Phase
from ui.main_window import MainWindow
from ui.meeting_list import describe, state_text

WAIT_MS = 15_000


def add(title: str, days_ago: int = 0, name: str = "", sound: int = 2_000_000) -> int:
    """A meeting with the talk of the other tests; ``name`` is that of its second speaker."""
    transcript = Transcript()
    for event in events_of_talk():
        transcript.apply(event)
    recording = recordings_dir() / f"{title}.wav"
    recording.write_bytes(bytes(sound))
    with Library(library_path()) as library:
        began = datetime.now(UTC) - timedelta(days=days_ago)
        number = library.create_meeting(title, recording, began).id
        library.save_turns(number, transcript)
        library.finish_meeting(number, 30.0)
        if name:
            library.rename_speaker(number, 2, name)
    return number


def titles(window: MainWindow) -> list[str]:
    return [meeting.title for meeting in window.frame.library.meetings()]


def open_title(window: MainWindow) -> str:
    return window.desk.current.summary.title if window.desk.current else ""


def press(widget: object, key: Qt.Key) -> None:
    QTest.keyClick(widget, key)  # type: ignore[call-overload]


def click(qtbot: QtBot, button: QPushButton) -> None:
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)  # type: ignore[no-untyped-call]


def test_a_hit_opens_the_meeting_at_the_turn(open_window: OpenWindow) -> None:
    add("Choir", 1)
    plans = add("Plans")
    window = open_window()
    panel, view = window.frame.library, window.frame.page.view
    panel.search.setText('"new offer" dec')
    assert [(hit.title, hit.turn) for hit in panel.found()] == [("Plans", 7), ("Choir", 7)]
    assert panel.hits.isVisible()
    assert not panel.list.isVisible()
    panel.search.setFocus()
    press(panel.search, Qt.Key.Key_Return)  # to the first place
    press(panel.hits, Qt.Key.Key_Return)  # and there
    assert window.desk.current is not None
    assert window.desk.current.summary.id == plans
    row = view.turns().turn_row(view.currentIndex())
    assert row is not None
    assert row.number == 7
    assert view.selected_rows() == [view.currentIndex().row()]
    assert view.viewport().rect().intersects(view.visualRect(view.currentIndex()))
    panel.search.clear()
    assert panel.list.isVisible()
    assert panel.current_id() == plans


def test_a_hit_far_down_is_brought_into_sight(qtbot: QtBot, open_window: OpenWindow) -> None:
    number = add("Long")
    with Library(library_path()) as library:
        transcript = library.load(number)
        for turn in list(transcript.turns.values()):
            for again in range(1, 60):
                shifted = 30 * 16_000 * again
                copy = type(turn)(
                    again * 100 + turn.number, turn.channel, turn.start + shifted,
                    turn.until + shifted, turn.speaker, turn.words,
                )  # fmt: skip
                transcript.turns[copy.number] = copy
        library.save_turns(number, transcript)
    window = open_window()
    window.frame.library.hit_opened.emit(number, 4007)
    view = window.frame.page.view
    qtbot.waitUntil(lambda: not view.measuring, timeout=WAIT_MS)
    row = view.turns().turn_row(view.currentIndex())
    assert row is not None
    assert row.number == 4007
    shown = view.visualRect(view.currentIndex())
    assert view.viewport().rect().contains(shown.center())
    assert not view.following


def test_titles_people_and_any_text_can_be_typed(open_window: OpenWindow) -> None:
    number = add("Köln", name="Zoë Okafor")
    window = open_window()
    panel = window.frame.library
    for text, turn in (("koln", None), ("ZOE", 2)):
        panel.search.setText(text)
        assert [(hit.meeting_id, hit.turn) for hit in panel.found()] == [(number, turn)]
    for text in ('"', "a AND (", "*", "\0", "🙂"):
        panel.search.setText(text)
        assert window.frame.banners.notices() == []
    assert panel.nothing.isVisible()
    assert "fewer words" in panel.nothing.text()
    panel.hit_opened.emit(number, None)
    assert window.desk.current is not None


def test_the_list_and_the_search_are_filtered(open_window: OpenWindow) -> None:
    add("Old", 40, "Ada")
    add("New", 0, "Zoë")
    window = open_window()
    panel = window.frame.library
    assert not panel.filter.isVisible()
    panel.filters.click()
    assert panel.filter.isVisible()
    people = [panel.filter.person.itemText(i) for i in range(panel.filter.person.count())]
    assert people == ["Everybody", "Ada", "Zoë"]
    panel.filter.person.setCurrentIndex(1)
    assert titles(window) == ["Old"]
    panel.search.setText("figures")
    assert [hit.title for hit in panel.found()] == ["Old"]
    panel.filter.days.setCurrentIndex(2)
    assert panel.found() == []
    panel.filter.person.setCurrentIndex(0)
    assert [hit.title for hit in panel.found()] == ["New"]
    panel.filter.days.setCurrentIndex(panel.filter.days.count() - 1)
    panel.filter.since.setDate(QDate.currentDate().addDays(-41))
    panel.filter.until.setDate(QDate.currentDate().addDays(-39))
    assert [hit.title for hit in panel.found()] == ["Old"]
    panel.filters.click()  # closed, it leaves nothing out
    panel.search.clear()
    assert titles(window) == ["New", "Old"]


def test_a_deleted_meeting_can_be_brought_back_at_once(
    qtbot: QtBot, open_window: OpenWindow
) -> None:
    add("Plans")
    add("Choir")
    window = open_window()
    panel, undo = window.frame.library, window.frame.undo
    panel.select(1)
    window.desk.open(1)
    assert not undo.isVisible()
    assert not window.actions_.undo.isEnabled()
    panel.list.setFocus()
    press(panel.list, Qt.Key.Key_Delete)
    assert titles(window) == ["Choir"]
    assert open_title(window) == ""
    assert window.frame.middle.currentWidget() is window.frame.empty
    assert undo.text.text() == "“Plans” is in the bin."
    assert panel.bin.text() == "Bin (1)"
    assert not (recordings_dir() / "Plans.wav").exists()
    window.actions_.undo.trigger()
    assert titles(window) == ["Choir", "Plans"]
    assert open_title(window) == "Plans"
    assert (recordings_dir() / "Plans.wav").is_file()
    assert not undo.isVisible()
    window.actions_.delete.trigger()  # the one on show
    click(qtbot, undo.undo)
    assert titles(window) == ["Choir", "Plans"]
    window.actions_.delete.trigger()
    click(qtbot, undo.dismiss)
    assert not undo.isVisible()
    assert titles(window) == ["Choir"]


def test_the_bin_gives_back_and_is_emptied_only_after_asking(
    qtbot: QtBot, open_window: OpenWindow
) -> None:
    for title in ("Plans", "Choir"):
        add(title)
    window = open_window()
    bin_ = window.librarian.bin
    click(qtbot, window.frame.library.bin)
    assert "empty" in bin_.about.text()
    assert not bin_.restore.isEnabled()
    for number in (1, 2):
        window.librarian.delete(number)
    assert [bin_.model.item(row).text() for row in range(2)] == ["Choir", "Plans"]
    assert str(KEPT_DAYS) in bin_.about.text()
    click(qtbot, bin_.restore)
    assert titles(window) == ["Choir"]
    for answer, left in (("&Keep them", 1), ("&Destroy", 0)):
        box = bin_.ask()
        assert isinstance(box, QMessageBox)
        next(each for each in box.buttons() if each.text() == answer).click()
        assert bin_.model.rowCount() == left
    assert not window.frame.undo.isVisible()
    assert [path.name for path in recordings_dir().iterdir()] == ["Choir.wav"]
    bin_.close()


def test_what_was_in_the_bin_too_long_goes_when_the_window_opens(open_window: OpenWindow) -> None:
    old, young = add("Old"), add("Young")
    now = datetime.now(UTC)
    with Library(library_path()) as library:
        library.bin.put(old, now - timedelta(days=KEPT_DAYS + 1))
        library.bin.put(young, now - timedelta(days=KEPT_DAYS - 1))
    window = open_window()
    assert window.frame.library.bin.text() == "Bin (1)"


def test_a_meeting_being_recorded_is_not_deleted(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window()
    window.recording.begin(lambda: ScriptedSource(1.0), "Now")
    qtbot.waitUntil(lambda: window.recording.phase is Phase.RECORDING, timeout=WAIT_MS)
    window.actions_.delete.trigger()
    assert "still being recorded" in window.frame.banners.notices()[0].text
    assert titles(window) == ["Now"]
    window.recording.stop()
    qtbot.waitUntil(lambda: not window.recording.busy, timeout=WAIT_MS)


def test_a_title_is_edited_with_f2(qtbot: QtBot, open_window: OpenWindow) -> None:
    add("Plans")
    window = open_window()
    listed = window.frame.library.list
    window.frame.library.select(1)
    listed.setFocus()
    press(listed, Qt.Key.Key_F2)
    editor = listed.findChild(QLineEdit)
    assert editor is not None
    editor.selectAll()
    QTest.keyClicks(editor, "Budget")
    press(editor, Qt.Key.Key_Backspace)  # deletes a letter, not the meeting
    QTest.keyClicks(editor, "ts")
    press(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: titles(window) == ["Budgets"])
    assert window.frame.library.bin.text() == "Bin"


def test_sizes_are_shown(open_window: OpenWindow) -> None:
    add("Plans", sound=3_000_000)
    window = open_window()
    (meeting,) = window.frame.library.meetings()
    assert "3.0 MB" in describe(meeting)
    assert "MB in all" in window.frame.library.room.text()


def test_a_screen_reader_hears_where_something_was_found(open_window: OpenWindow) -> None:
    add("Plans", name="Ada")
    panel = open_window().frame.library
    panel.search.setText("figures")
    said = panel.hits.model().index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert said.startswith("Plans, 0:04.4 · Ada · Today")
    assert said.endswith("yes please I have the figures of the first quarter here")
    for widget in (panel.hits, panel.filter.since, panel.filter.person, panel.bin):
        named = QAccessible.queryAccessibleInterface(widget)
        assert named is not None
        assert named.text(QAccessible.Text.Name)


@pytest.mark.parametrize("folder", ["recordings", "bin"])
def test_a_library_without_its_recordings_still_opens(open_window: OpenWindow, folder: str) -> None:
    number = add("Plans")
    with Library(library_path()) as library:
        place: Path = library.meeting(number).recording
        if folder == "bin":
            place = library.bin.put(number).recording
    place.unlink()
    window = open_window()
    window.librarian.restore(number)
    assert titles(window) == ["Plans"]
    assert window.frame.banners.notices() == []


def test_a_meeting_without_text_says_so_and_offers_it(
    qtbot: QtBot, open_window: OpenWindow
) -> None:
    with Library(library_path()) as library:
        meeting = library.create_meeting(
            "Only recorded", recordings_dir() / "only.wav", datetime(2026, 1, 5, 9, tzinfo=UTC)
        )
        library.finish_meeting(meeting.id, 30.0)
    window = open_window()
    (listed,) = window.frame.library.meetings()
    assert state_text(listed) == "No text yet"
    window.desk.open(meeting.id)
    button = window.frame.page.transcribe
    assert button.isVisible()
    assert not button.geometry().intersects(text_area(window.frame.page.hint))
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    dialog = window.importer.dialog
    assert dialog is not None
    assert dialog.windowTitle() == "Transcribe"
    dialog.close()


def test_a_pause_is_no_text(open_window: OpenWindow) -> None:
    transcript = Transcript()
    transcript.apply(Gap(to_samples(12.0), 0, GapReason.PAUSE))
    with Library(library_path()) as library:
        meeting = library.create_meeting(
            "Only a pause", recordings_dir() / "only.wav", datetime(2026, 1, 5, 9, tzinfo=UTC)
        )
        library.save_turns(meeting.id, transcript)
        library.finish_meeting(meeting.id, 30.0)
    window = open_window()
    window.desk.open(meeting.id)
    page = window.frame.page
    view = page.view
    assert view.turns().rowCount() == 1
    assert page.transcribe.isVisible()
    assert "no text" in page.hint.text()
    pause = view.visualRect(view.turns().index(0, 0))
    assert not pause.intersects(text_area(page.hint))


def text_area(label: QLabel) -> QRect:
    """Where the text of a label stands that begins at its top."""
    area = label.geometry()
    return QRect(area.left(), area.top(), area.width(), label.heightForWidth(area.width()))


def test_a_search_says_how_much_is_not_listed(open_window: OpenWindow) -> None:
    with Library(library_path()) as library:
        began = datetime.now(UTC)
        for number in range(MOST_HITS + 1):
            library.create_meeting(f"plan {number}", recordings_dir() / f"{number}.wav", began)
    window = open_window()
    panel = window.frame.library
    assert not panel.more.isVisible()
    panel.search.setText("plan")
    assert panel.more.isVisible()
    assert panel.more.text() == "The first 200 of 201 places. More words find fewer."
    panel.search.setText("plan 20")
    assert not panel.more.isVisible()
