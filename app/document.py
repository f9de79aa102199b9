"""The document of a meeting as people read and correct it, wherever its words come from."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.speaker import Speaker, default_name
from app.turn import Corrected, Segment, Turn, segment
from app.turn_voice import TurnVoice
from engine.events import Gap
from engine.timeline import to_seconds


@dataclass(slots=True)
class Document:
    """Turns and speakers of one meeting; not thread-safe.

    ``removed`` are turns that a person deleted or joined to others: the engine goes on with them
    unseen, so that they can be had back. ``voices`` says which of the speakers here each speaker of
    the engine is, where it has spoken of them. ``heard`` is how turns sounded, by their number,
    where the engine tells that.
    """

    turns: dict[int, Turn] = field(default_factory=dict)
    speakers: dict[int, Speaker] = field(default_factory=dict)
    gaps: list[Gap] = field(default_factory=list)
    duration: int = 0
    removed: dict[int, Turn] = field(default_factory=dict)
    voices: dict[int, int] = field(default_factory=dict, compare=False)
    heard: dict[int, TurnVoice] = field(default_factory=dict, compare=False)

    def ordered(self) -> list[Turn]:
        """The turns by start time, those that start together in order of appearance."""
        return sorted(self.turns.values(), key=lambda turn: (turn.start, turn.number))

    def rename_speaker(self, number: int, name: str) -> None:
        """Give a speaker a name; an empty one brings the default name back."""
        self.know(number)
        self.speakers[number] = self.speakers[number].called(" ".join(name.split()))

    def reassign(self, number: int, speaker: int) -> None:
        """Say who speaks in a turn; the engine does not overrule it. KeyError: no such turn."""
        turn = self.turns[number]
        self.know(speaker)
        turn.speaker = speaker
        turn.corrected |= Corrected.SPEAKER

    def next_speaker(self) -> int:
        """The number of somebody new."""
        unseen = (turn.speaker for turn in self.removed.values())
        return max(0, *self.speakers, *self.voices, *self.voices.values(), *unseen, 0) + 1

    def know(self, speaker: int) -> None:
        """Make sure that there is such a speaker."""
        self.speakers.setdefault(speaker, Speaker(speaker, default_name(speaker)))

    def speaker_name(self, turn: Turn) -> str:
        """The name to show for the speaker of a turn."""
        return self.speakers[turn.speaker].name

    def to_seglst(self, session_id: str) -> list[Segment]:
        """The turns that have words, raw as they are scored, as segments ordered by start."""
        return [
            segment(
                session_id,
                self.speaker_name(turn),
                [word.text for word in turn.words],
                to_seconds(turn.start),
                to_seconds(turn.until),
            )
            for turn in self.ordered()
            if turn.words
        ]
