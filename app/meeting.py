"""One meeting from the device to the library: what the window and the command line run."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from app.audio.inputs import Input, as_inputs
from app.audio.level import LevelListener
from app.audio.sources import AudioSource
from app.autosave import Autosave
from app.awake import StayAwake
from app.corrections.patch import Patch
from app.database import BRIEF_S, BUSY_TIMEOUT_S
from app.errors import AppError
from app.paths import quoted
from app.session import EngineFactory, LiveMeeting
from app.sound import Segment
from app.store import Library
from app.store_corrections import Corrections
from app.transcript import Speaker, Transcript, Turn
from app.words import translate
from engine.errors import EngineError
from engine.events import EngineState, EngineStatus, Event

Step = Callable[[Corrections, Transcript], Patch]
"""Makes, undoes or redoes an edit."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Care:
    """What is looked after besides the sound.

    Attributes:
        keep_awake: the computer must not go to sleep meanwhile.
        quiet_s: when to ask whether a meeting goes on in which nobody speaks; None: never.
    """

    keep_awake: bool = False
    quiet_s: float | None = None


class MeetingRun:
    """A meeting being recorded: its transcript follows the events, and the library the transcript.

    Attributes:
        transcript: the document; other threads read it by :meth:`snapshot` and :meth:`speakers`.
        meeting_id: the meeting in the library, once started.
        recording: its file, once started.
    """

    meeting_id: int
    recording: Path

    def __init__(
        self,
        library_path: Path,
        source: AudioSource | list[Input],
        title: str | None,
        engine: EngineFactory | None,
        on_change: Callable[[Event], None],
        on_level: LevelListener | None = None,
        care: Care = Care(),
    ) -> None:
        """Prepare; :meth:`start` begins.

        Args:
            library_path: the library; recordings lie in ``recordings`` beside it.
            source: what to record, the chief one first.
            title: what the meeting is called; without one, by its date.
            engine: makes an engine session; None: the meeting is only recorded.
            on_change: takes every event after it was applied and saved, in one thread of the
                meeting's own. The last one is ``EngineState(DONE)``: then all is in the library.
            on_level: takes peak and RMS in dBFS, in the thread that records.
            care: what else is looked after.
        """
        self.transcript = Transcript()
        self._library_path = library_path
        self._inputs = as_inputs(source)
        self._title = title
        self._engine = engine
        self._on_change = on_change
        self._on_level = on_level
        self._care = care
        self._awake = StayAwake()
        self._lock = threading.Lock()
        self._order = threading.RLock()

    @property
    def device_name(self) -> str:
        """What is being recorded, by the name of what was really opened."""
        return self._live.device_name

    @property
    def elapsed(self) -> float:
        """Seconds recorded."""
        return self._live.elapsed

    @property
    def error(self) -> AppError | EngineError | None:
        """Why recording ended by itself, if it did."""
        return self._live.error

    @property
    def problem(self) -> str | None:
        """Why the latest turns are not in the library yet, if they are not."""
        return self._autosave.problem

    @property
    def loss(self) -> str | None:
        """What to tell at the end if the library did not get all the text, and what to do then."""
        if self.problem is None:
            return None
        return translate(
            "app",
            "{problem} The text in the library is not complete, the sound is: make the text "
            "again with Meeting > Transcribe again… in the window, or with: crosstalk "
            "transcribe {recording}",
        ).format(problem=self.problem, recording=quoted(self.recording))

    def start(self) -> None:
        """Begin; returns once sound is being written.

        Raises:
            StoreError: the library cannot be used.
            RecordingError: the recording cannot be written.
            DeviceNotFound, DeviceFailed: the source does not start; no meeting is left behind.
        """
        self._library = Library(self._library_path)
        try:
            self._start(self._library)
        except BaseException:
            self._library.close()
            raise

    def stop(self) -> None:
        """End the recording, at once however long it is. The engine finishes by itself."""
        self._live.stop()

    @property
    def can_pause(self) -> bool:
        """Whether the recording can be paused: a file that is played cannot."""
        return self._live.can_pause

    def pause(self) -> None:
        """Record nothing until :meth:`resume`; no time of the meeting passes meanwhile."""
        self._live.pause()

    def resume(self) -> None:
        """Go on, in new files, as soon as the devices open."""
        self._live.resume()

    def renew(self) -> None:
        """The devices are others than before: go on with the right ones, in new files."""
        self._live.renew()

    def wait(self, timeout_s: float | None = None) -> bool:
        """Wait until all is said and saved; False if it takes longer than ``timeout_s``."""
        return self._live.wait(timeout_s)

    def snapshot(self) -> list[Turn]:
        """Copies of the turns as they now stand, ordered by start; from any thread."""
        with self._lock:
            return [replace(turn) for turn in self.transcript.ordered()]

    def speakers(self) -> dict[int, Speaker]:
        """The speakers as they now stand; from any thread."""
        with self._lock:
            return dict(self.transcript.speakers)

    def correct(self, step: Step, told: Callable[[Patch], object]) -> Patch:
        """Let ``step`` change the transcript, here and in the library; from any thread.

        Returns what that changed.

        Args:
            step: makes, undoes or redoes an edit and returns what that changed.
            told: takes the change, if there is one, in order with the events of ``on_change``.

        Raises:
            StoreError: nothing was changed, because it could not be kept.
            EditRefused: the edit makes no sense here or now.
        """
        with self._order, Library(self._library_path, busy_s=BRIEF_S) as library:
            with self._lock:
                patch = step(library.corrections, self.transcript)
            if patch:
                told(patch)
            return patch

    def _start(self, library: Library) -> None:
        started_at = datetime.now(UTC)
        self.recording = _free_name(self._library_path.parent / "recordings", started_at)
        meeting = library.create_meeting(
            self._title, self.recording, started_at, self._inputs[0].kind
        )
        self.meeting_id = meeting.id
        self._autosave = Autosave(library, meeting.id, self.transcript)
        self._live = LiveMeeting(
            self._inputs,
            self.recording,
            self._engine,
            self._take,
            self._on_level,
            on_segment=self._keep,
            quiet_s=self._care.quiet_s,
        )
        library.wait_up_to(BRIEF_S)  # what is said next must not wait for what cannot be saved
        try:
            self._live.start()
        except BaseException:
            if not self.recording.exists():  # else it is listed as recovered the next time
                library.discard_meeting(meeting.id)
            raise
        if self._care.keep_awake:
            self._awake.begin()

    def _keep(self, segment: Segment) -> None:
        if segment.path != self.recording:  # that one is in the library from the start
            self._autosave.add_segment(segment)

    def _take(self, event: Event) -> None:
        """Apply, save, pass on; in the meeting's thread, which has the library from here on."""
        with self._order:  # no correction comes between what is done and what is told
            self._follow(event)

    def _follow(self, event: Event) -> None:
        with self._lock:
            change = self.transcript.apply(event)
        self._autosave.follow(event, change)
        if isinstance(event, EngineState) and event.status is EngineStatus.DONE:
            self._awake.end()
            self._library.wait_up_to(BUSY_TIMEOUT_S)
            self._autosave.finish(self._live.elapsed)
            self._library.close()
        try:
            self._on_change(event)
        except Exception:  # a view that fails must not take the meeting with it
            logger.exception("a listener failed")


def _free_name(folder: Path, started_at: datetime) -> Path:
    """A name for a recording by its local time that is not taken yet."""
    stem = f"{started_at.astimezone():%Y-%m-%d_%H-%M-%S}"
    path, number = folder / f"{stem}.wav", 1
    while path.exists():
        number += 1
        path = folder / f"{stem}_{number}.wav"
    return path
