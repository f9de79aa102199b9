"""Voices in the window: agreeing, saving, recognising, saying yes or no, deleting."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QMenu, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from app.audio.source import AudioSource
from app.paths import library_path, recordings_dir
from app.settings import Settings
from app.store import Library
from app.transcript import Transcript
from engine.events import Event, SpeakerRecognised, TurnEnded, TurnEvent, VoiceHeard
from tests.gui.conftest import OpenWindow
from tests.gui.scripted import ScriptedSource
from tests.scripted_engine import spoken
from ui.main_window import MainWindow

WAIT_MS = 15_000
MODEL = "small:00ff"
AGREED = datetime(2026, 1, 31, 12, tzinfo=UTC)


def unit(seed: int) -> tuple[float, ...]:
    vector = np.random.default_rng(seed).standard_normal(96)
    return tuple(map(float, vector / np.linalg.norm(vector)))


def voiced(turn: int, start_s: float, end_s: float, speaker: int, seed: int) -> list[TurnEvent]:
    *said, end = spoken(turn, start_s, end_s, "some words", speaker=speaker)
    assert isinstance(end, TurnEnded)
    length = round((end_s - start_s) * 16_000)
    voice = VoiceHeard(turn, end.end - length, end.end, length, unit(seed), MODEL, end.emitted)
    return [*said, voice, end]


def add(title: str, *events: Event, **names: str) -> int:
    """A meeting in which this was heard; names are those of ``s1``, ``s2``."""
    transcript = Transcript()
    for event in events:
        transcript.apply(event)
    recording = recordings_dir() / f"{title}.wav"
    recording.write_bytes(bytes(1000))
    with Library(library_path()) as library:
        number = library.create_meeting(title, recording, datetime.now(UTC)).id
        library.save_turns(number, transcript)
        library.voices.hear_again(number, transcript)
        library.voices.save_names(number, transcript.speakers)
        library.finish_meeting(number, 30.0)
        for speaker, name in names.items():
            library.rename_speaker(number, int(speaker[1:]), name)
    return number


def plans(**names: str) -> int:
    return add("Plans", *voiced(1, 0, 12, 1, 1), *voiced(2, 13, 25, 2, 2), **names)


def agree() -> None:
    Settings(recognise_voices=True, voices_agreed_at=AGREED, first_run_done=True).save()


def saved() -> list[str]:
    with Library(library_path()) as library:
        return [person.name for person in library.voices.people()]


def click(qtbot: QtBot, button: object) -> None:
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)  # type: ignore[no-untyped-call]


def choose(window: MainWindow, row: int) -> None:
    view = window.frame.page.view
    view.setCurrentIndex(view.turns().index(row, 0))


def menu_of(window: MainWindow, row: int) -> dict[str, object]:
    """The entries of the menu of a turn that is opened by keyboard, by their text."""
    choose(window, row)
    menu = window.frame.page.view.context_menu(QPoint())
    assert isinstance(menu, QMenu)
    return {action.text(): action for action in menu.actions() if action.text()}


def trigger(window: MainWindow, row: int, text: str) -> None:
    menu_of(window, row)[text].trigger()  # type: ignore[attr-defined]


def name_of(window: MainWindow, row: int) -> str | None:
    shown = window.frame.page.view.turns().row(row)
    return getattr(shown, "name", None)


def question(window: MainWindow) -> QMessageBox:
    boxes = [box for box in window.findChildren(QMessageBox) if box.isVisible()]
    assert len(boxes) == 1
    return boxes[0]


def button(box: QMessageBox, text: str) -> QPushButton:
    (found,) = [each for each in box.buttons() if each.text() == text]
    assert isinstance(found, QPushButton)
    return found


def test_one_click_saves_the_voice_of_a_speaker_with_a_name(open_window: OpenWindow) -> None:
    agree()
    number = plans(s1="Sarah")
    window = open_window()
    window.desk.open(number)
    trigger(window, 0, "Remember this voice as Sarah")
    assert saved() == ["Sarah"]
    assert "The voice of Sarah is saved: 12 s" in window.frame.bar.status.text()
    assert not menu_of(window, 1)["Remember this voice (name the speaker first)"].isEnabled()  # type: ignore[attr-defined]


def test_nothing_is_saved_before_the_user_agreed(qtbot: QtBot, open_window: OpenWindow) -> None:
    number = plans(s1="Sarah")
    window = open_window()
    window.desk.open(number)
    trigger(window, 0, "Remember this voice as Sarah")
    asked = question(window)
    assert "never leave it" in asked.informativeText()
    QTest.keyClick(asked, Qt.Key.Key_Escape)
    assert saved() == []
    assert not window.people.on
    choose(window, 0)
    window.actions_.remember.trigger()  # by its key
    click(qtbot, button(question(window), "&Recognise voices"))
    assert saved() == ["Sarah"]
    settings, _ = Settings.load()
    assert settings.recognise_voices
    assert settings.voices_agreed_at is not None


def test_the_switch_asks_once_and_is_off_until_the_answer(
    qtbot: QtBot, open_window: OpenWindow
) -> None:
    window = open_window()
    window.actions_.people.trigger()
    dialog = window.people.dialog
    assert not dialog.on.isChecked()
    QTest.keyClick(dialog.on, Qt.Key.Key_Space)
    click(qtbot, button(question(window), "&Not now"))
    assert not dialog.on.isChecked()
    QTest.keyClick(dialog.on, Qt.Key.Key_Space)
    click(qtbot, button(question(window), "&Recognise voices"))
    assert dialog.on.isChecked()
    assert window.people.on
    for expected in (False, True):  # agreed already: not asked again
        QTest.keyClick(dialog.on, Qt.Key.Key_Space)
        assert window.people.on is expected
    dialog.accept()


def test_switched_on_in_the_settings_the_user_is_asked_too(
    qtbot: QtBot, open_window: OpenWindow
) -> None:
    window = open_window()
    window.preferences.keeper.change("recognise_voices", True)
    click(qtbot, button(question(window), "&Not now"))
    assert not window.people.on
    assert not Settings.load()[0].recognise_voices


def test_a_voice_of_too_little_speech_is_refused_in_words(open_window: OpenWindow) -> None:
    agree()
    number = add("Plans", *voiced(1, 0, 4, 1, 1), s1="Sarah")
    window = open_window()
    window.desk.open(number)
    trigger(window, 0, "Remember this voice as Sarah")
    assert saved() == []
    labels = window.frame.banners.findChildren(QLabel)
    assert any("Only 4 s of this voice" in label.text() for label in labels)


@pytest.fixture
def unsure(open_window: OpenWindow) -> MainWindow:
    """A window in which the second meeting has perhaps heard Sarah again."""
    agree()
    first = plans(s1="Sarah")
    with Library(library_path()) as library:
        sarah = library.voices.enrol(first, 1, "Sarah", AGREED)
    guess = SpeakerRecognised(1, sarah.id, "Sarah", 0.6, False, 0)
    number = add("Later", *voiced(1, 0, 12, 1, 3), guess, *voiced(2, 13, 14, 2, 4))
    window = open_window()
    window.desk.open(number)
    return window


def test_an_uncertain_name_is_shown_as_such(unsure: MainWindow) -> None:
    view = unsure.frame.page.view
    assert [name_of(unsure, row) for row in (0, 1)] == ["Sarah?", None]
    fonts = [view.typesetter.name_font_of(view.turns().row(row)) for row in (0, 1)]
    assert [font.italic() for font in fonts] == [True, False]
    said = QAccessible.queryAccessibleInterface(view).child(0).text(QAccessible.Text.Name)
    assert said.startswith("perhaps Sarah, recognised by voice but not surely")


def test_yes_makes_it_a_name_and_no_takes_it_away(unsure: MainWindow) -> None:
    trigger(unsure, 0, "Yes, this is Sarah")
    assert name_of(unsure, 0) == "Sarah"
    assert "Yes, this is Sarah" not in menu_of(unsure, 0)
    unsure.actions_.undo.trigger()
    assert name_of(unsure, 0) == "Sarah?"
    trigger(unsure, 0, "No, this is not Sarah")
    assert name_of(unsure, 0) is None


def test_remembering_a_recognised_voice_adds_to_what_is_saved(unsure: MainWindow) -> None:
    trigger(unsure, 0, "Remember this voice as Sarah")
    assert name_of(unsure, 0) == "Sarah"
    with Library(library_path()) as library:
        (person,) = library.voices.people()
    assert [(sample.meeting, sample.heard_s) for sample in person.samples] == [
        ("Plans", 12.0),
        ("Later", 12.0),
    ]


def test_the_name_says_what_it_means_when_the_pointer_rests_on_it(
    qtbot: QtBot, unsure: MainWindow
) -> None:
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QHelpEvent
    from PySide6.QtWidgets import QToolTip

    view = unsure.frame.page.view
    area = view.visualRect(view.turns().index(0, 0))
    place = view.typesetter.place(view.turns().row(0), area).name.center()
    event = QHelpEvent(QEvent.Type.ToolTip, place, view.viewport().mapToGlobal(place))
    view.viewportEvent(event)
    assert QToolTip.text().startswith("Perhaps Sarah: the voice is similar")
    QToolTip.hideText()
    qtbot.waitUntil(lambda: not QToolTip.isVisible(), timeout=WAIT_MS)


def test_people_are_listed_renamed_and_deleted(qtbot: QtBot, unsure: MainWindow) -> None:
    unsure.actions_.people.trigger()
    dialog = unsure.people.dialog
    first = dialog.model.index(0, 0)
    described = first.data(Qt.ItemDataRole.AccessibleTextRole)
    assert described.startswith("Sarah, 12 s · saved ")
    assert described.endswith(" · small · from “Plans”")
    click(qtbot, dialog.rename)
    editor = dialog.list.findChild(QLineEdit)
    assert editor is not None
    QTest.keyClicks(editor, "Sally")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: saved() == ["Sally"], timeout=WAIT_MS)
    click(qtbot, dialog.delete)
    click(qtbot, button(question(unsure), "&Delete"))
    qtbot.waitUntil(lambda: not dialog.list.isVisible(), timeout=WAIT_MS)
    assert saved() == []
    assert dialog.hint.isVisible()
    assert name_of(unsure, 0) is None  # it was uncertain
    dialog.accept()


def test_all_voices_are_deleted_only_after_a_question(qtbot: QtBot, unsure: MainWindow) -> None:
    unsure.people.show()
    dialog = unsure.people.dialog
    click(qtbot, dialog.delete_all)
    QTest.keyClick(question(unsure), Qt.Key.Key_Escape)
    assert saved() == ["Sarah"]
    qtbot.waitUntil(lambda: not unsure.findChildren(QMessageBox), timeout=WAIT_MS)
    click(qtbot, dialog.delete_all)
    click(qtbot, button(question(unsure), "&Delete"))
    qtbot.waitUntil(lambda: dialog.hint.isVisible(), timeout=WAIT_MS)
    with Library(library_path()) as library:
        assert library.voices.latest_model() is None
    dialog.accept()


def test_a_voice_of_another_model_is_to_be_heard_again(open_window: OpenWindow) -> None:
    agree()
    first = plans(s1="Sarah")
    with Library(library_path()) as library:
        library.voices.enrol(first, 1, "Sarah", AGREED)
        library._database.execute("UPDATE turn_voices SET model = 'large:11'")
    window = open_window()
    window.people.show()
    described = window.people.dialog.model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert "Save it again from a meeting heard with large." in described
    window.people.dialog.accept()


def test_who_is_recognised_while_recording_is_named_at_once(
    qtbot: QtBot, open_window: OpenWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    agree()
    with Library(library_path()) as library:
        library.voices.enrol(plans(s1="Sarah"), 1, "Sarah", AGREED)
    found = SpeakerRecognised(1, 1, "Sarah", 0.9, True, 16_000)
    window = open_window([*voiced(1, 0, 1, 1, 1), found])
    announced: list[str] = []
    monkeypatch.setattr(window.presenter, "say", announced.append)
    source: AudioSource = ScriptedSource(2.0)
    window.recording.begin(lambda: source, "Live")
    view = window.frame.page.view
    qtbot.waitUntil(
        lambda: (
            view.model() is not None
            and view.turns().rowCount() == 1
            and name_of(window, 0) == "Sarah"
        ),
        timeout=WAIT_MS,
    )
    assert "Recognised: Sarah" in announced
    window.recording.stop()
    qtbot.waitUntil(lambda: not window.recording.busy, timeout=WAIT_MS)
    with Library(library_path()) as library:
        speaker = library.load(library.meetings()[0].id).speakers[1]
    assert (speaker.name, speaker.named) == ("Sarah", False)
