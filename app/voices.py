"""Voices of people: which turns of a meeting a voice is taken from, and when there is enough.

Nothing of this happens unless the user has agreed (:func:`allowed`). A voice is a vector of some
hundred numbers that only the model that made it understands; speech cannot be made from it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from app.errors import AppError
from app.settings import Settings
from app.transcript import Turn
from app.turn_voice import TurnVoice, Vector
from app.words import translate
from engine.timeline import SAMPLE_RATE, to_samples, to_seconds

LEAST_S = 10
"""Seconds of speech that a voice is saved from at least."""

LEAST_OVERLAP = SAMPLE_RATE // 10
"""Shorter than this is the inaccuracy of a mark, not two people at once."""


class VoiceError(AppError):
    """A voice cannot be saved; says what to do."""


@dataclass(frozen=True, slots=True, eq=False)
class Voice:
    """A voice put together from turns, as ``model`` hears it."""

    model: str
    heard: int
    vector: Vector


@dataclass(frozen=True, slots=True)
class Sample:
    """What a saved voice rests on: some speech of one meeting, as one model heard it."""

    meeting: str | None  # its title; None: the meeting is gone
    model: str
    heard_s: float


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody whose voice is saved. Moments carry their time zone."""

    id: int
    name: str
    created_at: datetime
    agreed_at: datetime
    samples: tuple[Sample, ...]

    @property
    def heard_s(self) -> float:
        """Seconds of speech in all."""
        return sum(sample.heard_s for sample in self.samples)


def allowed(settings: Settings) -> bool:
    """Whether voices may be kept and compared: switched on, and agreed to what that means."""
    return settings.recognise_voices and settings.voices_agreed_at is not None


def voice_of(speaker: int, turns: Sequence[Turn], voices: Iterable[TurnVoice]) -> Voice:
    """The voice of a speaker, from the settled turns that are theirs.

    Turns during which somebody else spoke are left out if enough remains without them.

    Args:
        speaker: number of the speaker.
        turns: all turns of the meeting, with the user's corrections.
        voices: what was heard, in any order.

    Raises:
        VoiceError: no voices were kept, or too little of this one.
    """
    near = Neighbours(turns)
    pairs = [(near.nearest(voice), voice) for voice in voices]
    found = [(turn, voice) for turn, voice in pairs if turn is not None and turn.speaker == speaker]
    if not found:
        raise VoiceError(_not_kept())
    taken = _of_one_model(voice for _, voice in found)
    shared = {voice.turn for turn, voice in found if near.meets_another(turn)}
    clean = [voice for voice in taken if voice.turn not in shared]
    taken = clean if _heard(clean) >= to_samples(LEAST_S) else taken
    if _heard(taken) < to_samples(LEAST_S):
        raise VoiceError(_too_little(to_seconds(_heard(taken))))
    return Voice(taken[0].model, _heard(taken), mean((v.vector, v.heard) for v in taken))


def mean(vectors: Iterable[tuple[Vector, int]]) -> Vector:
    """The unit-length mean of vectors, weighted; (size,) float32."""
    total = np.sum([vector.astype(np.float64) * weight for vector, weight in vectors], axis=0)
    unit: Vector = (total / max(1e-9, float(np.linalg.norm(total)))).astype(np.float32)
    return unit


def model_name(model: str) -> str:
    """How people call the model that made a vector."""
    return model.rpartition(":")[0] or model


class Neighbours:
    """Finds the turns around some moment."""

    def __init__(self, turns: Iterable[Turn]) -> None:
        self._turns = sorted((turn for turn in turns if turn.words), key=lambda turn: turn.start)
        self._longest = max((turn.until - turn.start for turn in self._turns), default=0)

    def nearest(self, voice: TurnVoice) -> Turn | None:
        """The settled turn in which a voice was heard; numbers and marks may be others now."""
        half = (voice.end - voice.start) // 2
        near = [turn for turn in self._around(voice.start, voice.end) if turn.settled]
        fitting = [turn for turn in near if _common(turn, voice.start, voice.end) >= half]
        return min(fitting, key=lambda turn: _strangeness(turn, voice), default=None)

    def meets_another(self, turn: Turn) -> bool:
        """Whether somebody else speaks during the turn."""
        return any(
            _common(other, turn.start, turn.until) >= LEAST_OVERLAP
            for other in self._around(turn.start, turn.until)
            if other.speaker != turn.speaker
        )

    def _around(self, start: int, end: int) -> Sequence[Turn]:
        first = bisect_left(self._turns, start - self._longest, key=lambda turn: turn.start)
        last = bisect_left(self._turns, end, key=lambda turn: turn.start)
        return self._turns[first:last]


def _strangeness(turn: Turn, voice: TurnVoice) -> tuple[int, bool]:
    apart = abs(turn.start - voice.start) + abs(turn.until - voice.end)
    return apart, turn.number != voice.turn


def _common(turn: Turn, start: int, end: int) -> int:
    return min(turn.until, end) - max(turn.start, start)


def _of_one_model(voices: Iterable[TurnVoice]) -> list[TurnVoice]:
    """Those of the model that heard most: only they can be compared."""
    by_model: dict[str, list[TurnVoice]] = {}
    for voice in voices:
        by_model.setdefault(voice.model, []).append(voice)
    return max(by_model.values(), key=_heard)


def _heard(voices: Iterable[TurnVoice]) -> int:
    return sum(voice.heard for voice in voices)


def _not_kept() -> str:
    return translate(
        "app",
        "The voices of this meeting were not kept, because voice recognition was off when it was "
        "heard. Transcribe the meeting again, or save the voice from a later meeting.",
    )


def _too_little(heard_s: float) -> str:
    said = translate(
        "app",
        "Only {seconds} s of this voice were heard here, and {least} s are needed. Save it from a "
        "meeting in which this person says more.",
    )
    return said.format(seconds=int(heard_s), least=LEAST_S)
