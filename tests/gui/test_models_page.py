"""Models are installed, chosen, downloaded and removed by a person at the window."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QMessageBox
from pytestqt.qtbot import QtBot

from app.hardware import ComputeFound
from app.paths import data_dir
from app.settings import Settings
from tests.gui.conftest import OpenWindow
from tests.gui.scripted import ScriptedSource
from tests.unit.app.model_files import model_file
from tests.unit.app.test_download import Shelf, serving
from ui.live import Phase
from ui.main_window import MainWindow
from ui.settings import engine_page
from ui.settings.models_page import ModelsPage

WAIT_MS = 15_000


@pytest.fixture(autouse=True)
def no_torch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_page, "found_devices", lambda: ComputeFound(4))


@pytest.fixture
def shelf() -> Iterator[Shelf]:
    yield from serving()


def idle(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: not window.preferences.chores.busy, timeout=WAIT_MS)


def open_page(qtbot: QtBot, window: MainWindow) -> ModelsPage:
    dialog = window.preferences.dialog
    dialog.show_page(dialog.models)
    idle(qtbot, window)
    return dialog.models


def lines(page: ModelsPage) -> list[str]:
    return [page.list.item(row).text() for row in range(page.list.count())]


def select(page: ModelsPage, name: str) -> None:
    (row,) = [row for row, line in enumerate(lines(page)) if line.startswith(name)]
    page.list.setCurrentRow(row)


def own_models() -> list[str]:
    return sorted(path.name for path in (data_dir() / "models").glob("*"))


def test_shipped_models_are_described_and_stay(qtbot: QtBot, open_window: OpenWindow) -> None:
    page = open_page(qtbot, open_window())
    assert lines(page) == ["default  ·  17.2 MB  ·  in use", "free-speech  ·  23.4 MB"]
    assert not page.remove.isEnabled()
    assert not page.use.isEnabled()
    select(page, "free-speech")
    for words in ("Apache-2.0", "30,000 words", "WER LibriSpeech", "AMI"):
        assert words in page.facts.text()
    page.use.click()
    assert Settings.load()[0].model == "free-speech"
    assert lines(page)[1].endswith("in use")


def test_a_file_is_installed_used_and_removed(
    qtbot: QtBot, open_window: OpenWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window()
    page = open_page(qtbot, window)
    source = model_file(tmp_path / "mine.safetensors")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(source), ""))
    page.file.click()
    idle(qtbot, window)
    assert "mine" in lines(page)[2]
    assert page.list.currentRow() == 2
    page.use.click()
    assert Settings.load()[0].model == "mine"
    page.remove.click()
    asked = window.findChildren(QMessageBox)[-1]
    assert "It is the one in use" in asked.informativeText()
    QTest.keyClick(asked, Qt.Key.Key_Escape)
    idle(qtbot, window)
    assert own_models() == ["mine.safetensors"]
    box = page.ask()
    assert box is not None
    next(each for each in box.buttons() if "Remove" in each.text()).click()
    idle(qtbot, window)
    assert own_models() == []
    assert Settings.load()[0].model is None
    assert len(lines(page)) == 2


def test_bad_files_get_a_message(
    qtbot: QtBot, open_window: OpenWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window()
    page = open_page(qtbot, window)
    (tmp_path / "bad.safetensors").write_bytes(b"nonsense" * 10)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))
    page.folder.click()
    idle(qtbot, window)
    assert "bad.safetensors is damaged or not a model" in page.problem.text()
    assert page.problem.isVisible()
    assert "Installing" not in page.facts.text()
    model_file(data_dir() / "models" / "broken.safetensors").write_bytes(b"cut")
    page.shown()
    idle(qtbot, window)
    select(page, "broken")
    assert "cannot be used" in lines(page)[0]
    assert "damaged" in page.facts.text()
    assert not page.use.isEnabled()
    assert page.remove.isEnabled()


def test_removing_the_model_of_a_running_meeting_says_so_and_the_meeting_goes_on(
    qtbot: QtBot, open_window: OpenWindow, tmp_path: Path
) -> None:
    model_file(data_dir() / "models" / "mine.safetensors")
    Settings(model="mine", first_run_done=True).save()
    window = open_window()
    window.recording.begin(lambda: ScriptedSource(30.0), "Budget")
    qtbot.waitUntil(lambda: window.recording.phase is Phase.RECORDING, timeout=WAIT_MS)
    page = open_page(qtbot, window)
    select(page, "mine")
    box = page.ask()
    assert box is not None
    assert "being recorded with it" in box.informativeText()
    next(each for each in box.buttons() if "Remove" in each.text()).click()
    idle(qtbot, window)
    assert own_models() == []
    assert window.recording.phase is Phase.RECORDING
    assert [notice.text for notice in window.frame.banners.notices()] == []


def test_a_model_is_downloaded_with_all_that_is_to_be_known(
    qtbot: QtBot, open_window: OpenWindow, shelf: Shelf, tmp_path: Path
) -> None:
    content = model_file(tmp_path / "x.safetensors", 300_000).read_bytes()
    shelf.files["/tiny.safetensors"] = content
    window = open_window()
    page = open_page(qtbot, window)
    page.download.click()
    dialog = page.dialog
    qtbot.waitUntil(dialog.isVisible)
    assert not dialog.go.isEnabled()
    QTest.keyClicks(dialog.address, shelf.address("/tiny.safetensors"))
    assert "contacts 127.0.0.1" in dialog.contact.text()
    assert shelf.asked == []  # typing contacts nobody
    QTest.keyClick(dialog.address, Qt.Key.Key_Return)
    idle(qtbot, window)
    for words in ("tiny", "1.2 MB", "Licence: CC0-1.0"):
        assert words in dialog.found.text()
    assert own_models() == []
    dialog.checksum.setText("0" * 63)
    dialog.go.click()
    assert "64 digits" in dialog.problem.text()
    dialog.checksum.setText("0" * 64)
    dialog.go.click()
    idle(qtbot, window)
    assert "checksum is wrong" in dialog.problem.text()
    assert own_models() == []
    dialog.checksum.setText(hashlib.sha256(content).hexdigest())
    dialog.go.click()
    idle(qtbot, window)
    assert hashlib.sha256(content).hexdigest() in dialog.found.text()
    assert own_models() == ["tiny.safetensors"]
    assert lines(page)[2].startswith("tiny")


def test_a_cut_connection_is_told_and_another_press_goes_on(
    qtbot: QtBot, open_window: OpenWindow, shelf: Shelf, tmp_path: Path
) -> None:
    content = model_file(tmp_path / "x.safetensors", 300_000).read_bytes()
    shelf.files["/tiny.safetensors"] = content
    window = open_window()
    page = open_page(qtbot, window)
    dialog = page.dialog
    dialog.begin()
    QTest.keyClicks(dialog.address, shelf.address("/tiny.safetensors"))
    dialog.go.click()
    idle(qtbot, window)
    shelf.cut = 700_000
    dialog.go.click()
    idle(qtbot, window)
    assert "connection to 127.0.0.1 failed" in dialog.problem.text()
    assert 500 < dialog.bar.value() < 600
    assert len(lines(page)) == 2
    shelf.cut = None
    dialog.go.click()
    idle(qtbot, window)
    assert own_models() == ["tiny.safetensors"]


def test_an_address_that_is_none_is_refused_before_anything_is_contacted(
    qtbot: QtBot, open_window: OpenWindow
) -> None:
    page = open_page(qtbot, open_window())
    page.dialog.begin()
    for address in ("http://example.org/x.safetensors", "nonsense", "file:///etc/passwd"):
        page.dialog.address.clear()
        QTest.keyClicks(page.dialog.address, address)
        assert not page.dialog.go.isEnabled()
    QTest.keyClick(page.dialog, Qt.Key.Key_Escape)
    assert not page.dialog.isVisible()


def test_closing_the_window_stops_a_download(
    qtbot: QtBot, open_window: OpenWindow, shelf: Shelf, tmp_path: Path
) -> None:
    shelf.files["/tiny.safetensors"] = model_file(tmp_path / "x.safetensors", 300_000).read_bytes()
    shelf.pause_s = 0.05
    window = open_window()
    page = open_page(qtbot, window)
    page.dialog.begin()
    QTest.keyClicks(page.dialog.address, shelf.address("/tiny.safetensors"))
    page.dialog.go.click()
    idle(qtbot, window)
    page.dialog.go.click()
    qtbot.waitUntil(lambda: page.dialog.bar.value() > 0, timeout=WAIT_MS)
    window.preferences.stop()
    idle(qtbot, window)
    assert "Stopped" in page.dialog.problem.text()
    assert not any(name.endswith(".safetensors") for name in own_models())
