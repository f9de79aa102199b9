"""A study of who is understood worse: cohorts, known attributes and regions of the same people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.errors import EngineError
from engine.evaluation.utterances import SpeakerErrors
from engine.fairness import cohorts as voices
from engine.fairness import regions as places
from engine.fairness.cohorts import Cohorts
from engine.fairness.people import NOT_STATED, Person
from engine.fairness.regions import Box, Degrees, Limits, Spread, as_degrees
from engine.fairness.tally import Gap, Group, Tally, group
from engine.fairness.voices import Vector

ATTRIBUTES = ("sex", "age_group", "first_language", "region", "corpus")
"""What people are told apart by; the corpus stands for how they were recorded."""


@dataclass(frozen=True)
class Settings:
    """How many cohorts and regions there may be, and how small."""

    cohorts: int = 8
    regions: int = 12
    fewest_speakers: int = 5
    fewest_words: int = 100

    @property
    def limits(self) -> Limits:
        """Of regions."""
        return Limits(self.fewest_speakers, self.fewest_words, self.regions)


@dataclass(frozen=True)
class CohortStudy:
    """Cohorts by voice, worst first.

    Attributes:
        speakers: in the order of ``cohorts.labels`` and of ``points``.
        points: voices in the two directions in which they differ most, (speakers, 2).
        groups: number of each cohort, and who is in it.
        about: who they mostly are.
    """

    speakers: tuple[str, ...]
    cohorts: Cohorts
    points: NDArray[np.float64]
    groups: tuple[tuple[int, Group], ...]
    about: tuple[str, ...]
    gap: Gap


@dataclass(frozen=True)
class RegionStudy:
    """Regions, worst first; ``coarse`` of the speakers are only known by a stated region."""

    speakers: tuple[str, ...]
    degrees: Degrees
    boxes: tuple[Box, ...]
    groups: tuple[Group, ...]
    about: tuple[str, ...]
    spread: Spread
    gap: Gap
    coarse: int


@dataclass(frozen=True)
class Study:
    """Everything that was found.

    Attributes:
        facts: what was heard, how, and with what, as JSON can hold it.
        people: what is known of each speaker.
        tally: what was counted of each.
        overall: everybody.
        values: by attribute, the groups of its values, worst first.
        gaps: of known attributes, the largest first.
        missing: what could not be found out, and why.
    """

    facts: Mapping[str, Any]
    people: Mapping[str, Person]
    tally: Tally
    overall: Group
    values: Mapping[str, tuple[Group, ...]]
    gaps: tuple[Gap, ...]
    cohorts: CohortStudy | None
    regions: RegionStudy | None
    missing: tuple[str, ...]


def study(
    errors: Sequence[SpeakerErrors],
    people: Mapping[str, Person],
    vectors: Mapping[str, Vector],
    settings: Settings,
    facts: Mapping[str, Any],
) -> Study:
    """Find out who is understood worse.

    Raises:
        EngineError: when there are not two speakers with words.
    """
    tally = Tally.of(e for e in errors if e.errors.length)
    if len(tally) < 2:
        raise EngineError(
            f"{len(tally)} speaker with text is too few to compare anybody: give a manifest with "
            "several in the column 'speaker', or another --split."
        )
    missing: list[str] = []

    def tried(make: Callable[[], Any]) -> Any:
        try:
            return make()
        except EngineError as error:
            missing.append(str(error))
            return None

    gaps = [tried(partial(_attribute, by, tally, people, settings)) for by in ATTRIBUTES]
    return Study(
        facts,
        people,
        tally,
        group("everybody", tally, np.ones(len(tally), dtype=bool)),
        {by: _values(by, tally, people) for by in ATTRIBUTES},
        tuple(sorted((g for g in gaps if g), key=lambda g: -g.gap.value)),
        tried(lambda: _cohorts(tally, people, vectors, settings)),
        tried(lambda: _regions(tally, people, settings)),
        tuple(missing),
    )


def _attribute(by: str, tally: Tally, people: Mapping[str, Person], settings: Settings) -> Gap:
    """People of whom it is not known are left out, unless there is but one known value."""
    values = np.array([people[s].attribute(by) for s in tally.speakers])
    known = values != NOT_STATED
    if len(set(values[known])) < 2:
        known[:] = True
    some = tally.only(known)
    return voices.attribute_gap(by, list(values[known]), some, settings.fewest_speakers)


def _values(by: str, tally: Tally, people: Mapping[str, Person]) -> tuple[Group, ...]:
    values = np.array([people[s].attribute(by) for s in tally.speakers])
    groups = [group(str(value), tally, values == value) for value in sorted(set(values))]
    return tuple(sorted(groups, key=lambda g: -g.wer.value))


def _cohorts(
    tally: Tally, people: Mapping[str, Person], vectors: Mapping[str, Vector], settings: Settings
) -> CohortStudy:
    some = tally.only(np.array([s in vectors for s in tally.speakers], dtype=bool))
    table = np.stack([vectors[s] for s in some.speakers]) if len(some) else np.zeros((0, 1))
    found = voices.discover(table.astype(np.float32), settings.cohorts, settings.fewest_speakers)
    groups = voices.ranked(found, some)
    return CohortStudy(
        some.speakers,
        found,
        _flat(table),
        tuple(groups),
        tuple(_mostly([people[s] for s in g.speakers]) for _, g in groups),
        voices.cohort_gap(found, some),
    )


def _flat(vectors: NDArray[Any]) -> NDArray[np.float64]:
    """The first two principal components."""
    centred = (vectors - vectors.mean(axis=0)).astype(np.float64)
    _, _, directions = np.linalg.svd(centred, full_matrices=False)
    points: NDArray[np.float64] = centred @ directions[:2].T
    return points


def _mostly(people: Sequence[Person]) -> str:
    """The most frequent value of each attribute that is known of at least half, with its share."""
    said = []
    for by in ATTRIBUTES:
        value, count = Counter(p.attribute(by) for p in people).most_common(1)[0]
        if value != NOT_STATED and count >= len(people) / 2:
            said.append(f"{100 * count / len(people):.0f} % {value}")
    return ", ".join(said) or "mixed"


def _regions(tally: Tally, people: Mapping[str, Person], settings: Settings) -> RegionStudy:
    known = np.array([people[s].place is not None for s in tally.speakers], dtype=bool)
    some = tally.only(known)
    degrees = as_degrees([p for s in some.speakers if (p := people[s].place) is not None])
    boxes = places.grow(degrees, some, settings.limits)
    members = [box.holds(degrees) for box in boxes]
    groups = [group(f"region {i}", some, m) for i, m in enumerate(members, 1)]
    return RegionStudy(
        some.speakers,
        degrees,
        tuple(boxes),
        tuple(groups),
        tuple(_homes([people[s] for s in g.speakers]) for g in groups),
        places.spread(members, some),
        places.region_gap(degrees, some, settings.limits),
        sum(people[s].coarse for s in some.speakers),
    )


def _homes(people: Sequence[Person]) -> str:
    """Stated regions of people, the most frequent first."""
    named = Counter(p.region for p in people if p.region)
    return ", ".join(name for name, _ in named.most_common(4)) or "no stated region"
