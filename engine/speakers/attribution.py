"""Who is it: voice vectors of turns matched online to the people of this meeting.

Every person is the sum of the voice vectors of their turns, weighted by how long they were heard. A
turn goes to the nearest person if that is near enough, else to somebody new; while too little of it
has been heard, it goes to the nearest person anyhow, as a guess.

Voices known from earlier meetings help: a turn that surely is a known voice whom nobody here has
yet is somebody new, and people who were recognised are also known by that voice.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.config import AttributionConfig
from engine.speakers.known import KnownVoice, KnownVoices, Recognition

Vector = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Attribution:
    """A person's number (1, 2, ...) and how sure that is, 0 to 1."""

    speaker: int
    confidence: float


class SpeakerAttribution:
    """The people of one meeting so far; may be shared by its sources, from several threads.

    Attributes:
        model: which model's vectors these are.
        tells: whether the voices of this meeting may leave the engine.
    """

    def __init__(
        self,
        config: AttributionConfig,
        known: Sequence[KnownVoice] | None = None,
        model: str = "",
    ) -> None:
        """Args: as :meth:`engine.recognizer.Recognizer.people`; voices of others are left out."""
        self.model = model
        self.tells = known is not None
        self._config = config
        self._people: list[Vector] = []
        self._weights_s: list[float] = []
        self._known = KnownVoices(config, [v for v in known or () if v.model == model])
        self._lock = threading.RLock()

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
        with self._lock:
            similarities = self.similarities(vector)
            if not len(similarities):
                return Attribution(1, 0.5)
            best = int(similarities.argmax())
            nearest = float(similarities[best])
            full = len(similarities) >= self._config.most_speakers
            new = nearest < self._config.same_speaker or self._known.beckons(vector, nearest)
            speaker = len(similarities) + 1 if new and enough and not full else best + 1
            return Attribution(speaker, self._confidence(similarities, best))

    def confirm(self, vector: Vector, weight: float, speaker: int) -> list[Recognition]:
        """A turn is over: its voice, heard for ``weight`` seconds, is this person's.

        Returns what that changes about who the people are.
        """
        with self._lock:
            if speaker == len(self._people) + 1:
                self._people.append(vector * weight)
                self._weights_s.append(weight)
            else:
                self._people[speaker - 1] = self._people[speaker - 1] + vector * weight
                self._weights_s[speaker - 1] += weight
            heard = self._weights_s[speaker - 1]
            return self._known.look(speaker, _unit(self._people[speaker - 1]), heard)

    def settle(
        self, vector: Vector, weight: float, enough: bool
    ) -> tuple[Attribution, list[Recognition]]:
        """:meth:`guess` and :meth:`confirm` in one: nobody else becomes that person in between."""
        with self._lock:
            guess = self.guess(vector, enough)
            return guess, self.confirm(vector, weight, guess.speaker)

    def similarities(self, vector: Vector) -> NDArray[np.float32]:
        """Cosine similarity to each person."""
        own = [float(_unit(person) @ vector) for person in self._people]
        known = [self._known.similarity(i + 1, vector) for i in range(len(own))]
        return np.array([max(pair) for pair in zip(own, known, strict=True)], dtype=np.float32)

    def _confidence(self, similarities: NDArray[np.float32], best: int) -> float:
        """Grows with the distance from the nearest alternative: somebody else, or somebody new."""
        others = np.delete(similarities, best)
        margins = [abs(float(similarities[best]) - self._config.same_speaker)]
        if len(others) and similarities[best] >= self._config.same_speaker:
            margins.append(float(similarities[best] - others.max()))
        return float(1 / (1 + np.exp(-10 * min(margins))))


def _unit(person: Vector) -> Vector:
    return person / max(1e-9, float(np.linalg.norm(person)))
