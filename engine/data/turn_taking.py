"""How people take turns in meetings, measured: what simulated meetings are compared with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from engine.data.conversation import Event, Meeting, events
from engine.errors import EngineError

BACKCHANNEL_S = 1.0
"""A talk inside another one that is at most this long is counted as a backchannel."""

Seconds = NDArray[np.float64]


@dataclass(frozen=True)
class TurnTaking:
    """How people take turns: samples of each quantity, and shares.

    Attributes:
        turn_s, turn_words: length of every turn.
        transfer_s: offset at each change of floor; a gap if positive, an overlap if negative.
        pause_s: silence before somebody goes on without another one having had the floor.
        backchannel_s: lengths of the backchannels.
        backchannels: share of the turns that are backchannels.
        returns: how often, at a change of floor, the last but one holder takes it.
        overlapped, crowded: share of the time with speech in which at least two or three speak.
        turns_per_minute: turns in a minute between the first and the last word.
    """

    turn_s: Seconds
    turn_words: Seconds
    transfer_s: Seconds
    pause_s: Seconds
    backchannel_s: Seconds
    backchannels: float
    returns: float
    overlapped: float
    crowded: float
    turns_per_minute: float

    @property
    def gap_s(self) -> Seconds:
        """Silences between two people."""
        return self.transfer_s[self.transfer_s > 0]

    @property
    def overlap_s(self) -> Seconds:
        """How much one person's turn runs into the next one's."""
        return -self.transfer_s[self.transfer_s < 0]


def measure(meetings: Sequence[Meeting]) -> TurnTaking:
    """Turn taking pooled over meetings."""
    said = [t for m in meetings for t in m]
    if not said:
        raise EngineError("Nobody says anything: give meetings with words.")
    happened = [list(events(m)) for m in meetings]
    later = [e for h in happened for e in h[1:]]
    short = [e.length_s for e in later if e.inside and e.length_s <= BACKCHANNEL_S]
    changes = [e for e in later if not e.inside and e.rank > 0]
    busy = sum((occupancy(m) for m in meetings), np.zeros(4))
    span_s = sum(max(t.end_s for t in m) - m[0].start_s for m in meetings if m)
    return TurnTaking(
        turn_s=np.array([t.length_s for t in said]),
        turn_words=np.array([t.words for t in said], dtype=np.float64),
        transfer_s=np.array([e.place for e in changes]),
        pause_s=np.array([e.place for e in later if not e.inside and e.rank == 0]),
        backchannel_s=np.array(short),
        backchannels=len(short) / len(said),
        returns=_returns(happened),
        overlapped=float(busy[2:].sum() / busy[1:].sum()),
        crowded=float(busy[3:].sum() / busy[1:].sum()),
        turns_per_minute=60.0 * len(said) / span_s,
    )


def _returns(happened: Sequence[Sequence[Event]]) -> float:
    """Rank 1 is the last but one holder; the first change of a meeting has nobody to return to."""
    changes = [[e.rank for e in h[1:] if not e.inside and e.rank > 0][1:] for h in happened]
    ranks = [rank for meeting in changes for rank in meeting]
    return ranks.count(1) / len(ranks) if ranks else 0.0


def occupancy(meeting: Meeting) -> Seconds:
    """Seconds in which nobody, one, two, and three or more people speak; shape (4,)."""
    moves = sorted([(t.start_s, 1) for t in meeting] + [(t.end_s, -1) for t in meeting])
    seconds = np.zeros(4)
    speaking = 0
    for (moment, change), (following, _) in pairwise(moves):
        speaking += change
        seconds[min(speaking, 3)] += following - moment
    return seconds
