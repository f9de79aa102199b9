"""Does the study find what is there: real speech, altered in some countries of a made-up world.

Speakers are dealt to six countries, whatever they are like. In two of them their speech is altered:
in one the formants move, in the other it is faster and noisy (arXiv 2207.07850 and 2207.11345
cannot be checked on people of whom nobody knows who is understood worse).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, product

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import adjusted_rand_score

from engine.data.corpus import Corpus, Utterance
from engine.data.voice_conversion import Conversion, convert
from engine.errors import EngineError
from engine.fairness.material import Material
from engine.fairness.people import Person
from engine.fairness.places import Place

Audio = NDArray[np.float32]


@dataclass(frozen=True)
class Alteration:
    """What becomes of the speech of a country; ``noise_db`` is white noise below the speech."""

    name: str
    conversion: Conversion
    noise_db: float | None = None


ALTERATIONS = (
    Alteration("formants 25 % higher", Conversion(tract=1.25)),
    Alteration("1.5 times as fast, noise at 5 dB", Conversion(speed=1.5), 5.0),
)

UNALTERED = "as it was"

COUNTRIES = tuple(product((-40.0, 40.0), (-110.0, 0.0, 110.0)))
"""Latitude and longitude of their middles."""

HALF_SIZE = (30.0, 45.0)
"""From the middle of a country to its borders, in degrees north and east."""


@dataclass(frozen=True)
class Planted:
    """Where everybody lives, and the name of what becomes of their speech."""

    places: Mapping[str, Place]
    labels: Mapping[str, str]

    @property
    def altered(self) -> list[str]:
        """The speakers whose speech is altered."""
        return [s for s, label in self.labels.items() if label != UNALTERED]

    def people(self, people: Mapping[str, Person]) -> dict[str, Person]:
        """The same people, in the made-up world and with nothing else known of their homes."""
        return {
            s: dataclasses.replace(people[s], region=None, place=place, coarse=False)
            for s, place in self.places.items()
        }


def plant(speakers: Sequence[str], seed: int) -> Planted:
    """Deal speakers to the countries, equally many to each.

    Raises:
        EngineError: when there are not two for each.
    """
    if len(speakers) < 2 * len(COUNTRIES):
        raise EngineError(
            f"{len(speakers)} speakers are too few for {len(COUNTRIES)} countries: give a manifest "
            "with more in the column 'speaker', or another --split."
        )
    random = np.random.default_rng(seed)
    home = random.permutation(np.arange(len(speakers)) % len(COUNTRIES))
    bad = random.permutation(len(COUNTRIES))[: len(ALTERATIONS)].tolist()
    offsets = random.uniform(-1.0, 1.0, (len(speakers), 2)) * HALF_SIZE
    degrees = np.array(COUNTRIES)[home] + offsets
    names = {country: ALTERATIONS[i].name for i, country in enumerate(bad)}
    return Planted(
        {s: Place(float(at[0]), float(at[1])) for s, at in zip(speakers, degrees, strict=True)},
        {s: names.get(int(h), UNALTERED) for s, h in zip(speakers, home, strict=True)},
    )


def altered(given: Material, planted: Planted) -> Material:
    """What is said in the made-up world; the samples of an utterance depend on nothing else."""
    pieces = [_samples(given.corpus, u, planted.labels[u.speaker]) for u in given.utterances]
    begins = accumulate((len(piece) for piece in pieces), initial=0)
    utterances = [
        dataclasses.replace(u, offset=begin, length=len(piece), words=(), phones=None)
        for u, begin, piece in zip(given.utterances, begins, pieces, strict=False)
    ]
    what = f"{given.what} Places are made up, and in two of six countries speech was altered."
    return Material(Corpus(utterances, np.concatenate(pieces)), utterances, what)


def _samples(corpus: Corpus, utterance: Utterance, label: str) -> NDArray[np.int16]:
    samples = corpus.audio(utterance)
    random = np.random.default_rng(list(utterance.id.encode()))
    for alteration in ALTERATIONS:
        if alteration.name == label:
            samples = alter(samples, alteration, random)
    return np.clip(np.rint(samples * 32768), -32768, 32767).astype(np.int16)


def alter(samples: Audio, alteration: Alteration, random: np.random.Generator) -> Audio:
    """Speech (mono 16 kHz) as it is spoken in a country."""
    made = convert(samples, alteration.conversion, random).samples
    if alteration.noise_db is None:
        return made
    level = float(np.sqrt(np.mean(made**2))) * 10.0 ** (-alteration.noise_db / 20.0)
    noise: Audio = random.standard_normal(len(made)).astype(np.float32)
    noisy: Audio = made + np.float32(level) * noise
    return noisy


@dataclass(frozen=True)
class Recovery:
    """How well groups fit what was planted.

    Attributes:
        agreement: adjusted Rand index, 1 for the same groups and 0 on average by chance; the worst
            groups count one by one, all others as one.
        found: share of the altered who are in the worst groups.
        share: of all speakers in the worst groups: what ``found`` would be by chance.
    """

    agreement: float
    found: float
    share: float


def recovery(worst_first: Sequence[Sequence[str]], planted: Planted) -> Recovery:
    """Of groups of speakers; the worst are as many as hold about as many people as were altered."""
    wanted = set(planted.altered)
    sizes = np.cumsum([len(some) for some in worst_first])
    count = int(np.abs(sizes - len(wanted)).argmin()) + 1
    group_of = {s: min(i, count) for i, some in enumerate(worst_first) for s in some}
    worst = [s for some in worst_first[:count] for s in some]
    return Recovery(
        float(adjusted_rand_score([planted.labels[s] for s in group_of], list(group_of.values()))),
        len(wanted & set(worst)) / len(wanted),
        len(worst) / len(group_of),
    )
