"""How well people are known again by their voices: trials of the same and of different speakers.

Each speaker's utterances are heard by an engine session as in a meeting. The first turns enrol the
speaker, the later ones are put together to stretches that are compared with everybody enrolled of
the same corpus: the same rooms and microphones, so that only the voice tells people apart.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.data.corpus import Corpus, Utterance
from engine.events import VoiceHeard
from engine.recognizer import Recognizer
from engine.timeline import SAMPLE_RATE, to_samples

ENROL_S = 10.0
"""Speech that somebody is enrolled with at least."""

MOST_STRETCHES = 8
"""Of a speaker, so that nobody who says much makes the figures."""

PAUSE_S = 0.8
"""Silence between two utterances: more than a turn bridges."""

Vector = NDArray[np.float32]


class Heard(NamedTuple):
    """Voice vector of a turn, and the seconds of speech it rests on."""

    vector: Vector
    seconds: float


@dataclass(frozen=True)
class Trials:
    """Cosines between enrolled voices and stretches of speech."""

    same: NDArray[np.float32]
    different: NDArray[np.float32]

    def missed(self, threshold: float) -> float:
        """Share of the same-speaker trials below a threshold (false reject)."""
        return float((self.same < threshold).mean())

    def mistaken(self, threshold: float) -> float:
        """Share of the different-speaker trials not below it (false accept)."""
        return float((self.different >= threshold).mean())


def voices_of(recognizer: Recognizer, corpus: Corpus, split: str) -> dict[str, list[list[Heard]]]:
    """The turns of each speaker of a split in the order of their speech, by corpus."""
    said: defaultdict[tuple[str, str], list[Utterance]] = defaultdict(list)
    for utterance in corpus.of_split(split):
        said[utterance.corpus, utterance.speaker].append(utterance)
    found: defaultdict[str, list[list[Heard]]] = defaultdict(list)
    for (name, _), utterances in sorted(said.items()):
        found[name].append(_hear(recognizer, [corpus.audio(u) for u in utterances]))
    return dict(found)


def trials(speakers: Iterable[Sequence[list[Heard]]], stretch_s: float) -> Trials:
    """All trials within each corpus, with stretches of at least so many seconds of speech."""
    same: list[float] = []
    different: list[float] = []
    for people in speakers:
        cut = [each for turns in people if (each := _cut(turns, stretch_s)) is not None]
        for i, (enrolled, _) in enumerate(cut):
            for j, (_, stretches) in enumerate(cut):
                (same if i == j else different).extend(float(enrolled @ s) for s in stretches)
    return Trials(np.array(same, np.float32), np.array(different, np.float32))


def _hear(recognizer: Recognizer, pieces: Sequence[NDArray[np.float32]]) -> list[Heard]:
    session = recognizer.session(people=recognizer.people(known=()))
    for piece in pieces:
        session.accept(piece)
        session.accept(np.zeros(to_samples(PAUSE_S), np.float32))
    session.finish()
    voices = [event for event in session.events() if isinstance(event, VoiceHeard)]
    return [Heard(np.array(v.vector, np.float32), v.heard / SAMPLE_RATE) for v in voices]


def _cut(turns: Sequence[Heard], stretch_s: float) -> tuple[Vector, list[Vector]] | None:
    """What enrols a speaker, and the stretches after it; None if there is too little."""
    whole = _stretches(turns, ENROL_S)
    if not whole:
        return None
    vector, used = whole[0]
    return vector, [v for v, _ in _stretches(turns[used:], stretch_s)][:MOST_STRETCHES]


def _stretches(turns: Sequence[Heard], least_s: float) -> list[tuple[Vector, int]]:
    """Unit-length vectors of consecutive turns put together, and after how many turns each ends."""
    made: list[tuple[Vector, int]] = []
    total, seconds = _nothing(turns), 0.0
    for number, turn in enumerate(turns, 1):
        total, seconds = total + turn.vector * turn.seconds, seconds + turn.seconds
        if seconds >= least_s:
            made.append(((total / np.linalg.norm(total)).astype(np.float32), number))
            total, seconds = _nothing(turns), 0.0
    return made


def _nothing(turns: Sequence[Heard]) -> Vector:
    return np.zeros_like(turns[0].vector) if turns else np.zeros(0, np.float32)
