"""Trials of speaker verification: pairs of utterances, of one speaker or of two.

They follow from the manifest, the split and the seed alone, so that every system is tried on the
same ones. Both utterances of a trial are of one corpus: rooms, microphones and codecs tell nobody
apart.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations, cycle, islice
from typing import NamedTuple

import numpy as np

from engine.data.spoken_manifest import Spoken
from engine.errors import EngineError

LEAST_S = 2.0
"""Shorter utterances are in no trial."""

SAME = 10
"""Trials of each speaker with himself at most."""

DIFFERENT = 40
"""Trials of each speaker with others."""

People = Mapping[str, Sequence[Spoken]]
"""Speakers of one corpus with their utterances."""


class Trial(NamedTuple):
    """Two utterances; who is enrolled is on the left."""

    left: Spoken
    right: Spoken

    @property
    def same(self) -> bool:
        """Whether both are of one speaker."""
        return self.left.speaker == self.right.speaker


def make_trials(spoken: Iterable[Spoken], split: str, seed: int = 7) -> list[Trial]:
    """The trials of a split.

    Every speaker with two utterances is enrolled: tried with himself, :data:`SAME` times at most,
    and with the others of the corpus in turn, :data:`DIFFERENT` times.

    Raises:
        EngineError: when there are not two speakers, or nobody has two utterances.
    """
    corpora: defaultdict[str, defaultdict[str, list[Spoken]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for one in spoken:
        if one.split == split and one.duration_s >= LEAST_S:
            corpora[one.corpus][one.speaker].append(one)
    _refuse_too_few(corpora, split)
    return [trial for _, people in sorted(corpora.items()) for trial in _of_corpus(people, seed)]


def _refuse_too_few(corpora: Mapping[str, People], split: str) -> None:
    told = f"utterances of {LEAST_S:g} s or more whose column 'split' says {split!r}"
    if not corpora:
        raise EngineError(f"The manifest has no {told}: use a split that it has.")
    if not any(len(people) > 1 for people in corpora.values()):
        raise EngineError(
            f"No corpus has two speakers with {told}: trials need at least two in the column "
            "'speaker' with the same 'corpus'."
        )
    if not any(len(said) > 1 for people in corpora.values() for said in people.values()):
        raise EngineError(
            f"Nobody in the column 'speaker' has two {told}: give speakers with two or more."
        )


def _of_corpus(people: People, seed: int) -> Iterator[Trial]:
    if len(people) < 2:
        return
    for speaker, said in sorted(people.items()):
        if len(said) > 1:
            rng = _random(seed, said[0].corpus, speaker)
            yield from _with_himself(said, rng)
            yield from _with_others(speaker, people, rng)


def _with_himself(said: Sequence[Spoken], rng: np.random.Generator) -> Iterator[Trial]:
    pairs = list(combinations(_in_order(said), 2))
    for i in rng.permutation(len(pairs))[:SAME]:
        yield Trial(*pairs[i])


def _with_others(speaker: str, people: People, rng: np.random.Generator) -> Iterator[Trial]:
    mine = _in_order(people[speaker])
    others = [name for name in sorted(people) if name != speaker]
    order = [others[i] for i in rng.permutation(len(others))]
    for other in islice(cycle(order), DIFFERENT):
        theirs = _in_order(people[other])
        yield Trial(mine[rng.integers(len(mine))], theirs[rng.integers(len(theirs))])


def _in_order(said: Sequence[Spoken]) -> list[Spoken]:
    return sorted(said, key=lambda one: one.id)


def _random(seed: int, *names: str) -> np.random.Generator:
    """A generator of its own for each speaker: nobody else changes anybody's trials."""
    digest = hashlib.sha256("\n".join([str(seed), *names]).encode()).digest()
    return np.random.default_rng(int.from_bytes(digest[:8], "big"))
