"""The tiers of annotation programs: for each speaker one of turns and one of words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from app.exports.document import ExportDocument, ExportTurn
from app.exports.tidy import unused


class Interval(NamedTuple):
    """A stretch with its text; times in seconds, in whole milliseconds."""

    start_s: float
    end_s: float
    text: str


@dataclass(slots=True)
class Tier:
    """Intervals in order that do not overlap; no other tier has its ``name``."""

    name: str
    speaker: str
    of_words: bool
    intervals: list[Interval] = field(default_factory=list)


def tiers_of(document: ExportDocument) -> list[Tier]:
    """The tiers of a tidy document: turns as people read them, words as they were recognised.

    Where somebody's turns overlap, the later one is on a further pair of tiers.
    """
    tiers: list[Tier] = []
    for speaker in document.speakers:
        for lane in _lanes([turn for turn in document.turns if turn.speaker == speaker]):
            taken = [tier.name for tier in tiers]
            turns = Tier(unused(speaker, taken), speaker, of_words=False)
            words = Tier(unused(f"{speaker} words", [*taken, turns.name]), speaker, of_words=True)
            for turn in lane:
                turns.intervals.append(Interval(turn.start_s, turn.end_s, turn.text))
                words.intervals += [Interval(w.start_s, w.end_s, w.text) for w in turn.words]
            tiers += [turns, words]
    return tiers


def reach_s(document: ExportDocument) -> float:
    """Where the last of the document ends, its words included; never 0."""
    return max([0.001, document.until_s, *(_hull(turn)[1] for turn in document.turns)])


def _lanes(turns: list[ExportTurn]) -> list[list[ExportTurn]]:
    """Turns in as few rows as they need not to overlap."""
    lanes: list[list[ExportTurn]] = []
    for turn in sorted(turns, key=_hull):
        start_s, _ = _hull(turn)
        free = next((lane for lane in lanes if _hull(lane[-1])[1] <= start_s), None)
        if free is None:
            lanes.append([turn])
        else:
            free.append(turn)
    return lanes


def _hull(turn: ExportTurn) -> tuple[float, float]:
    """From where to where a turn and its words go: some may stick out."""
    first, last = turn.words[0], turn.words[-1]
    return min(turn.start_s, first.start_s), max(turn.end_s, last.end_s)
