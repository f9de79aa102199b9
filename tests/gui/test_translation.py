"""The window speaks another language: every sentence of it, with nothing lost on the way."""

from __future__ import annotations

import importlib.util
import re
import string
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import ModuleType

import pytest
from PySide6.QtCore import QCoreApplication, QLocale, Qt, QTranslator
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialogButtonBox, QLabel, QWidget
from pytestqt.qtbot import QtBot

from app import words
from app.corrections.edits import EditKind
from app.hardware import ComputeFound
from app.model_store import ModelStoreError, remove
from engine.events import Word
from tests.gui.conftest import OpenWindow
from tests.gui.test_review import earlier_meeting
from ui.correction.said import done_text
from ui.correction.times_dialog import mark, samples
from ui.delegates.typesetting import Typesetter
from ui.jobs.words import left_text
from ui.meeting_list import size_text, when
from ui.rows import TurnRow
from ui.settings import engine_page, welcome
from ui.text import clock, day, figure, speakers_text
from ui.theme import Theme
from ui.translating import languages, speak, speak_no_more


def load_tool() -> ModuleType:
    path = Path(__file__).resolve().parents[2] / "packaging" / "translations.py"
    spec = importlib.util.spec_from_file_location("translations", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


TOOL = load_tool()
FILES = sorted(TOOL.FOLDER.glob("*.ts"))


@pytest.fixture
def german(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(engine_page, "found_devices", lambda: ComputeFound(4))
    monkeypatch.setattr(welcome, "likely_devices", lambda: ComputeFound(4))
    before = QLocale()
    installed = speak(qapp, "de")
    assert len(installed) == 2
    yield
    speak_no_more(qapp, installed)
    QLocale.setDefault(before)


def test_every_sentence_of_the_program_is_translated(capsys: pytest.CaptureFixture[str]) -> None:
    assert TOOL.main(["--check"]) == 0, capsys.readouterr().out


def test_a_new_sentence_would_be_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = tmp_path / "ui" / "new.py"
    source.parent.mkdir()
    (tmp_path / "app").mkdir()
    source.write_text('class A:\n    def f(self):\n        return self.tr("Brand new {thing}")\n')
    monkeypatch.setattr(TOOL, "ROOT", tmp_path)
    fresh = tmp_path / "crosstalk_de.ts"
    fresh.write_bytes(FILES[0].read_bytes())
    TOOL.update(fresh)
    found = [(each.context, each.source, each.translation) for each in TOOL.messages(fresh)]
    assert found == [("A", "Brand new {thing}", "")]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_translation_lost_what_is_filled_in(path: Path) -> None:
    for each in filter(lambda each: each.translation, TOOL.messages(path)):
        for said in each.forms or [each.translation]:
            assert sorted(fields(said)) == sorted(fields(each.source)), each
            assert said.count("%Ln") == each.source.count("%Ln"), each
            assert ("&" in said) == ("&" in each.source), each
            assert said.endswith("…") == each.source.endswith("…"), each
            assert said == said.strip(), each


def fields(text: str) -> list[str]:
    return [name for _, name, _, _ in string.Formatter().parse(text) if name is not None]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_what_qt_reads_is_what_was_translated(qapp: QApplication, path: Path) -> None:
    translator = QTranslator()
    assert translator.load(str(path.with_suffix(".qm")))
    for each in TOOL.messages(path):
        said = [translator.translate(each.context, each.source, "", n) for n in (1, 2, 0)]
        assert said == [*each.forms, each.forms[-1]] if each.forms else [each.translation] * 3
        assert bool(each.forms) == ("%Ln" in each.source), each


def test_the_window_is_german(german: None, qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window()
    window.preferences.start()
    dialog = window.preferences.dialog
    for page in dialog.pages():
        dialog.show_page(page)
    qtbot.waitUntil(lambda: not window.preferences.chores.busy, timeout=15_000)
    assert window.frame.bar.record.text() == "Aufnehmen"
    assert [action.text() for action in window.menuBar().actions()][-1] == "&Hilfe"
    assert "(4 Kerne)" in dialog.engine.found.text()
    assert "17,2 MB" in dialog.models.list.item(0).text()
    assert english_left(window) == []


def english_left(root: QWidget) -> list[str]:
    """Texts that there is a translation for, but which stand in the window as they were."""
    german = {each.source: each.translation for each in TOOL.messages(FILES[0])}
    translations = set(german.values())
    shown: set[str] = set()
    for label in root.findChildren(QLabel):
        shown.add(label.text())
    for button in root.findChildren(QAbstractButton):
        shown.add(button.text())
    for action in root.findChildren(QAction):
        shown.add(action.text())
    for widget in root.findChildren(QWidget):
        shown |= {widget.accessibleName(), widget.accessibleDescription(), widget.toolTip()}
    return sorted(text for text in shown if text in german and text not in translations)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("de", ["1 Person", "2 Personen", "1.234 Personen", "1 Beitrag gelöscht."]),
        ("en", ["1 speaker", "2 speakers", "1,234 speakers", "1 turn deleted."]),
    ],
)
def test_what_is_counted_has_its_singular_and_plural(
    qapp: QApplication, language: str, said: list[str]
) -> None:
    with speaking(qapp, language):
        counted = [speakers_text(count) for count in (1, 2, 1234)]
        deleted = done_text(EditKind.DELETE, 1)
    if language == "en":
        counted[2] = counted[2].replace("1234", "1,234")  # a system without a country groups none
    assert [*counted, f"{deleted.partition('.')[0]}."] == said


def test_numbers_days_and_marks_are_written_as_in_the_language(qapp: QApplication) -> None:
    moment = datetime(2019, 3, 5, 12, 30).astimezone()
    with speaking(qapp, "de"):
        assert (figure(1.25), figure(12345), clock(20_000)) == ("1,25", "12.345", "0:01,3")
        assert (when(moment), left_text(5400)) == ("5. März 2019, 12:30", "noch etwa 1,5 h")
        assert size_text(17_200_000) == "17,2 MB"
        assert samples(mark(20_000)) == 20_000
    with speaking(qapp, "en_US"):
        assert (figure(1.25), figure(12345), clock(20_000)) == ("1.25", "12,345", "0:01.3")
        assert when(moment).startswith("Mar 5, 2019, 12:30")
    with speaking(qapp, "en_GB"):
        assert when(moment) == "5 Mar 2019, 12:30"


@pytest.mark.parametrize(
    ("language", "without_year"), [("de", "5. März"), ("en_US", "Mar 5"), ("es", "5 de mar")]
)
def test_a_day_of_this_year_needs_no_year(language: str, without_year: str) -> None:
    before = QLocale()
    QLocale.setDefault(QLocale(language))
    assert day(datetime(2019, 3, 5).astimezone(), year=False) == without_year
    QLocale.setDefault(before)


def test_time_goes_from_left_to_right_in_every_language(
    qapp: QApplication, qtbot: QtBot, open_window: OpenWindow
) -> None:
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    try:
        window = open_window()
        window.desk.open(earlier_meeting())
        window.actions_.library.setChecked(True)
        page = window.frame.page
        qtbot.waitUntil(page.view.isVisible)
        assert window.frame.library.x() > page.x()  # the rest is mirrored
        bar = page.player.buttons
        qtbot.waitUntil(lambda: bar["back"].x() < bar["play"].x() < bar["forward"].x())
        for part in (page.timeline, page.view):
            assert part.layoutDirection() is Qt.LayoutDirection.LeftToRight
    finally:
        qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def test_words_run_as_their_letters_do(qapp: QApplication, theme: Theme) -> None:
    setter = Typesetter(qapp.font(), theme.colours)
    lefts = []
    for number, said in enumerate(("one two", "שלום עולם", "12 مرحبا"), 1):
        said_words = tuple(Word(each, 0, 1, 1.0) for each in said.split())
        layout = setter.words(TurnRow(number, 0, 0, 10, False, 1, None, said_words), 400)
        lefts.append(layout.lineAt(0).naturalTextRect().left())
    assert lefts[0] == 0
    assert min(lefts[1:]) > 200


@contextmanager
def speaking(app: QApplication, language: str) -> Iterator[None]:
    before = QLocale()
    installed = speak(app, language)
    yield
    speak_no_more(app, installed)
    QLocale.setDefault(before)


def test_qt_itself_is_german_too(german: None, qtbot: QtBot) -> None:
    box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
    qtbot.addWidget(box)
    assert box.button(QDialogButtonBox.StandardButton.Cancel).text() == "Abbrechen"


def test_messages_of_the_app_are_german_in_the_window_only(german: None) -> None:
    with pytest.raises(ModelStoreError, match="kam mit Crosstalk"):
        remove("default")
    words.speak_by(None)
    with pytest.raises(ModelStoreError, match="came with Crosstalk"):
        remove("default")


@pytest.mark.parametrize(
    ("language", "said"), [("de", "Aufnehmen"), ("en", "Record"), ("de_AT", "Aufnehmen")]
)
def test_the_language_of_the_settings_decides(qapp: QApplication, language: str, said: str) -> None:
    before = QLocale()
    installed = speak(qapp, language)
    assert QCoreApplication.translate("TopBar", "Record") == said
    speak_no_more(qapp, installed)
    QLocale.setDefault(before)
    assert QCoreApplication.translate("TopBar", "Record") == "Record"


def test_an_unknown_language_is_english(qapp: QApplication) -> None:
    before = QLocale()
    installed = speak(qapp, "tlh")
    assert QCoreApplication.translate("TopBar", "Record") == "Record"
    speak_no_more(qapp, installed)
    QLocale.setDefault(before)


def test_the_languages_that_can_be_chosen_are_those_there_are() -> None:
    assert languages() == ["de", "en"]
    assert all(re.fullmatch("[a-z]{2}", each) for each in languages())
