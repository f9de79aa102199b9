"""Keeps a meeting of the library up to date with its growing transcript."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from app.sound import Segment
from app.store import Library, StoreError
from app.transcript import Change, ChangeKind, Transcript
from engine.events import (
    EngineState,
    EngineStatus,
    Event,
    Gap,
    SpeakerRecognised,
    SpeakerRevised,
    TurnEnded,
    VoiceHeard,
)

INTERVAL_S = 1.0
"""How old the saved words of a turn that is still open may be."""

AT_ONCE = (TurnEnded, SpeakerRevised, SpeakerRecognised, Gap, EngineState)

logger = logging.getLogger(__name__)


class Autosave:
    """Saves what changed: a turn when it ends, and once a second the words of those still open.

    What cannot be saved is tried again once a second. While a restarted engine repeats what
    the library has already, nothing is saved: the library always holds one whole account.

    Attributes:
        problem: why the latest changes are not in the library yet; None if they are.
    """

    def __init__(
        self,
        library: Library,
        meeting_id: int,
        transcript: Transcript,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Follow ``transcript`` for a meeting of ``library``; all in one thread."""
        self.problem: str | None = None
        self._library = library
        self._meeting_id = meeting_id
        self._transcript = transcript
        self._clock = clock
        self._saved_at = clock()
        self._turns: set[int] = set()
        self._gaps: list[Gap] = []
        self._segments: list[Segment] = []
        self._voices: list[int] = []  # turns whose voices are to be kept
        self._everything = False
        self._restarted = False

    def follow(self, event: Event, change: Change | None) -> None:
        """Save what is due after ``event``, which made ``change`` in the transcript."""
        self._note(event, change)
        if self._due(event):
            self._attempt(self._save)

    def add_segment(self, segment: Segment) -> None:
        """The meeting goes on in another file."""
        self._segments.append(segment)
        self._attempt(self._save_segments)

    def finish(self, duration_s: float) -> None:
        """Save all that is left and mark the meeting as finished."""
        self._attempt(lambda: self._finish(duration_s))

    def _note(self, event: Event, change: Change | None) -> None:
        if isinstance(event, EngineState) and event.status is EngineStatus.RESTARTING:
            self._restarted = True
        if isinstance(event, VoiceHeard):
            self._voices.append(self._transcript.number_of(event.turn))
        if change is None:
            return
        if change.kind is ChangeKind.RESET:
            self._everything = True
        elif change.turn is not None:
            self._turns.add(change.turn)
        elif isinstance(event, Gap):
            self._gaps.append(event)

    @property
    def _pending(self) -> bool:
        return bool(self._everything or self._turns or self._gaps or self._segments or self._voices)

    def _due(self, event: Event) -> bool:
        if self._transcript.replaying or not self._pending:
            return False
        at_once = isinstance(event, AT_ONCE) and self.problem is None
        return at_once or self._clock() - self._saved_at >= INTERVAL_S

    def _attempt(self, save: Callable[[], None]) -> None:
        try:
            save()
            self.problem = None
        except StoreError as error:
            logger.info("the meeting could not be saved", exc_info=True)
            self.problem = str(error)
        self._saved_at = self._clock()

    def _save_segments(self) -> None:
        while self._segments:
            self._library.add_segment(self._meeting_id, self._segments[0])
            del self._segments[0]

    def _save(self) -> None:
        self._save_segments()
        if self._everything:
            self._save_everything()
        while self._turns:
            number = next(iter(self._turns))
            if (turn := self._transcript.turns.get(number)) is not None:  # else it was deleted
                self._library.save_turn(self._meeting_id, turn)
            self._turns.discard(number)
        while self._gaps:
            self._library.save_gap(self._meeting_id, self._gaps[0])
            del self._gaps[0]
        self._save_voices()

    def _save_voices(self) -> None:
        """The voices of turns that ended, where the engine tells them."""
        heard = self._transcript.heard
        if self._voices:
            voices = [heard[number] for number in self._voices if number in heard]
            self._library.voices.keep(self._meeting_id, voices)
            self._voices.clear()

    def _save_everything(self) -> None:
        self._library.save_turns(self._meeting_id, self._transcript)
        if self._restarted:  # the turns of edits that were undone may be others now
            self._library.corrections.forget_undone(self._meeting_id)
            self._library.voices.forget(self._meeting_id)
            self._voices = list(self._transcript.heard)
            self._restarted = False
        self._library.voices.save_names(self._meeting_id, self._transcript.speakers)
        self._save_voices()
        self._turns.clear()
        self._gaps.clear()
        self._everything = False

    def _finish(self, duration_s: float) -> None:
        self._save_segments()
        self._save_everything()
        self._library.finish_meeting(self._meeting_id, duration_s)
