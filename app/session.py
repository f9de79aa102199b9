"""A live meeting: its sources go to disk first, and engines follow the files.

Live, behind, and after a restart are one path: the engine always reads the recording. That makes
the words of a meeting those of :func:`engine.hearing.hear_file`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from queue import SimpleQueue

from app.audio.inputs import Input, as_inputs
from app.audio.level import LevelListener
from app.audio.source import AudioSource
from app.disk_watch import DiskWatch
from app.engine_run import EngineFactory, EngineSession
from app.errors import AppError, RecordingError
from app.meeting_clock import MeetingClock
from app.silence import QuietWatch
from app.sound import Segment, Source
from app.supervisor import Patience, Supervisor
from app.track import Track
from engine.errors import EngineError
from engine.events import EngineState, EngineStatus, Event, Gap, GapReason, Lag

__all__ = ["EngineFactory", "EngineSession", "LiveMeeting", "Patience"]

SUFFIXES = {Source.SYSTEM: "-system"}
"""What distinguishes the files of further sources."""


class LiveMeeting:
    """Records one or more sources and says what happens in them.

    Attributes:
        recording: the first file; the others lie beside it.
        error: why recording ended by itself, if it did.
    """

    def __init__(
        self,
        source: AudioSource | list[Input],
        recording: Path,
        engine: EngineFactory | None,
        on_event: Callable[[Event], None],
        on_level: LevelListener | None = None,
        patience: Patience = Patience(),  # noqa: B008 - frozen
        on_segment: Callable[[Segment], None] = lambda _: None,
        quiet_s: float | None = None,
    ) -> None:
        """Prepare; :meth:`start` begins.

        Args:
            source: the microphone or file, or all that is to be recorded, the chief one first.
            recording: a file that does not exist yet.
            engine: makes a session, also a second one when the first fails; None: only record.
            on_event: takes every event, in one thread of the meeting's own. The last one is
                ``EngineState(DONE)``. After ``EngineState(RESTARTING)`` all turns come again.
            on_level: takes peak and RMS in dBFS, in the thread that records.
            patience: when to give up an engine.
            on_segment: takes each file once it holds sound, in the thread of the events.
            quiet_s: when to ask whether a meeting goes on in which nobody speaks.
        """
        self.recording = recording
        self.error: AppError | EngineError | None = None
        self._clock = MeetingClock()
        self._on_event = on_event
        self._on_segment = on_segment
        self._segments: SimpleQueue[Segment] = SimpleQueue()
        self._quiet = QuietWatch(quiet_s if engine else None)
        self._behind = 0
        self._listening = False  # else nobody knows whether somebody speaks
        self._tracks = [
            Track(
                each,
                recording.with_name(f"{recording.stem}{SUFFIXES.get(each.kind, '')}.wav"),
                self._clock,
                self._tell,
                self._segments.put,
                None if number else on_level,
            )
            for number, each in enumerate(as_inputs(source))
        ]
        tapes = [track.tape for track in self._tracks]
        self._disk = DiskWatch(recording.parent)
        self._supervisor = Supervisor(tapes, engine, self._take, self._tick, patience, recording)
        self._stopping = threading.Lock()
        self._began = self._ended = False

    @property
    def device_name(self) -> str:
        """The name of the chief source."""
        return self._tracks[0].name

    @property
    def elapsed(self) -> float:
        """Seconds recorded."""
        return max(track.tape.seconds for track in self._tracks)

    @property
    def can_pause(self) -> bool:
        """Whether all sources can be opened again; a file cannot."""
        return all(track.can_reopen for track in self._tracks)

    def start(self) -> None:
        """Begin; returns once sound is being written.

        Raises:
            RecordingError: the file cannot be written.
            DeviceNotFound, DeviceFailed: a source does not start; no empty file is left behind.
        """
        self._disk.check_room()
        started: list[Track] = []
        try:
            for track in self._tracks:
                track.start()
                started.append(track)
        except BaseException:
            for track in started:
                track.stop()
            raise
        self._began = True
        self._supervisor.start()

    def pause(self) -> None:
        """Record nothing until :meth:`resume`; no time of the meeting passes meanwhile."""
        with self._stopping:
            if self._ended or not self.can_pause or all(track.idle for track in self._tracks):
                return
            heard = any(track.recording for track in self._tracks)
            for track in self._tracks:
                track.pause()
            at = max(track.tape.length for track in self._tracks)
            at = at if heard else max(at, self._clock.at)
            self._clock.stand(at)
            self._tell(Gap(at, 0, GapReason.PAUSE))

    def resume(self) -> None:
        """Go on, in new files, as soon as the devices open."""
        with self._stopping:
            for track in self._tracks:
                track.resume()

    def renew(self) -> None:
        """The devices are others than before: go on with the right ones, in new files."""
        with self._stopping:
            for track in self._tracks:
                track.renew()

    def stop(self) -> None:
        """End the recording, at once however long it is. The engine finishes in its thread."""
        with self._stopping:
            if not self._began or self._ended:
                return
            self._ended = True
            for track in self._tracks:
                track.stop()
                self.error = self.error or track.error
            message = str(self.error) if self.error else ""
            self._tell(EngineState(EngineStatus.FINISHING, message))

    def wait(self, timeout_s: float | None = None) -> bool:
        """Wait until the engine is done; False if it takes longer than ``timeout_s``."""
        return self._supervisor.wait(timeout_s)

    def _tell(self, event: Event) -> None:
        self._supervisor.post(event)

    def _take(self, event: Event) -> None:
        """Pass on what happened, and what follows from it; in the meeting's thread."""
        self._tell_segments()
        if isinstance(event, Lag):
            self._behind = event.behind
        elif isinstance(event, EngineState):
            self._listening = event.status is EngineStatus.RUNNING
        self._on_event(event)
        if answer := self._quiet.hear(event):
            self._on_event(answer)

    def _tick(self) -> None:
        """Look after everything that nobody tells; in the meeting's thread."""
        self._tell_segments()
        if self._ended:
            return
        if self._tracks[0].over or any(track.error for track in self._tracks):
            self.stop()
            return
        heard = max(track.tape.length for track in self._tracks) - self._behind
        if self._listening and (question := self._quiet.look(heard)):
            self._on_event(question)
        self._look_at_disk()

    def _tell_segments(self) -> None:
        while not self._segments.empty():
            self._on_segment(self._segments.get())

    def _look_at_disk(self) -> None:
        try:
            remark = self._disk.look(sum(track.byte_rate for track in self._tracks))
        except RecordingError as error:
            self.error = error
            self.stop()
            return
        if remark:
            self._on_event(remark)
