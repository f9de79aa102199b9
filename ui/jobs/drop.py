"""Files that are dropped anywhere on the window."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QFont,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from ui import icons
from ui.theme import Theme, scaled

PICTURE = 56
EDGE = 24


class DropHint(QWidget):
    """Covers the window while files hang over it; ``dropped`` carries their paths."""

    dropped = Signal(list)

    def __init__(self, theme: Theme, window: QWidget) -> None:
        super().__init__(window)
        self._theme = theme
        self._window = window
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName(self.tr("Files can be dropped here"))
        self.picture = QLabel()
        self.text = QLabel(self.tr("Drop audio or video to transcribe it"))
        self.text.setFont(scaled(self.font(), 1.4, QFont.Weight.DemiBold))
        self.more = QLabel(self.tr("Several files or whole folders, if you like"))
        column = QVBoxLayout(self)
        column.addStretch(1)
        for label in (self.picture, self.text, self.more):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            label.setWordWrap(label is not self.picture)
            column.addWidget(label)
        column.addStretch(1)
        window.setAcceptDrops(True)
        window.installEventFilter(self)
        theme.changed.connect(self._restyle)
        self._restyle()
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """See what is dragged over the window; it stays the target, this only covers it."""
        match event.type():
            case QEvent.Type.DragEnter:
                assert isinstance(event, QDragEnterEvent)
                return self._enter(event)
            case QEvent.Type.DragMove:
                assert isinstance(event, QDragMoveEvent)
                return self._take(event)
            case QEvent.Type.DragLeave:
                self.hide()
            case QEvent.Type.Drop:
                assert isinstance(event, QDropEvent)
                return self._drop(event)
        return super().eventFilter(watched, event)

    def _enter(self, event: QDragEnterEvent) -> bool:
        if not self._take(event):
            return False
        self.setGeometry(self._window.rect())
        self.raise_()
        self.show()
        return True

    def _drop(self, event: QDropEvent) -> bool:
        self.hide()
        if not self._take(event):
            return False
        self.dropped.emit(local_files(event.mimeData()))
        return True

    def _take(self, event: QDropEvent) -> bool:
        """Take files, nothing else; the originals stay where they are."""
        if not local_files(event.mimeData()):
            return False
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        """A veil with a dashed edge."""
        colours = self._theme.colours
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        veil = QColor(colours.surface)
        veil.setAlpha(240)
        painter.fillRect(self.rect(), veil)
        painter.setPen(QPen(QColor(colours.accent_text), 2.5, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(self.rect().adjusted(EDGE, EDGE, -EDGE, -EDGE), 16, 16)

    def _restyle(self) -> None:
        colours = self._theme.colours
        drawn = icons.icon("import", colours.accent_text)
        self.picture.setPixmap(drawn.pixmap(QSize(PICTURE, PICTURE), self.devicePixelRatio()))
        for label, colour in ((self.text, colours.text), (self.more, colours.muted)):
            label.setStyleSheet(f"color: {colour}")


def local_files(data: QMimeData) -> list[Path]:
    """The files and folders of this computer in what is dragged."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
