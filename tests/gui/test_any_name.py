"""Whatever people call themselves and their meetings: window, library and every export keep it."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLineEdit
from pytestqt.qtbot import QtBot

from app.exports import FORMATS
from app.paths import library_path
from app.store import Library
from tests.gui.conftest import OpenWindow
from tests.gui.test_correction import CONTROL, editor, press, said, select
from tests.gui.test_review import earlier_meeting
from tests.gui.test_window import WAIT_MS, banners, turns
from ui.main_window import MainWindow

NAMES = {
    "hebrew": "אדה לאבלייס (12:30)",
    "arabic and latin": "محمد ibn موسى",
    "emoji": "👩‍👩‍👧‍👦 Ada 💬",
    "path": "../../etc/passwd",
    "windows path": "C:\\Users\\..\\Ada: <a|b>?*",
    "markup": "<b>Ada</b> &amp; *Bo* _Cy_ [x](y) -->",
    "combining": "Z̷̨͍a͉͗l̼͝g̸͖o̯͠",
    "quotes": "\"Ada\", 'Bo'; DROP TABLE meetings",
    "format": "{0} %s {path} %1",
    "dots": "...",
    "long": "長い名前 " * 2_500,
}


def write_over(qtbot: QtBot, field: QLineEdit, text: str) -> None:
    field.selectAll()
    field.insert(text)
    QTest.keyClick(field, Qt.Key.Key_Return)


def rename_all(qtbot: QtBot, window: MainWindow, name: str) -> None:
    """Give this name to a person, the meeting, a bookmark and a turn, by keyboard."""
    select(window, 0)
    qtbot.waitUntil(window.frame.page.view.hasFocus)
    press(qtbot, window.frame.page.view, Qt.Key.Key_F2)
    words = editor(qtbot, window).field
    words.setPlainText(name)
    press(qtbot, words, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.commands.words.editor is None)
    select(window, 0)
    window.actions_.rename.trigger()
    field = window.frame.page.view.findChild(QLineEdit, "inlineEdit")
    assert isinstance(field, QLineEdit)
    write_over(qtbot, field, name)
    window.actions_.retitle.trigger()
    title = window.frame.library.list.findChild(QLineEdit)
    assert isinstance(title, QLineEdit)
    write_over(qtbot, title, name)
    select(window, 0)
    press(qtbot, window, Qt.Key.Key_K, CONTROL)
    write_over(qtbot, window.frame.page.notes.text, name)


@pytest.mark.parametrize("kind", NAMES)
def test_any_name_is_kept_shown_and_exported(
    qtbot: QtBot,
    open_window: OpenWindow,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
) -> None:
    name = NAMES[kind].strip()
    number = earlier_meeting()
    window = open_window()
    window.activateWindow()
    window.desk.open(number)
    rename_all(qtbot, window, name)
    assert banners(window) == []
    with Library(library_path()) as library:
        assert library.meeting(number).title == name
        assert library.load(number).speakers[1].name == name
        (note,) = library.notes.of(number)
        assert name.startswith(note.text)
    assert said(turns(window)[0]).split() == name.split()
    assert not window.grab().isNull()
    select(window, 0)
    menu = window.frame.page.view.context_menu(QPoint(8, 8))
    assert menu.sizeHint().width() < window.width()
    menu.close()
    export_all(qtbot, window, tmp_path, monkeypatch)
    found = json.loads((tmp_path / "out" / "json").read_bytes())
    assert found["turns"][0]["speaker"] == name
    for text in ("txt", "md", "vtt"):
        assert (tmp_path / "out" / text).read_text(encoding="utf-8")


def export_all(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Write every format, under the name that the window proposes."""

    def answer(parent: object, title: str, proposal: str, kind: str) -> tuple[str, str]:
        name = Path(proposal).name
        assert Path(proposal).parent == Path.home()
        assert not set(name) & set('/\\:*?"<>|\n\t')
        assert len(name.encode()) < 200
        assert not name.startswith(".")
        assert all(unicodedata.category(sign) != "Cc" for sign in name)
        (tmp_path / "out" / name).touch()  # the disk takes it
        return str(tmp_path / "out" / FORMATS_BY_KIND[kind]), kind

    (tmp_path / "out").mkdir()
    monkeypatch.setattr(QFileDialog, "getSaveFileName", answer)
    for name in FORMATS:
        with qtbot.waitSignal(window.desk.saved, timeout=WAIT_MS):
            window.export(name)
        assert (tmp_path / "out" / name).stat().st_size > 0


FORMATS_BY_KIND = {f"{form.title} (*{form.suffix})": name for name, form in FORMATS.items()}
