"""Who is it: voice vectors of turns matched online to the people of this meeting.

Every person is the sum of the voice vectors of their turns, weighted by how long they were heard. A
turn goes to the nearest person if that is near enough, else to somebody new; while too little of it
has been heard, it goes to the nearest person anyhow, as a guess.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.config import AttributionConfig

Vector = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Attribution:
    """A person's number (1, 2, ...) and how sure that is, 0 to 1."""

    speaker: int
    confidence: float


class SpeakerAttribution:
    """The people of one meeting so far."""

    def __init__(self, config: AttributionConfig) -> None:
        self._config = config
        self._people: list[Vector] = []

    @property
    def count(self) -> int:
        """How many people have been told apart."""
        return len(self._people)

    def guess(self, vector: Vector, enough: bool) -> Attribution:
        """Who speaks in a turn with this unit-length voice vector.

        Args:
            vector: voice vector of the turn so far.
            enough: whether enough was heard to tell that it is somebody new.
        """
        similarities = self.similarities(vector)
        if not len(similarities):
            return Attribution(1, 0.5)
        best = int(similarities.argmax())
        known = similarities[best] >= self._config.same_speaker
        full = len(similarities) >= self._config.most_speakers
        if known or full or not enough:
            return Attribution(best + 1, self._confidence(similarities, best))
        return Attribution(len(similarities) + 1, self._confidence(similarities, best))

    def confirm(self, vector: Vector, weight: float, speaker: int) -> None:
        """A turn is over: its voice, heard for ``weight`` seconds, is this person's."""
        if speaker == len(self._people) + 1:
            self._people.append(vector * weight)
        else:
            self._people[speaker - 1] = self._people[speaker - 1] + vector * weight

    def similarities(self, vector: Vector) -> NDArray[np.float32]:
        """Cosine similarity to each person."""
        people = [p / max(1e-9, float(np.linalg.norm(p))) for p in self._people]
        return np.array([float(p @ vector) for p in people], dtype=np.float32)

    def _confidence(self, similarities: NDArray[np.float32], best: int) -> float:
        """Grows with the distance from the nearest alternative: somebody else, or somebody new."""
        others = np.delete(similarities, best)
        margins = [abs(float(similarities[best]) - self._config.same_speaker)]
        if len(others) and similarities[best] >= self._config.same_speaker:
            margins.append(float(similarities[best] - others.max()))
        return float(1 / (1 + np.exp(-10 * min(margins))))
