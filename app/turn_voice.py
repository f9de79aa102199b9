"""The voice of a turn, as it is kept where the user agreed to that."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.events import VoiceHeard

Vector = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class TurnVoice:
    """The voice of one turn: unit-length ``vector``, from ``heard`` samples of speech.

    ``turn`` is its number when it was heard; later its times tell which turn it belongs to.
    """

    turn: int
    start: int
    end: int
    heard: int
    model: str
    vector: Vector


def turn_voice(event: VoiceHeard, turn: int) -> TurnVoice:
    """What an engine told of a turn that has the number ``turn`` in its meeting."""
    vector = np.array(event.vector, dtype=np.float32)
    return TurnVoice(turn, event.start, event.end, event.heard, event.model, vector)
