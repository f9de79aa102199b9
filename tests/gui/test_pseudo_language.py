"""The window in a language that is none: finds what cannot be translated, and what gets cut."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict
from functools import cache

import pytest
from PySide6.QtCore import QCoreApplication, QModelIndex, Qt, QTranslator
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QCalendarWidget,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QPushButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app import words
from app.hardware import ComputeFound
from app.model_store import stored_models
from tests.gui import picture_home
from tests.gui.conftest import BOTH, OpenWindow
from tests.gui.test_review import earlier_meeting
from ui.about import AboutDialog
from ui.elided_label import ElidedLabel
from ui.help_dialogs import ShortcutsDialog
from ui.main_window import MainWindow
from ui.settings import engine_page, welcome

FOREIGN = str.maketrans("aceinorsuyACEINORSUY", "áçéíñóŕšúýÁÇÉÍÑÓŔŠÚÝ")
KEPT = re.compile(r"(\{.*?\}|%L?[n\d]|<[^>]*>|&\w+;|https?://\S*)")
OPEN, CLOSE = "«", "»"
LONGER = 0.4
"""How much longer than English a translation may be."""
WORD = re.compile(r"[^\W\d_]{2,}")
DATA = (
    *(device.name for device in BOTH.devices),
    *(title for title, *_ in picture_home.FILES),
    *("There is no sound in this file. Choose another.", "Weekly planning", "Jan", "mp4"),
    *("Crosstalk", "American English", "Deutsch", "default", "free-speech"),
    *(
        "bytes",
        "kB",
        "MB",
        "Ctrl",
        "Shift",
        "Alt",
        "Del",
        "Esc",
        "Home",
        "End",
        "Return",
        "Enter",
    ),
)
"""Names, keys and units: what we do not say, and no translator of ours is asked for."""


def foreign(sentence: str) -> str:
    """What a translator might make of it: other letters, longer, and marked at both ends."""
    parts = KEPT.split(sentence)
    parts[::2] = [part.translate(FOREIGN) for part in parts[::2]]
    more = "~" * max(2, round(LONGER * len(KEPT.sub("", sentence))))
    return f"{OPEN}{''.join(parts)}{more}{CLOSE}"


class Foreigner(QTranslator):
    """Translates whatever it is asked for."""

    def isEmpty(self) -> bool:  # noqa: N802 - Qt's name
        return False

    def translate(self, context: str, source: str, disambiguation: str = "", n: int = -1) -> str:  # type: ignore[override]
        # The direction of the layout and the names of keys are no sentences.
        known = context in ("QGuiApplication", "QShortcut") or not source
        return "" if known else foreign(source)


@pytest.fixture
def abroad(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(engine_page, "found_devices", lambda: ComputeFound(4))
    monkeypatch.setattr(welcome, "likely_devices", lambda: ComputeFound(4))
    translator = Foreigner()
    qapp.installTranslator(translator)
    words.speak_by(QCoreApplication.translate)
    yield
    words.speak_by(None)
    qapp.removeTranslator(translator)


def texts(widget: QWidget) -> Iterator[str]:
    """What a widget says: on the screen, in hints, and to a screen reader."""
    yield from (widget.toolTip(), widget.accessibleName(), widget.accessibleDescription())
    if isinstance(widget, (QLabel, QAbstractButton)):
        yield widget.text()
    if isinstance(widget, (QLineEdit, QPlainTextEdit)):
        yield widget.placeholderText()
    if isinstance(widget, QDialog):
        yield widget.windowTitle()
    if isinstance(widget, QMenu):
        yield widget.title()
    if isinstance(widget, QComboBox):
        yield from (widget.itemText(row) for row in range(widget.count()))
    if isinstance(widget, QAbstractItemView) and widget.model() is not None:
        model, whole = widget.model(), QModelIndex()
        for index in (model.index(row, 0, whole) for row in range(model.rowCount(whole))):
            for role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
                yield str(index.data(role) or "")
    for action in widget.findChildren(QAction, options=Qt.FindChildOption.FindDirectChildrenOnly):
        yield from (action.text(), action.toolTip())


def untranslated(root: QWidget) -> list[str]:
    """Words of a window that no translator was asked for."""
    found: set[str] = set()
    for widget in (root, *root.findChildren(QWidget)):
        if any(isinstance(each, QCalendarWidget) for each in above(widget)):
            continue  # its names of days and months are Qt's
        for text in texts(widget):
            if left := WORD.findall(own_part(text)):
                found.add(f"{type(widget).__name__}: {left} in {text!r}")
    return sorted(found)


def own_part(text: str) -> str:
    """What remains of a text without what was translated, as it may be nested."""
    text = re.sub(r"&(?=\w)", "", re.sub(r"<[^>]*>|https://|/\S+", " ", text))
    text = data().sub("", text)
    while (less := re.sub(f"{OPEN}[^{OPEN}{CLOSE}]*{CLOSE}", "", text)) != text:
        text = less
    return text


@cache
def data() -> re.Pattern[str]:
    """Names, keys, units, and what the cards of the models say, which is shown as it is."""
    cards = [asdict(model.card) for model in stored_models()]
    said = [part for card in cards for value in card.values() for part in str(value).splitlines()]
    known = sorted({*DATA, *filter(None, said)}, key=len, reverse=True)
    return re.compile(rf"(?<!\w)({'|'.join(map(re.escape, known))})(?!\w)")


def above(widget: QWidget) -> Iterator[QWidget]:
    each: QWidget | None = widget
    while each is not None:
        yield each
        each = each.parentWidget()


def cut(root: QWidget) -> list[str]:
    """Texts of a window that have less room than they need, where that is not on purpose."""
    return sorted(
        f"{type(each).__name__} {needed} > {room}: {said!r}"
        for each in (root, *root.findChildren(QWidget))
        if each.isVisible() and each.window() is root.window()
        for said, needed, room in rooms(each)
        if needed > room
    )


def rooms(widget: QWidget) -> Iterator[tuple[str, int, int]]:
    """A text with the pixels that it needs and has."""
    if isinstance(widget, QLabel) and not isinstance(widget, ElidedLabel) and widget.text():
        if widget.wordWrap():
            yield widget.text(), widget.heightForWidth(widget.width()), widget.height()
        else:
            yield widget.text(), widget.sizeHint().width(), widget.width()
    if isinstance(widget, QAbstractButton) and widget.text() and OPEN in widget.text():
        yield widget.text(), widget.minimumSizeHint().width(), widget.width()
    if isinstance(widget, QLineEdit) and widget.placeholderText():
        margins = widget.width() - widget.contentsRect().width()
        needed = widget.fontMetrics().horizontalAdvance(widget.placeholderText())
        yield widget.placeholderText(), needed + margins, widget.width()
    if isinstance(widget, (QLabel, QAbstractButton)):
        right = widget.mapTo(widget.window(), widget.rect().topRight()).x()
        yield widget.text(), right, widget.window().width()


def pages(window: MainWindow, qtbot: QtBot) -> Iterator[tuple[str, QWidget]]:
    yield "welcome", window
    window.frame.show_advice()
    yield "empty", window
    panel, page = window.frame.library, window.frame.page
    window.actions_.library.setChecked(True)
    window.importer.panel.show_jobs(*picture_home.jobs())
    yield "jobs", window
    window.importer.panel.show_jobs([], {})
    panel.filters.setChecked(True)
    panel.search.setText("nobody")
    yield "filters", window
    panel.clear_search()
    window.desk.open(earlier_meeting())
    window.actions_.review.notes.setChecked(True)
    yield "review", window
    page.finder.ask()
    page.finder.text.setText("people")
    qtbot.waitUntil(lambda: not page.finder.searching and page.finder.count.text() != "")
    yield "find", window
    page.finder.leave()
    page.export.click()
    assert window.exporter.dialog is not None
    yield "export", window.exporter.dialog
    window.exporter.dialog.reject()
    window.people.show()
    yield "people", window.people.dialog
    window.people.dialog.close()
    window.librarian.show_bin()
    yield "bin", window.librarian.bin
    window.librarian.bin.close()
    settings = window.preferences.dialog
    for each in settings.pages():
        settings.show_page(each)
        qtbot.waitUntil(lambda: not window.preferences.chores.busy, timeout=15_000)
        yield type(each).__name__, settings
    settings.models.dialog.open()
    yield "download", settings.models.dialog
    settings.models.dialog.close()
    settings.close()
    for dialog in (AboutDialog(window), ShortcutsDialog(window.actions_.shortcut_lines(), window)):
        dialog.open()
        yield type(dialog).__name__, dialog
        dialog.close()


def test_all_that_is_said_can_be_translated_and_has_room(
    abroad: None, qtbot: QtBot, open_window: OpenWindow
) -> None:
    window = open_window()
    faults: list[str] = []
    window.preferences.start()
    for name, shown in pages(window, qtbot):
        qtbot.wait(50)
        faults += [f"{name}: {each}" for each in [*untranslated(shown), *cut(shown)]]
    assert faults == [], "\n".join(faults)


def test_what_cannot_be_translated_or_is_cut_would_be_found(
    abroad: None, qtbot: QtBot, open_window: OpenWindow
) -> None:
    window = open_window()
    label = QLabel(window.tr("A sentence that has no room"), window)
    label.setFixedWidth(40)
    label.show()
    button = QPushButton("Forgotten «translated» too", window)
    assert untranslated(window) == [f"QPushButton: {['Forgotten', 'too']} in {button.text()!r}"]
    qtbot.waitUntil(lambda: len(cut(window)) == 1)
    assert repr(label.text()) in cut(window)[0]
