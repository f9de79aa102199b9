"""What is being transcribed: the queue below the list of meetings, as long as there is one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QHBoxLayout,
    QLabel,
    QListView,
    QMenu,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.jobs.job import Job, JobState, Progress
from ui import icons
from ui.jobs.job_list import LINES, JobDelegate, JobListModel
from ui.theme import Theme, scaled

MOST_ROWS = 3
"""More jobs than these are scrolled."""


class JobPanel(QWidget):
    """Shows the jobs; the buttons below are about the marked one.

    ``opened`` carries a meeting; ``cancelled``, ``retried`` and ``removed`` a job; ``moved`` a job
    and by how many places; ``cleared`` tells that those that are over shall go.
    """

    opened = Signal(int)
    cancelled = Signal(int)
    retried = Signal(int)
    removed = Signal(int)
    moved = Signal(int, int)
    cleared = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._running: int | None = None
        self.model = JobListModel(self)
        self.list = _JobView()
        self.detail = QLabel()
        self.clear = QPushButton(self.tr("Clear"))
        self.open_ = QPushButton(self.tr("Open"))
        self.cancel = QPushButton(self.tr("Cancel"))
        self.retry = QPushButton(self.tr("Try again"))
        self.remove = QPushButton(self.tr("Remove"))
        self.up = QPushButton()
        self.down = QPushButton()
        self._configure()
        self._lay_out()
        theme.changed.connect(self._restyle)
        self._restyle()
        self.show_jobs([], {})

    def show_jobs(self, jobs: Sequence[Job], progress: Mapping[int, Progress]) -> None:
        """Show these jobs; the marked one stays marked."""
        marked = self._marked(jobs)
        self.model.show_jobs(jobs, progress)
        row = max(0, self.model.row_of(marked.id) if marked else 0)
        self.list.setCurrentIndex(self.model.index(row, 0))
        height = round(LINES * self.fontMetrics().height())
        self.list.setMinimumHeight(height)
        self.list.setMaximumHeight(height * min(MOST_ROWS, len(jobs)) + 4)
        self.setVisible(bool(jobs))
        self.clear.setVisible(any(_over(job) for job in jobs))
        self._show_current()

    def show_progress(self, progress: Progress) -> None:
        """Show how far a job is."""
        self.model.show_progress(progress)

    def current(self) -> Job | None:
        """The marked job."""
        index = self.list.currentIndex()
        return self.model.job(index) if index.isValid() else None

    def _marked(self, jobs: Sequence[Job]) -> Job | None:
        """What was marked; or the job that has begun, unless the user is in the midst of this."""
        running = next((job for job in jobs if job.state is JobState.RUNNING), None)
        begun = running is not None and running.id != self._running
        self._running = running.id if running else self._running
        focus = QApplication.focusWidget()
        inside = focus is not None and self.isAncestorOf(focus)
        return running if begun and not inside else self.current()

    def _show_current(self) -> None:
        job = self.current()
        state = job.state if job else None
        shown = {
            self.open_: job is not None and job.meeting_id is not None and not job.state.open,
            self.cancel: job is not None and job.state.open,
            self.retry: state in (JobState.FAILED, JobState.CANCELLED),
            self.remove: job is not None and not job.state.open,
            self.up: state is JobState.WAITING,
            self.down: state is JobState.WAITING,
        }
        for button, visible in shown.items():
            button.setVisible(visible)
        self.detail.setText(job.message if job else "")
        self.detail.setVisible(bool(job and job.message))

    def _activate(self, index: QModelIndex) -> None:
        job = self.model.job(index)
        if job.meeting_id is not None:
            self.opened.emit(job.meeting_id)

    def _click(self, index: QModelIndex) -> None:
        if self.model.job(index).state is JobState.DONE:
            self._activate(index)

    def _drop(self) -> None:
        """What the delete key means."""
        job = self.current()
        if job is not None:
            (self.cancelled if job.state.open else self.removed).emit(job.id)

    def _shift(self, steps: int) -> None:
        job = self.current()
        if job is not None and job.state is JobState.WAITING:
            self.moved.emit(job.id, steps)

    def _menu(self, point: QPoint) -> None:
        if self.list.indexAt(point).isValid():
            menu = QMenu(self)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            for button in (self.open_, self.retry, self.up, self.down, self.cancel, self.remove):
                if button.isVisible():
                    menu.addAction(button.text() or button.accessibleName(), button.click)
            menu.popup(self.list.viewport().mapToGlobal(point))

    def _configure(self) -> None:
        self.list.setModel(self.model)
        self.list.setItemDelegate(JobDelegate(self._theme, self.list))
        self.list.setAccessibleName(self.tr("What is being transcribed"))
        self.list.setMouseTracking(True)
        self.list.setUniformItemSizes(True)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.list.customContextMenuRequested.connect(self._menu)
        self.list.activated.connect(self._activate)
        self.list.clicked.connect(self._click)
        self.list.selectionModel().currentChanged.connect(self._show_current)
        self.list.delete_pressed.connect(self._drop)
        self.list.move_pressed.connect(self._shift)
        self.detail.setTextFormat(Qt.TextFormat.PlainText)
        self.detail.setWordWrap(True)
        self.detail.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._name_buttons()
        self.clear.clicked.connect(self.cleared)
        self.open_.clicked.connect(lambda: self._activate(self.list.currentIndex()))
        self.cancel.clicked.connect(self._drop)
        self.remove.clicked.connect(self._drop)
        self.retry.clicked.connect(self._retry)
        self.up.clicked.connect(lambda: self._shift(-1))
        self.down.clicked.connect(lambda: self._shift(1))

    def _name_buttons(self) -> None:
        names = {
            self.clear: self.tr("Take what is over off this list"),
            self.open_: self.tr("Open the meeting of the marked file"),
            self.cancel: self.tr("Cancel the marked file"),
            self.retry: self.tr("Try the marked file again"),
            self.remove: self.tr("Take the marked file off this list"),
            self.up: self.tr("Move up"),
            self.down: self.tr("Move down"),
        }
        for button, name in names.items():
            button.setObjectName("quiet")
            button.setAccessibleName(name)
            button.setToolTip(name)

    def _retry(self) -> None:
        if (job := self.current()) is not None:
            self.retried.emit(job.id)

    def _lay_out(self) -> None:
        title = QLabel(self.tr("Transcribing"))
        title.setFont(scaled(self.font(), 1.15, QFont.Weight.DemiBold))
        top = QHBoxLayout()
        top.setContentsMargins(20, 0, 14, 0)
        top.addWidget(title, 1)
        top.addWidget(self.clear)
        text = QVBoxLayout()
        text.setContentsMargins(20, 0, 18, 0)
        text.addWidget(self.detail)
        bottom = QHBoxLayout()
        bottom.setContentsMargins(8, 0, 14, 0)
        bottom.setSpacing(0)
        for button in (self.cancel, self.open_, self.retry, self.remove):
            bottom.addWidget(button)
        bottom.addStretch(1)
        bottom.addWidget(self.up)
        bottom.addWidget(self.down)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(top)
        column.addWidget(self.list)
        column.addLayout(text)
        column.addLayout(bottom)

    def _restyle(self) -> None:
        colour = self._theme.colours.text
        self.up.setIcon(icons.icon("arrow-up", colour))
        self.down.setIcon(icons.icon("arrow-down", colour))


class _JobView(QListView):
    """A list that knows the keys for taking away and for moving."""

    delete_pressed = Signal()
    move_pressed = Signal(int)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        moving = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.delete_pressed.emit()
        elif moving and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.move_pressed.emit(-1 if event.key() == Qt.Key.Key_Up else 1)
        else:
            super().keyPressEvent(event)


def _over(job: Job) -> bool:
    return job.state in (JobState.DONE, JobState.CANCELLED)
