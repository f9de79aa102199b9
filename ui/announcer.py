"""Has a screen reader say each turn of the meeting on show when it is over."""

from __future__ import annotations

from PySide6.QtCore import QObject

from engine.timeline import SAMPLE_RATE
from ui.banner import announce
from ui.desk import Desk
from ui.live import Live
from ui.recording import Recording
from ui.text import speaker_label, translate

STALE = 10 * SAMPLE_RATE
"""Whoever is so far behind hears what was said by reading, not all of it in one go."""


class Announcer(QObject):
    """Follows a recording; what is said again after a restart is not announced twice."""

    def __init__(self, recording: Recording, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._window = parent
        recording.turn_ended.connect(self._say)

    def _say(self, live: Live, number: int) -> None:
        current = self._desk.current
        on_show = current is not None and current.live is live
        fresh = not live.model.transcript.replaying and live.behind < STALE
        if on_show and fresh and (text := spoken(live, number)):
            announce(self._window, text)


def spoken(live: Live, number: int) -> str:
    """Who said what in a turn of the engine; empty if nobody said anything."""
    transcript = live.model.transcript
    turn = transcript.turns.get(transcript.number_of(number))
    if turn is None or not turn.words:
        return ""
    speaker = transcript.speakers[turn.speaker]
    name = speaker_label(turn.speaker, speaker.name if speaker.named else None)
    return translate("Announcer", "{name}: {words}").format(name=name, words=turn.text)
