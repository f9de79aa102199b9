"""What the library holds, and how turns are written in its rows."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from app.transcript import Corrected, Turn
from engine.events import Word

TURN_COLUMNS = "channel, start_sample, end_sample, speaker, provisional, corrected, words"
SAVE_ROW = f"""
    INSERT INTO {{table}} (meeting_id, number, {TURN_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (meeting_id, number) DO UPDATE SET ({TURN_COLUMNS}) = (
        excluded.channel, excluded.start_sample, excluded.end_sample, excluded.speaker,
        excluded.provisional, excluded.corrected, excluded.words
    )
"""
SAVE_TURN = SAVE_ROW.format(table="turns")
SAVE_REMOVED = SAVE_ROW.format(table="removed_turns")


class MeetingState(StrEnum):
    """Where a meeting of the library stands."""

    RECORDING = "recording"
    FINISHED = "finished"
    RECOVERED = "recovered"  # cut off by a crash; everything written until then is there


@dataclass(frozen=True, slots=True)
class Meeting:
    """One meeting of the library; ``started_at`` carries its time zone."""

    id: int
    title: str
    recording: Path
    started_at: datetime
    duration_s: float | None
    state: MeetingState


@dataclass(frozen=True, slots=True)
class MeetingSummary(Meeting):
    """A meeting with the number of its turns that have words, and of the people who say them.

    ``size_bytes`` is that of its recording; ``deleted_at`` tells since when it is in the bin.
    """

    turns: int
    speakers: int
    size_bytes: int = 0
    deleted_at: datetime | None = None


def turn_row(meeting_id: int, turn: Turn) -> tuple[object, ...]:
    """The values that :data:`SAVE_TURN` takes."""
    words = [(w.text, w.start, w.end, w.confidence, w.final, w.readable) for w in turn.words]
    return (
        *(meeting_id, turn.number, turn.channel, turn.start, turn.end, turn.speaker),
        *(int(turn.provisional), int(turn.corrected)),
        json.dumps(words, ensure_ascii=False, separators=(",", ":")),
    )


def turn_of_row(row: tuple[Any, ...]) -> Turn:
    """A turn from its row: meeting, number and :data:`TURN_COLUMNS`."""
    _, number, channel, start, end, speaker, provisional, corrected, words = row
    return Turn(
        number,
        channel,
        start,
        end,
        speaker,
        words=tuple(Word(*word) for word in json.loads(words)),
        provisional=bool(provisional),
        corrected=Corrected(corrected),
    )
