"""Plays the open meeting: position, speed, play and pause; lives in the GUI thread."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal

from app.audio.speakers import Speakers
from app.playback import OpenOutput, Playback
from app.sound import Segment
from engine.timeline import SAMPLE_RATE
from ui.bridge import Bridge
from ui.notices import failure

SPEEDS = (0.5, 0.75, 1.0, 1.25, 1.5, 1.75, 2.0)
REWIND = 2 * SAMPLE_RATE
"""Who goes on listening hears the last words again."""
TICK_MS = 40

Segments = Callable[[], Sequence[Segment]]


@dataclass(frozen=True, slots=True)
class Over:
    """Message: playing came to its end, or why it failed."""

    playback: Playback
    problem: str


class Player(QObject):
    """Positions are samples at 16 kHz.

    ``changed`` tells that it plays or not, can or not, or how fast; ``moved`` carries the position;
    ``noticed`` what failed.
    """

    changed = Signal()
    moved = Signal(int)
    noticed = Signal(object)

    def __init__(
        self, bridge: Bridge, parent: QObject | None = None, output: OpenOutput = Speakers
    ) -> None:
        super().__init__(parent)
        self.position = 0
        self.length = 0
        self.speed = 1.0
        self.refusal = ""
        """Why nothing can be played now; empty if it can."""
        self.output = output
        self._bridge = bridge
        self._segments: Segments = tuple
        self._playback: Playback | None = None
        self._tick = QTimer(self, interval=TICK_MS)
        self._tick.timeout.connect(self._follow)
        bridge.delivered.connect(self._take)

    @property
    def playing(self) -> bool:
        """Whether something is to be heard."""
        return self._playback is not None

    def load(self, segments: Segments, length: int) -> None:
        """Another meeting, at its beginning; ``segments`` is asked each time it is played."""
        self.pause()
        self._segments = segments
        self.length = length
        self._move(0)
        self.changed.emit()

    def grow(self, length: int) -> None:
        """The meeting is that long now."""
        self.length = length
        self.changed.emit()

    def refuse(self, reason: str) -> None:
        """Play nothing, for this reason, until it is empty."""
        if reason != self.refusal:
            self.refusal = reason
            if reason:
                self.pause()
            self.changed.emit()

    def toggle(self) -> None:
        """Pause, or go on a little before where it was."""
        if self.playing:
            self.pause()
        else:
            at_end = self.position >= self.length
            self.play_from(0 if at_end else max(0, self.position - REWIND))

    def play_from(self, sample: int) -> None:
        """Play from a moment on."""
        if self.refusal:
            return
        self.seek(sample)
        if self._playback is None and (segments := self._segments()):
            self._playback = Playback(segments, sample, self.speed, self._over, self.output)
            self._tick.start()
            self.changed.emit()

    def pause(self) -> None:
        """Fall silent and stay there."""
        if self._playback is not None:
            self._playback.stop()
            self._stopped()

    def seek(self, sample: int) -> None:
        """Go to a moment; what plays, plays on from there."""
        sample = max(0, min(sample, max(self.length, 0)))
        if self._playback is not None:
            self._playback.seek(sample)
        self._move(sample)

    def skip(self, seconds: float) -> None:
        """Go back or forward."""
        self.seek(self.position + round(seconds * SAMPLE_RATE))

    def set_speed(self, speed: float) -> None:
        """How fast: one of :data:`SPEEDS`."""
        self.speed = speed
        if self._playback is not None:
            self._playback.speed = speed
        self.changed.emit()

    def change_speed(self, steps: int) -> None:
        """Faster or slower by so many of :data:`SPEEDS`."""
        place = SPEEDS.index(self.speed) + steps
        self.set_speed(SPEEDS[max(0, min(place, len(SPEEDS) - 1))])

    def close(self) -> None:
        """Fall silent for good, before the window goes."""
        playback = self._playback
        self.pause()
        if playback is not None:
            playback.join()

    def _over(self, playback: Playback, problem: str) -> None:
        """In the thread that played."""
        self._bridge.post(Over(playback, problem))

    def _take(self, messages: list[object]) -> None:
        for message in messages:
            if isinstance(message, Over) and message.playback is self._playback:
                self._stopped()
                if message.problem:
                    self.noticed.emit(failure("play", message.problem))
                else:
                    self._move(self.length)

    def _stopped(self) -> None:
        self._playback = None
        self._tick.stop()
        self.changed.emit()

    def _follow(self) -> None:
        if self._playback is not None:
            self._move(self._playback.position)

    def _move(self, sample: int) -> None:
        self.position = sample
        self.moved.emit(sample)
