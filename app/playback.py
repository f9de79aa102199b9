"""Plays a meeting from a moment on, in a thread of its own. Positions are samples at 16 kHz."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable

from app.audio.speakers import Output, PlaybackError, Speakers
from app.errors import AppError
from app.sound import MeetingSound, Segment
from app.stretch import Stretcher
from app.words import translate
from engine.errors import EngineError
from engine.timeline import SAMPLE_RATE

RATE = 48_000
SCALE = RATE // SAMPLE_RATE
PATIENCE_S = 2.0
"""A sound system that hangs is given up after this: the window must close."""

logger = logging.getLogger(__name__)

OpenOutput = Callable[[int], Output]


class Playback:
    """Plays until the end, a failure or :meth:`stop`.

    ``over`` is called, in the thread, unless it was stopped: with what went wrong, or "".
    """

    def __init__(
        self,
        segments: Iterable[Segment],
        position: int,
        speed: float,
        over: Callable[[Playback, str], None],
        output: OpenOutput = Speakers,
    ) -> None:
        self.position = position
        """What is heard now, about."""
        self.speed = speed
        """May be changed while it plays."""
        self._segments = tuple(segments)
        self._over = over
        self._output = output
        self._wanted: int | None = position
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="crosstalk-playback", daemon=True)
        self._thread.start()

    def seek(self, position: int) -> None:
        """Go on from another moment."""
        self.position = position
        self._wanted = position

    def stop(self) -> None:
        """Fall silent; ``over`` will not be called any more."""
        self._stopping.set()

    def join(self) -> None:
        """Wait for the thread after :meth:`stop`."""
        self._thread.join(PATIENCE_S)

    def _run(self) -> None:
        try:
            problem = self._play()
        except (AppError, EngineError) as error:
            problem = str(error)
        except Exception:  # nobody would be told otherwise
            logger.exception("a meeting could not be played")
            problem = translate("app", "The meeting cannot be played: the log says what happened.")
        if not self._stopping.is_set():
            self._over(self, problem)

    def _play(self) -> str:
        with MeetingSound(self._segments, RATE) as sound, self._output(RATE) as output:
            stretcher = Stretcher(sound.read, RATE)
            while not self._stopping.is_set():
                if self._wanted is None and stretcher.position >= sound.frames:
                    output.drain()
                    self.position = sound.frames // SCALE
                    return ""
                self._step(stretcher, output)
        return ""

    def _step(self, stretcher: Stretcher, output: Output) -> None:
        wanted, self._wanted = self._wanted, None
        if wanted is not None:
            stretcher.seek(wanted * SCALE)
        begin, speed = stretcher.position, self.speed
        output.write(stretcher.next(speed))
        if self._wanted is None:  # or the position is already that of the next step
            ahead = round(output.latency_s * speed * RATE)
            floor = self.position if wanted is None else wanted
            self.position = max(floor, (begin - ahead) // SCALE)


__all__ = ["OpenOutput", "Playback", "PlaybackError"]
