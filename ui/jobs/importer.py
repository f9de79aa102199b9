"""Brings files into the window's library, and has meetings transcribed later or once more."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from app.jobs.engines import EngineChoice, engine_choice
from app.jobs.job import Job, JobState
from app.jobs.media import AUDIO, VIDEO
from app.models import installed_models
from app.paths import library_path
from app.settings import Settings
from ui.actions import Actions
from ui.desk import Desk
from ui.frame import Frame
from ui.jobs.again_dialog import AgainDialog
from ui.jobs.drop import DropHint
from ui.jobs.panel import JobPanel
from ui.jobs.queue import JobQueue
from ui.recording import Recording
from ui.theme import Theme


class Importer(QObject):
    """Stands between the queue and the widgets that are about it.

    Attributes:
        engine: gives what makes the engine for a model by its name.
        dialog: what asks for a model just now.
    """

    noticed = Signal(object)

    def __init__(
        self,
        theme: Theme,
        frame: Frame,
        actions: Actions,
        desk: Desk,
        recording: Recording,
        say: Callable[[str], object],
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self.engine: EngineChoice = engine_choice(Settings(), library_path())
        self.dialog: AgainDialog | None = None
        self.queue = JobQueue(desk, recording, self)
        self.panel = JobPanel(theme)
        self.hint = DropHint(theme, window)
        self._theme = theme
        self._frame = frame
        self._actions = actions
        self._desk = desk
        self._say = say
        self._window = window
        self._started = False
        self._place_panel()
        self._connect()

    def add(self, paths: list[Path]) -> None:
        """Bring in files and folders, and show the queue."""
        self._actions.library.setChecked(True)
        self.queue.add(paths)

    def choose_files(self) -> None:
        """Ask which files to bring in."""
        known = " ".join(f"*.{name}" for name in f"{AUDIO} {VIDEO}".split())
        kinds = (f"{self.tr('Audio and video')} ({known})", f"{self.tr('All files')} (*)")
        names, _ = QFileDialog.getOpenFileNames(
            self._window, self.tr("Import files"), str(Path.home()), ";;".join(kinds)
        )
        if names:
            self.add([Path(name) for name in names])

    def ask_model(self, meeting_id: int) -> None:
        """Ask with which model to transcribe a meeting."""
        meeting = self._desk.ask("jobs", lambda library: library.meeting(meeting_id))
        if meeting is None:
            return
        names = [model.name for model in installed_models()]
        self.dialog = AgainDialog(self._theme, meeting, names, self._window)
        self.dialog.wanted.connect(self._transcribe)
        self.dialog.open()

    def stop(self) -> None:
        """The window closes; what is not done goes on the next time."""
        self.queue.stop()

    def _transcribe(self, meeting_id: int, model: str | None) -> None:
        self._actions.library.setChecked(True)
        self.queue.transcribe(meeting_id, model)

    def _connect(self) -> None:
        queue, panel = self.queue, self.panel
        self._desk.listed.connect(self._follow_library)
        queue.changed.connect(self._show)
        queue.progressed.connect(lambda number: panel.show_progress(queue.progress[number]))
        queue.ended.connect(self._tell)
        queue.noticed.connect(self.noticed)
        panel.opened.connect(self._desk.open)
        panel.cancelled.connect(queue.cancel)
        panel.retried.connect(queue.retry)
        panel.removed.connect(queue.remove)
        panel.moved.connect(queue.move)
        panel.cleared.connect(queue.clear)
        self._frame.library.search.setAcceptDrops(False)  # it would take files as text
        self.hint.dropped.connect(self.add)
        self._actions.import_.triggered.connect(self.choose_files)
        self._actions.again.triggered.connect(self._ask_for_open)
        self._frame.library.transcribe_wanted.connect(self.ask_model)

    def _follow_library(self) -> None:
        """The library is open from the first list on: then what was left can go on."""
        if not self._started:
            self._started = True
            self.queue.start(library_path(), lambda model: self.engine(model))
        self._frame.library.show_busy(self.queue.busy())

    def _show(self) -> None:
        self.panel.show_jobs(self.queue.jobs, self.queue.progress)
        self._frame.library.show_busy(self.queue.busy())
        known = {meeting.id for meeting in self._frame.library.meetings()}
        if self.queue.busy() - known:
            self._desk.list_meetings()

    def _tell(self, job: Job) -> None:
        """A job has come to its end: say so, and show what it made."""
        done = job.state is JobState.DONE
        said = self.tr("“{title}” is transcribed") if done else self.tr("“{title}” failed")
        self._say(said.format(title=job.title))
        current = self._desk.current
        if done and current is not None and current.summary.id == job.meeting_id:
            self._desk.open(current.summary.id)
        self._desk.list_meetings()

    def _ask_for_open(self) -> None:
        if self._desk.current is not None:
            self.ask_model(self._desk.current.summary.id)

    def _place_panel(self) -> None:
        """Above what stands at the bottom of the library."""
        column = self._frame.library.layout()
        assert isinstance(column, QVBoxLayout)
        column.insertWidget(column.count() - 2, self.panel)
