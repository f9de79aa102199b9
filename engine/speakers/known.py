"""Voices known from earlier meetings, and which person of this meeting each of them is.

A person of the meeting is compared by all that was heard of them so far. From one similarity on it
surely is the known voice, from a lower one on it may be; which error rates that means is in
docs/people.md. No voice is given to two people: the nearer one has it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.config import AttributionConfig

Vector = NDArray[np.float32]

LEAST_WEIGHT_S = 2.0
"""Somebody of whom less speech was heard is nobody known yet."""

SLOPE = 10.0
"""How fast confidence grows with similarity."""


@dataclass(frozen=True, slots=True, eq=False)
class KnownVoice:
    """Somebody enrolled earlier.

    ``vector`` is (size,), unit length, float32, and means something to the model that made it
    only; ``weight_s`` is how many seconds of speech it rests on.
    """

    id: int
    name: str
    model: str  # :attr:`engine.recognizer.Recognizer.voice_space`
    vector: Vector
    weight_s: float


@dataclass(frozen=True, slots=True)
class Recognition:
    """A person of the meeting is this known voice; None takes back what was said before."""

    speaker: int
    voice: KnownVoice | None
    confidence: float = 0.0
    sure: bool = False


class KnownVoices:
    """The known voices, and who they are in one meeting."""

    def __init__(self, config: AttributionConfig, known: Sequence[KnownVoice]) -> None:
        self._sure = config.known_sure
        self._maybe = config.known_maybe
        self._voices = list(known)
        self._similarity: dict[int, float] = {}  # of the speakers who are somebody known
        self._found: dict[int, Recognition] = {}

    def similarity(self, speaker: int, vector: Vector) -> float:
        """Cosine to the known voice that this speaker surely is; -1 if there is none."""
        found = self._found.get(speaker)
        if found is None or found.voice is None or not found.sure:
            return -1.0
        return float(found.voice.vector @ vector)

    def beckons(self, vector: Vector, rival: float) -> bool:
        """Whether a known voice that nobody has yet is surely nearer than ``rival``, a cosine."""
        taken = {id(found.voice) for found in self._found.values()}
        free = [v for v in self._voices if id(v) not in taken]
        best = max((float(v.vector @ vector) for v in free), default=-1.0)
        return best >= self._sure and best > rival

    def look(self, speaker: int, vector: Vector, weight_s: float) -> list[Recognition]:
        """Who this speaker is, by their unit-length vector so far: what that changes."""
        if not self._voices or weight_s < LEAST_WEIGHT_S:
            return []
        similarities = [float(v.vector @ vector) for v in self._voices]
        best = int(np.argmax(similarities))
        if similarities[best] < self._maybe:
            return self._set(Recognition(speaker, None), -1.0)
        voice, similarity = self._voices[best], similarities[best]
        holders = [s for s, f in self._found.items() if f.voice is voice and s != speaker]
        if any(self._similarity[other] >= similarity for other in holders):
            return self._set(Recognition(speaker, None), -1.0)
        freed = [r for other in holders for r in self._set(Recognition(other, None), -1.0)]
        confidence = float(1 / (1 + np.exp(-SLOPE * (similarity - self._maybe))))
        sure = similarity >= self._sure
        return freed + self._set(Recognition(speaker, voice, confidence, sure), similarity)

    def _set(self, new: Recognition, similarity: float) -> list[Recognition]:
        """Keep it; it is news if voice or sureness are others."""
        old = self._found.get(new.speaker, Recognition(new.speaker, None))
        self._similarity[new.speaker], self._found[new.speaker] = similarity, new
        same = (old.voice is new.voice) and (old.sure == new.sure)
        return [] if same else [new]
