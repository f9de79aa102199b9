"""What lies open: the library, and the one meeting on show, live or from before."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication

from app.database import BRIEF_S, LibraryBusy
from app.errors import AppError
from app.exports import ExportDocument, ExportFormat, Selection, document_of, select, some_turns
from app.rescue import open_or_begin_anew
from app.store import Library, MeetingFilter, MeetingSummary
from ui.bridge import Bridge
from ui.live import Live
from ui.models import TurnListModel
from ui.notices import Choice, failure
from ui.recording import Recording
from ui.text import plain

RETRY_MS = 2_000
"""How often to look whether another program has let the library go."""

Answer = TypeVar("Answer")

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Exported:
    """Message: a file was written, or why not."""

    path: Path
    problem: str = ""


@dataclass(eq=False)
class OpenMeeting:
    """The meeting on show; ``live`` while it is recorded or finished."""

    summary: MeetingSummary
    model: TurnListModel
    live: Live | None


class Desk(QObject):
    """Reads and changes the library for the window; lives in the GUI thread.

    ``listed`` carries the meetings that ``where`` asks for, ``opened`` the :class:`OpenMeeting` to
    show, ``noticed`` what failed; ``updated`` tells that title, length or state of the open meeting
    are others, ``closed`` that it lies open no more; ``saved`` carries the path of a
    file that was written.
    """

    listed = Signal(list)
    opened = Signal(object)
    updated = Signal()
    closed = Signal()
    noticed = Signal(object)
    saved = Signal(object)

    def __init__(
        self,
        library_path: Path,
        recording: Recording,
        bridge: Bridge,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.current: OpenMeeting | None = None
        self.where = MeetingFilter()
        self._path = library_path
        self._library: Library | None = None
        self._wanted = False
        self._complaint = ""  # why the library does not open, as it was told
        self._retry = QTimer(self, singleShot=True)
        self._retry.timeout.connect(self._try_again)
        self._recording = recording
        self._bridge = bridge
        bridge.delivered.connect(self._take)
        recording.began.connect(self._open_live)
        recording.done.connect(self._put_down)
        app = QGuiApplication.instance()
        assert isinstance(app, QGuiApplication)
        app.applicationStateChanged.connect(self._try_again)  # back from another program

    @property
    def bridge(self) -> Bridge:
        """The way from other threads into the window."""
        return self._bridge

    @property
    def path(self) -> Path:
        """The library, for threads that open it themselves."""
        return self._path

    def open_library(self) -> None:
        """Open the library, destroy what was in the bin for too long, and list its meetings."""
        self._wanted = True
        self._open(BRIEF_S)

    def _open(self, busy_s: float) -> None:
        try:
            library, complaint = open_or_begin_anew(self._path, busy_s)
        except AppError as error:
            self._complain(error)
            return
        library.wait_up_to(BRIEF_S)
        self._library, self._complaint = library, ""
        self._retry.stop()
        self.noticed.emit(failure("library", complaint))
        self.ask("bin", lambda library: library.bin.expire())
        self.list_meetings()

    def ask(
        self,
        subject: str,
        question: Callable[[Library], Answer],
        again: Callable[[], object] | None = None,
    ) -> Answer | None:
        """What the library answers; None if it is not open or that fails, which is told.

        ``again`` is offered where it fails only because another program is writing.
        """
        with self._telling(subject, again):
            if self._library is not None:
                return question(self._library)
        return None

    def close(self) -> None:
        """Close the library."""
        self._wanted = False
        self._retry.stop()
        if self._library is not None:
            self._library.close()
            self._library = None

    def list_meetings(self) -> None:
        """Tell what meetings there are now."""
        with self._telling("library"):
            if self._library is not None:
                self.listed.emit(self._library.meetings(self.where))

    def open(self, meeting_id: int) -> None:
        """Show a meeting of the library, or the one that is being recorded."""
        for live in self._recording.lives():
            if live.meeting_id == meeting_id:
                self._open_live(live)
                return
        with self._telling("library"):
            if self._library is not None:
                summary = self._library.meeting(meeting_id)
                model = TurnListModel(self._library.load(meeting_id))
                self._show(OpenMeeting(summary, model, None))

    def put_away(self, meeting_id: int) -> None:
        """Show this meeting no more, if it is the one on show."""
        if self.current is not None and self.current.summary.id == meeting_id:
            self.current = None
            self.closed.emit()

    def rename_meeting(self, meeting_id: int, title: str) -> None:
        """Give a meeting another title."""
        with self._telling("rename"):
            if self._library is not None:
                self._library.rename_meeting(meeting_id, title)
        self._read_again()

    def save(
        self, target: ExportFormat, path: Path, part: Selection | Collection[int] | None = None
    ) -> None:
        """Write the open meeting to a file, or a part, in a thread: it may take its time.

        ``part``: between two times, or some turns by their numbers.
        """
        if self.current is None:
            return
        summary = self.current.summary
        transcript = self.current.model.transcript
        document = document_of(
            transcript,
            summary.recording.stem,
            summary.title,
            started_at=summary.started_at,
            segments=self.ask("export", lambda library: library.segments(summary.id)) or (),
            notes=self.ask("export", lambda library: library.notes.of(summary.id)) or (),
        )
        with self._telling("export"):
            if isinstance(part, Selection):
                document = select(document, part)
            elif part is not None:
                order = [turn.number for turn in transcript.ordered() if turn.words]
                document = some_turns(document, {order.index(n) for n in part if n in order})
            self._bridge.run("crosstalk-export", lambda: _export(target, document, path))

    def text(self, rows: Iterable[int]) -> str:
        """Rows of the open meeting as text."""
        model = self.current.model if self.current else None
        return "\n".join(plain(model.row(row)) for row in rows) if model else ""

    def _take(self, messages: list[object]) -> None:
        for message in messages:
            if isinstance(message, Exported) and message.problem:
                self.noticed.emit(failure("export", message.problem))
            elif isinstance(message, Exported):
                self.saved.emit(message.path)

    def _complain(self, error: AppError) -> None:
        """Say once why the library does not open; what another program holds it will let go."""
        if str(error) != self._complaint:
            self._complaint = str(error)
            self.noticed.emit(failure("library", error))
        if isinstance(error, LibraryBusy):
            self._retry.start(RETRY_MS)

    def _try_again(self) -> None:
        """Open the library if that failed before: what kept it from that may be over."""
        if self._wanted and self._library is None:
            self._open(0.0)  # the window does not stand still for it time and again

    def _open_live(self, live: Live) -> None:
        self._try_again()
        with self._telling("library"):
            if self._library is not None and live.meeting_id is not None:
                summary = self._library.meeting(live.meeting_id)
                self._show(OpenMeeting(summary, live.model, live))
        self.list_meetings()

    def _put_down(self, live: Live) -> None:
        """Everything of a live meeting is in the library."""
        if self.current is not None and self.current.live is live:
            self.current.live = None
        self._read_again()

    def _read_again(self) -> None:
        with self._telling("library"):
            if self._library is not None and self.current is not None:
                self.current.summary = self._library.meeting(self.current.summary.id)
                self.updated.emit()
        self.list_meetings()

    def _show(self, meeting: OpenMeeting) -> None:
        self.current = meeting
        self.opened.emit(meeting)

    @contextmanager
    def _telling(self, subject: str, again: Callable[[], object] | None = None) -> Iterator[None]:
        """What fails inside is told to the user."""
        try:
            yield
        except AppError as error:
            notice = failure(subject, error)
            if again is not None and isinstance(error, LibraryBusy):
                choices = Choice(self.tr("Try again"), again), Choice(self.tr("Leave it"))
                notice = replace(notice, choices=choices)
            self.noticed.emit(notice)


def _export(target: ExportFormat, document: ExportDocument, path: Path) -> Exported:
    try:
        target.save(document, path)
        return Exported(path)
    except AppError as error:
        return Exported(path, str(error))
    except Exception:  # nobody would be told otherwise
        logger.exception("a meeting could not be exported as %s", target.name)
        return Exported(
            path, f"{path} was not written. Choose another format; the log says what happened."
        )
