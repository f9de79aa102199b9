"""The hands of a person: keys, clicks, dialogs that wait for an answer, files that are dropped."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeyEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QWidget

from ui.export_dialog import ExportDialog
from ui.main_window import MainWindow
from ui.turn_view import TurnView

LEFT = Qt.MouseButton.LeftButton
LOOK_MS = 20


def press(keys: str) -> None:
    """Press keys, as the menus write them, where the focus is."""
    target = QApplication.activePopupWidget() or QApplication.focusWidget()
    assert target is not None, f"nothing has the focus for {keys}"
    QTest.keySequence(target, QKeySequence(keys))


def type_(text: str) -> None:
    """Type where the focus is."""
    target = QApplication.focusWidget()
    assert target is not None
    for letter in text:  # QTest knows the letters of ASCII only
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, letter)
            QApplication.sendEvent(target, event)


def click_word(view: TurnView, row: int, word: int) -> None:
    """Click a word of a row."""
    index = view.turns().index(row, 0)
    turn = view.turns().turn_row(index)
    assert turn is not None
    box = view.typesetter.word_box(turn, view.visualRect(index), word)
    QTest.mouseClick(view.viewport(), LEFT, pos=box.center())


def choose_turn(view: TurnView, row: int) -> None:
    """Click beside the words of a row, so that only it is selected."""
    index = view.turns().index(row, 0)
    view.scrollTo(index)
    area = view.visualRect(index)
    place = QPoint(area.right() - 8, area.top() + 8)
    QTest.mouseClick(view.viewport(), LEFT, pos=place)
    view.setFocus()


@contextmanager
def answering(*answers: Callable[[QWidget], None]) -> Iterator[None]:
    """While inside, the menus and dialogs that wait are given to ``answers``, one after the other.

    An answer may make the next one wait before it returns.
    """
    left = list(answers)
    answered: list[QWidget] = []
    timer = QTimer(interval=LOOK_MS)

    def look() -> None:
        waiting = QApplication.activePopupWidget() or QApplication.activeModalWidget()
        if waiting is not None and waiting.isVisible() and waiting not in answered and left:
            answered.append(waiting)
            answer = left.pop(0)
            QTimer.singleShot(LOOK_MS, waiting, lambda: answer(waiting))

    timer.timeout.connect(look)
    timer.start()
    try:
        yield
    finally:
        timer.stop()


def choose_format(dialog: ExportDialog, name: str) -> None:
    """Choose a format in the dialog, and press Enter."""
    dialog.form.setCurrentIndex(dialog.form.findData(name))
    QTest.keyClick(dialog, Qt.Key.Key_Return)


def save_as(dialog: QFileDialog, path: Path) -> None:
    """Type a file name into a dialog, and press Enter."""
    field = dialog.findChild(QLineEdit)
    assert field is not None
    field.selectAll()
    field.insert(str(path))
    QTest.keyClick(field, Qt.Key.Key_Return)


def drop(window: MainWindow, path: Path) -> None:
    """Drag a file onto the window and let it go."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    copy, none = Qt.DropAction.CopyAction, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(window, QDragEnterEvent(QPoint(300, 200), copy, data, LEFT, none))
    QApplication.sendEvent(window, QDropEvent(QPointF(300, 200), copy, data, LEFT, none))
