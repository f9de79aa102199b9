"""The words of one file as SegLST, the segment list that MeetEval reads, with a time each."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from engine.errors import AudioError
from engine.events import (
    Event,
    SpeakerRevised,
    TurnEnded,
    TurnResumed,
    TurnStarted,
    Word,
    WordsChanged,
)
from engine.timeline import to_seconds


class Segments:
    """The turns of a file while its events come; memory grows with the words only.

    Args:
        session: its name in the list.

    Attributes:
        count: words so far.
    """

    def __init__(self, session: str) -> None:
        self._session = session
        self._started: dict[int, TurnStarted] = {}
        self._speakers: dict[int, int] = {}
        self._words: dict[int, tuple[Word, ...]] = {}
        self._ends: dict[int, int] = {}

    @property
    def count(self) -> int:
        """How many words there are."""
        return sum(map(len, self._words.values()))

    def hear(self, events: Iterable[Event]) -> str:
        """Follow the events; what is wrong with the file, if something is."""
        try:
            for event in events:
                self._follow(event)
        except AudioError as error:
            return str(error)
        return ""

    def _follow(self, event: Event) -> None:
        match event:
            case TurnStarted():
                self._started[event.turn] = event
                self._speakers[event.turn] = event.speaker
            case WordsChanged():
                self._words[event.turn] = event.words
            case TurnEnded():
                self._ends[event.turn] = event.end
            case TurnResumed():
                self._ends.pop(event.turn, None)
            case SpeakerRevised():
                self._speakers[event.turn] = event.speaker

    def to_list(self) -> list[dict[str, Any]]:
        """All turns that have words, by start. ``word_times`` and ``confidences`` are additions."""
        turns = [turn for turn in self._started if self._words.get(turn)]
        by_start = sorted(turns, key=lambda turn: (self._started[turn].start, turn))
        return [self._segment(turn) for turn in by_start]

    def to_json(self) -> bytes:
        """The list as JSON, a line for each turn."""
        lines = [json.dumps(segment, ensure_ascii=False) for segment in self.to_list()]
        return ("[\n" + ",\n".join(lines) + "\n]\n").encode()

    def _segment(self, turn: int) -> dict[str, Any]:
        words = self._words[turn]
        end = self._ends.get(turn, words[-1].end)
        return {
            "session_id": self._session,
            "speaker": str(self._speakers[turn]),
            "words": " ".join(word.text for word in words),
            "start_time": round(to_seconds(self._started[turn].start), 3),
            "end_time": round(to_seconds(end), 3),
            "word_times": [
                [round(to_seconds(w.start), 3), round(to_seconds(w.end), 3)] for w in words
            ],
            "confidences": [round(word.confidence, 3) for word in words],
        }
