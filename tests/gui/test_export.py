"""The dialog that asks what to export, and the files that come of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from app.exports import FORMATS
from app.paths import library_path, recordings_dir
from app.store import Library
from tests.gui.conftest import OpenWindow
from tests.gui.scripted import TALK
from tests.gui.test_correction import select
from tests.gui.test_review import earlier_meeting
from tests.gui.test_window import WAIT_MS, banners
from ui.export_dialog import ExportDialog
from ui.main_window import MainWindow

LONG = "長い名前 " * 2_500
Asked = list[tuple[str, str]]


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Asked:
    """What the dialog for the file proposes; it answers 1, 2, and so on."""
    proposals: Asked = []

    def answer(parent: QWidget, title: str, proposal: str, kind: str) -> tuple[str, str]:
        proposals.append((Path(proposal).name, kind))
        return str(tmp_path / f"{len(proposals)}"), kind

    monkeypatch.setattr(QFileDialog, "getSaveFileName", answer)
    return proposals


def opened(open_window: OpenWindow) -> MainWindow:
    window = open_window()
    window.activateWindow()
    window.desk.open(earlier_meeting())
    return window


def dialog_of(window: MainWindow) -> ExportDialog:
    window.actions_.export.trigger()
    assert window.exporter.dialog is not None
    return window.exporter.dialog


def write_in(field: QLineEdit, text: str) -> None:
    field.selectAll()
    QTest.keyClick(field, Qt.Key.Key_Delete)
    QTest.keyClicks(field, text)


def saved(qtbot: QtBot, window: MainWindow, choose: Callable[[ExportDialog], None]) -> Path:
    """Export what is chosen in the dialog; where it was written."""
    with qtbot.waitSignal(window.desk.saved, timeout=WAIT_MS) as done:
        dialog = dialog_of(window)
        choose(dialog)
        QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert window.exporter.dialog is None
    assert done.args is not None
    return Path(str(done.args[0]))


def lines(path: Path) -> list[str]:
    """The words of each turn of a text."""
    text = path.read_text("utf-8").splitlines()
    return [line.partition(": ")[2] for line in text if line.startswith("[") and ": " in line]


def test_every_format_is_offered(
    qtbot: QtBot, open_window: OpenWindow, tmp_path: Path, asked: Asked
) -> None:
    window = opened(open_window)
    for name in FORMATS:

        def choose(dialog: ExportDialog, name: str = name) -> None:
            assert dialog.whole.isChecked()
            dialog.form.setCurrentIndex(dialog.form.findData(name))

        path = saved(qtbot, window, choose)
        assert path.stat().st_size > 0
        assert dialog_of(window).form.currentData() == name  # the one that was used last
    assert [kind for _, kind in asked] == [
        f"{form.title} (*{form.suffix})" for form in FORMATS.values()
    ]
    assert {Path(proposal).suffix for proposal, _ in asked} == {
        form.suffix for form in FORMATS.values()
    }
    assert banners(window) == []


@pytest.mark.parametrize(("start", "end"), [("0:04", "9"), (" 0:00:04.0 ", "0:09,0")])
def test_a_part_between_two_times(
    qtbot: QtBot, open_window: OpenWindow, asked: Asked, start: str, end: str
) -> None:
    def choose(dialog: ExportDialog) -> None:
        write_in(dialog.start, start)
        write_in(dialog.end, end)
        assert dialog.part.isChecked()

    path = saved(qtbot, opened(open_window), choose)
    assert lines(path) == [TALK[1].text, TALK[2].text]


def test_sound_of_a_part(qtbot: QtBot, open_window: OpenWindow, asked: Asked) -> None:
    def choose(dialog: ExportDialog) -> None:
        dialog.form.setCurrentIndex(dialog.form.findData("wav"))
        write_in(dialog.start, "0:01.5")
        write_in(dialog.end, "")
        dialog.from_zero.setChecked(True)

    window = opened(open_window)
    (recording,) = recordings_dir().glob("*.wav")
    rate, whole = 16_000, soundfile.info(recording).duration
    path = saved(qtbot, window, choose)
    assert soundfile.info(path).duration == pytest.approx(whole - 1.5, abs=2 / rate)
    sound, original = soundfile.read(path)[0], soundfile.read(recording)[0]
    assert np.abs(sound - original[-len(sound) :]).max() < 1e-4


def test_selected_turns_are_what_is_offered(
    qtbot: QtBot, open_window: OpenWindow, asked: Asked
) -> None:
    window = opened(open_window)
    select(window, 1, 2)

    def choose(dialog: ExportDialog) -> None:
        assert dialog.selected.isVisible()
        assert dialog.selected.isChecked()
        assert "2" in dialog.selected.text()
        assert (dialog.start.text(), dialog.end.text()) == ("0:04.4", "0:08.8")

    assert lines(saved(qtbot, window, choose)) == [TALK[1].text, TALK[2].text]
    select(window, 1)
    dialog = dialog_of(window)
    assert dialog.whole.isChecked()  # one turn is only where one is
    assert dialog.selected.text().replace("&", "") == "The selected turn"


@pytest.mark.parametrize(
    ("start", "end", "said", "wrong"),
    [
        ("soon", "0:09", "“soon” is no time", "start"),
        ("", "0:09", "is no time", "start"),
        ("1:2:3:4", "", "is no time", "start"),
        ("0:04", "0:4x", "“0:4x” is no time", "end"),
        ("0:09", "0:09", "would end before it begins", "end"),
        ("2:00:00", "", "choose an earlier start", "start"),
        ("9" * 8, "", "choose an earlier start", "start"),
        ("9" * 400, "", "is no time", "start"),
    ],
)
def test_a_time_that_will_not_do_is_told_there(
    open_window: OpenWindow, asked: Asked, start: str, end: str, said: str, wrong: str
) -> None:
    dialog = dialog_of(opened(open_window))
    write_in(dialog.start, start)
    write_in(dialog.end, end)
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert dialog.isVisible()
    assert dialog.problem.isVisible()
    assert said in dialog.problem.text()
    assert dialog.focusWidget() is getattr(dialog, wrong)
    assert asked == []
    dialog.whole.click()
    assert not dialog.problem.isVisible()


def test_a_meeting_that_is_opened_takes_the_dialog_away(open_window: OpenWindow) -> None:
    window = opened(open_window)
    dialog = dialog_of(window)
    assert window.desk.current is not None
    window.desk.open(window.desk.current.summary.id)
    assert not dialog.isVisible()
    assert window.exporter.dialog is None


def test_a_long_title_does_not_widen_the_dialog(open_window: OpenWindow) -> None:
    window = opened(open_window)
    width = dialog_of(window).width()
    with Library(library_path()) as library:
        (meeting,) = library.meetings()
        library.rename_meeting(meeting.id, LONG)
    window.desk.open(meeting.id)
    assert dialog_of(window).width() == width
