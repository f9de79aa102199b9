"""One source of a meeting over all its interruptions: it goes on in the next file."""

from __future__ import annotations

import itertools
import logging
import threading
import time
from collections.abc import Callable
from enum import Enum, auto
from pathlib import Path

from app.absence import Absence
from app.audio.inputs import Input
from app.audio.level import LevelListener
from app.audio.source import AudioSource
from app.errors import AppError, RecordingError
from app.meeting_clock import MeetingClock
from app.silence import SilenceWatch
from app.sound import Segment, Source
from app.take import Frames, Take
from app.tape import Tape
from app.wav import SAMPLE_BYTES
from engine.errors import EngineError
from engine.events import Event

RETRY_S = 2.0
LOOK_S = 0.1

logger = logging.getLogger(__name__)


class State(Enum):
    """Where a track is."""

    OPEN = auto()
    LOST = auto()  # the device is away: it is tried again and again
    PAUSED = auto()
    OVER = auto()


class Track:
    """Keeps one input recorded until it is stopped, whatever its device does.

    Attributes:
        tape: what has been recorded.
        error: why it came to its end by itself, if it did.
        name: what is recorded, by the name of what was really opened.
    """

    def __init__(
        self,
        what: Input,
        first: Path,
        clock: MeetingClock,
        tell: Callable[[Event], None],
        on_segment: Callable[[Segment], None],
        on_level: LevelListener | None = None,
    ) -> None:
        """Prepare; :meth:`start` begins.

        Args:
            what: the source, and how to open it again.
            first: the first file; later ones lie beside it.
            clock: that of the meeting, shared by its tracks.
            tell: takes gaps and remarks, from any thread.
            on_segment: is told of each file once there is sound in it, not in the source's thread.
            on_level: takes peak and RMS in dBFS, in the source's thread.
        """
        self.tape = Tape()
        self.error: AppError | EngineError | None = None
        self.name = what.source.name
        self._what = what
        self._first = first
        self._clock = clock
        self._tell = tell
        self._on_segment = on_segment
        self._on_level = on_level
        self._silence = SilenceWatch(tell)
        self._take: Take | None = None
        self._state = State.LOST
        self._retry_at = 0.0
        self._absence = Absence(what.kind, tell)
        self._used = False
        self._door = threading.RLock()
        self._ending = threading.Event()
        self._minder = threading.Thread(target=self._mind, name=f"crosstalk-{what.kind.value}")

    @property
    def over(self) -> bool:
        """Whether nothing more will come."""
        return self._state is State.OVER

    @property
    def recording(self) -> bool:
        """Whether a device is open."""
        return self._state is State.OPEN

    @property
    def idle(self) -> bool:
        """Whether it is paused or over."""
        return self._state in (State.PAUSED, State.OVER)

    @property
    def can_reopen(self) -> bool:
        """Whether it can go on after an interruption."""
        return self._what.reopen is not None

    @property
    def byte_rate(self) -> int:
        """Bytes that a second takes on the disk."""
        take = self._take
        return 0 if take is None else take.source.rate * take.source.channels * SAMPLE_BYTES

    def start(self) -> None:
        """Begin; returns once sound is being written. Raises as :meth:`app.take.Take.begin`."""
        self._open(self._what.source)
        self._minder.start()

    def pause(self) -> None:
        """Close the device and the file."""
        with self._door:
            if self._state in (State.OPEN, State.LOST):
                self._let_go(State.PAUSED)

    def resume(self) -> None:
        """Go on in a new file, as soon as the device opens."""
        with self._door:
            if self._state is State.PAUSED:
                self._state, self._retry_at = State.LOST, 0.0

    def renew(self) -> None:
        """Go on in a new file, on the device that is the right one by now."""
        with self._door:
            if self._state is State.OPEN and self._what.reopen:
                self._lose()

    def stop(self) -> None:
        """End the recording, at once however long it is."""
        self._ending.set()  # whoever waits for a device gives up
        with self._door:
            self._let_go(State.OVER)
            self.tape.end()
        if self._minder.is_alive():
            self._minder.join()

    def _mind(self) -> None:
        while not self._ending.wait(LOOK_S):
            with self._door:
                if self._state is State.OPEN:
                    self._look()
                elif self._state is State.LOST and time.monotonic() >= self._retry_at:
                    self._try_again()

    def _look(self) -> None:
        assert self._take is not None
        if self._take.error or (self._take.over and self._what.reopen is None):
            self._conclude(self._take.error or self._take.failure)
        elif self._take.over:
            self._absence.explain(self._take.failure or self.name)
            self._lose()

    def _conclude(self, error: AppError | EngineError | None) -> None:
        self.error = error
        self._let_go(State.OVER)

    def _lose(self) -> None:
        self._close()
        self._state, self._retry_at = State.LOST, 0.0
        self._absence.begin()

    def _let_go(self, state: State) -> None:
        """No device is wanted any more."""
        self._absence.end(self._clock.at)
        self._close()
        self._absence.withdraw()
        self._state = state

    def _try_again(self) -> None:
        assert self._what.reopen is not None
        try:
            self._open(self._what.reopen())
        except RecordingError as error:
            self._conclude(error)
        except Exception as error:  # a sound system may fail in any way: the next attempt may not
            logger.info("%s does not open", self.name, exc_info=True)
            self._retry_at = time.monotonic() + RETRY_S
            self._absence.explain(error)
        else:
            self._absence.withdraw()

    def _open(self, source: AudioSource) -> None:
        take = Take(
            source,
            self._free_path(),
            self.tape,
            self._clock,
            on_gap=self._tell,
            on_frames=self._listener(source.rate),
            on_level=self._on_level,
        )
        take.begin(self._ending)
        self._take, self._state, self.name = take, State.OPEN, source.name
        if take.start is None:
            return  # it was given up
        self._absence.end(take.start)
        self._on_segment(Segment(take.path, self._what.kind, take.start))
        self._absence.reached(self.tape.length)

    def _close(self) -> None:
        if self._take is not None:
            self._take.end()
            self.error = self.error or self._take.error
            self._take = None
            self._absence.reached(self.tape.length)

    def _listener(self, rate: int) -> Callable[[Frames], None]:
        if self._what.kind is not Source.MICROPHONE:
            return lambda _: None
        return lambda frames: self._silence.look(frames, rate)

    def _free_path(self) -> Path:
        names = (f"{self._first.stem}-{n}{self._first.suffix}" for n in itertools.count(2))
        path = self._first
        while path.exists() and self._used:
            path = self._first.with_name(next(names))
        self._used = True
        return path
