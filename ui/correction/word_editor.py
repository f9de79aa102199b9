"""A field over the words of a turn, in which they are corrected."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QTextCursor, QTextOption
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QPlainTextEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from ui.delegates.typesetting import Typesetter

ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
BORDER = 2
MARGIN = 6
ABOVE = 4
"""Pixels of the editor above the words that it covers."""


class WordField(QPlainTextEdit):
    """Several lines of text without line breaks of their own."""

    committed = Signal()
    cancelled = Signal()
    split_wanted = Signal()
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("inlineEdit")
        self.setAccessibleName(self.tr("Words of the turn"))
        self.setTabChangesFocus(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)

    def event(self, event: QEvent) -> bool:
        """Escape is for this field while it is open, whatever else it is for."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.ShortcutOverride
            and event.key() in (*ENTER, Qt.Key.Key_Escape)
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter saves, Ctrl+Enter splits, Escape leaves everything as it was."""
        if event.key() == Qt.Key.Key_Escape:
            self.cancelled.emit()
        elif event.key() not in ENTER:
            super().keyPressEvent(event)
        elif event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.split_wanted.emit()
        elif not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.committed.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Who goes elsewhere has finished; who looks at another window has not."""
        super().focusOutEvent(event)
        reasons = (Qt.FocusReason.MouseFocusReason, Qt.FocusReason.TabFocusReason)
        if event.reason() in (*reasons, Qt.FocusReason.BacktabFocusReason):
            self.left.emit()


class WordEditor(QFrame):
    """The field with what its keys do; lies over a row of the turn list."""

    def __init__(self, text: str, setter: Typesetter, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("wordEditor")
        self.setAutoFillBackground(True)
        self.field = WordField()
        self.field.setFont(setter.words_font)
        self.field.document().setDocumentMargin(MARGIN)
        self.field.setPlainText(text)
        self.field.moveCursor(QTextCursor.MoveOperation.End)
        self.hint = QLabel(self.tr("Enter saves  ·  Esc cancels  ·  Ctrl+Enter splits here"))
        self.hint.setObjectName("muted")
        self.hint.setFont(setter.label_font)
        self.hint.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.hint.setIndent(MARGIN)
        self.field.setAccessibleDescription(self.hint.text())
        column = QVBoxLayout(self)
        column.setContentsMargins(BORDER, BORDER, BORDER, MARGIN)
        column.setSpacing(0)
        column.addWidget(self.field, 1)
        column.addWidget(self.hint)

    @property
    def text(self) -> str:
        """What is typed."""
        return self.field.toPlainText()

    @property
    def text_before_cursor(self) -> str:
        """What is typed left of the cursor."""
        cursor = self.field.textCursor()  # it counts otherwise than Python does
        cursor.setPosition(0, QTextCursor.MoveMode.KeepAnchor)
        return cursor.selectedText()

    def lie_over(self, words: QRect, room: QSize) -> None:
        """Cover the words, grow with what is typed, and stay within the list."""
        left, right = self._edges(words, room)
        height = self._height(right - left, room)
        top = max(MARGIN, min(words.top() - ABOVE, room.height() - height - MARGIN))
        self.setGeometry(left, top, right - left, height)

    def needed(self, words: QRect, room: QSize) -> int:
        """The pixels that the words' place must be high, so that nothing else is covered."""
        left, right = self._edges(words, room)
        return self._height(right - left, room) - ABOVE

    def _edges(self, words: QRect, room: QSize) -> tuple[int, int]:
        inset = BORDER + MARGIN
        return words.left() - inset, min(words.right() + inset, room.width() - MARGIN)

    def _height(self, width: int, room: QSize) -> int:
        line = self.field.fontMetrics().lineSpacing()
        needed = self._text_height(width - 2 * (BORDER + MARGIN)) + line // 2
        height = needed + self.hint.sizeHint().height() + 3 * MARGIN
        return min(height, max(room.height() - 2 * MARGIN, 5 * line))

    def _text_height(self, width: int) -> int:
        bounds = QRect(0, 0, max(40, width), 1 << 20)
        flags = Qt.TextFlag.TextWordWrap | Qt.TextFlag.TextWrapAnywhere
        return self.field.fontMetrics().boundingRect(bounds, flags, self.text or " ").height()
