"""Drawing the meetings of a list (:mod:`engine.data.bench_list`) from a corpus."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from engine.data.bench_list import ROOMS, ListedMeeting, ListedPerson, ListedSound, ListedTurn
from engine.data.corpus import Corpus, Utterance
from engine.data.rooms import SEATS, Microphone
from engine.data.simulation import CONDITIONS, SpokenTurn, Timing, arrange
from engine.data.sources import clipped, fade, shifted, stretches
from engine.errors import EngineError
from engine.timeline import to_samples

TRIES = 4
"""Arrangements to choose from: the first turn that does not fit is the end of one."""

LEVEL_DB = 5.0
"""A person's level differs from the meeting's by at most this."""

NOISE_DB = (-30.0, -12.0)
"""Bounds of the level of noise relative to speech."""

NOISES = 80
"""Recordings of noise to choose from: those of ESC-10's fifth fold, which no training hears."""


@dataclass(frozen=True)
class _CutTurn(SpokenTurn):
    """A spoken turn that knows where it was cut out."""

    utterance: str
    first: int
    last: int


def cut(corpus: Corpus, utterance: Utterance, first: int, last: int) -> SpokenTurn:
    """Words ``first`` to ``last`` of an utterance as a turn."""
    start, end = utterance.words[first].start, utterance.words[last].end
    samples = fade(corpus.audio(utterance, start, end))
    words = clipped(shifted(utterance.words[first : last + 1], -start), len(samples))
    return _CutTurn(utterance.speaker, samples, words, None, utterance.id, first, last)


_Stretch = tuple[Utterance, int, int]


class _Decks:
    """Turns of one meeting: nobody says anything twice before having said everything once."""

    def __init__(self, corpus: Corpus, cuts: dict[str, list[_Stretch]]) -> None:
        self._corpus = corpus
        self._cuts = cuts
        self._left: dict[str, list[_Stretch]] = {}
        self.speakers: Sequence[str] = sorted(cuts)

    def anew(self) -> _Decks:
        """For another meeting."""
        return _Decks(self._corpus, self._cuts)

    def turn(self, speaker: str, random: Generator) -> SpokenTurn:
        """One stretch of the speaker's that was not heard yet."""
        if not self._left.get(speaker):
            everything = self._cuts[speaker]
            self._left[speaker] = [everything[i] for i in random.permutation(len(everything))]
        return cut(self._corpus, *self._left[speaker].pop())


def draw(
    corpus: Corpus, split: str, sessions: int, duration_s: float, seed: int
) -> list[ListedMeeting]:
    """Meetings of two to four of all people of a split that have word times.

    Raises:
        EngineError: when there are fewer than four.
    """
    spoken: dict[str, list[_Stretch]] = {}
    for utterance in corpus.of_split(split):
        cuts = [(utterance, first, last) for first, last in stretches(utterance.words)]
        spoken.setdefault(utterance.speaker, []).extend(cuts)
    spoken = {speaker: cuts for speaker, cuts in spoken.items() if cuts}
    if len(spoken) < 4:
        raise EngineError(f"The split {split!r} has too few speakers: use train, dev or test.")
    return [
        _meeting(_Decks(corpus, spoken), f"{split}-{name}-{i:03d}", name, duration_s, [seed, c, i])
        for c, name in enumerate(CONDITIONS)
        for i in range(sessions)
    ]


def _meeting(
    decks: _Decks, session_id: str, condition: str, duration_s: float, seed: list[int]
) -> ListedMeeting:
    random = np.random.default_rng(seed)
    picked = random.choice(len(decks.speakers), int(random.integers(2, 5)), replace=False)
    names = [decks.speakers[i] for i in picked]
    turns = _fullest(decks, names, CONDITIONS[condition], duration_s, random)
    seats = random.permutation(SEATS)
    people = tuple(
        ListedPerson(name, round(float(random.uniform(-LEVEL_DB, LEVEL_DB)), 2), int(seat))
        for name, seat in zip(names, seats, strict=False)
    )
    return ListedMeeting(session_id, condition, duration_s, people, turns, _sound(random))


def _fullest(
    decks: _Decks, names: Sequence[str], timing: Timing, duration_s: float, random: Generator
) -> tuple[ListedTurn, ...]:
    """Of some arrangements the one that ends last."""
    tries = [arrange(decks.anew(), names, timing, duration_s, random) for _ in range(TRIES)]
    best = max(tries, key=lambda placed: max((turn.end for turn in placed), default=0))
    return tuple(
        ListedTurn(t.spoken.utterance, t.spoken.first, t.spoken.last, t.start)
        for t in best
        if isinstance(t.spoken, _CutTurn)
    )


def _sound(random: Generator) -> ListedSound:
    return ListedSound(
        place=list(Microphone)[random.integers(len(Microphone))].value,
        room=int(random.integers(ROOMS)),
        noise=int(random.integers(NOISES)),
        noise_start=int(random.integers(to_samples(1.0))),
        noise_db=round(float(random.uniform(*NOISE_DB)), 1),
    )
