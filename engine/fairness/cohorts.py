"""Cohorts found without anybody's label: k-means over voice vectors (arXiv 2207.11345).

Beside them stands what labels can find: the division of the values of a known attribute in two that
makes the largest gap.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import KMeans

from engine.errors import EngineError
from engine.fairness.tally import Gap, Group, Members, Tally, group, measure

Vectors = NDArray[np.float32]
"""Voice vectors, (speakers, size), unit length."""

SEED = 7
MOST_VALUES = 12
"""Of an attribute with more values only those divisions are tried that its rates suggest."""


@dataclass(frozen=True)
class Cohorts:
    """Who belongs together by voice.

    Attributes:
        labels: cohort of each speaker, (speakers,).
        centres: mean vectors, (cohorts, size): a new voice belongs to the nearest.
    """

    labels: NDArray[np.intp]
    centres: Vectors

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.centres)

    def of(self, vectors: Vectors) -> NDArray[np.intp]:
        """The cohorts of other voices, (others,)."""
        distances = np.linalg.norm(vectors[:, None] - self.centres[None], axis=2)
        nearest: NDArray[np.intp] = distances.argmin(axis=1)
        return nearest


def discover(vectors: Vectors, count: int, fewest: int) -> Cohorts:
    """At most ``count`` cohorts, as many as there can be with ``fewest`` speakers in each.

    Raises:
        EngineError: when there are not even two.
    """
    for k in range(min(count, len(vectors) // max(1, fewest)), 1, -1):
        found = KMeans(k, n_init=10, random_state=SEED).fit(vectors.astype(np.float64))
        labels = found.labels_.astype(np.intp)
        if np.bincount(labels, minlength=k).min() >= fewest:
            return Cohorts(labels, found.cluster_centers_.astype(np.float32))
    raise EngineError(
        f"{len(vectors)} speakers with a voice are too few for two cohorts of {fewest}: evaluate "
        "more speakers, or give a lower --fewest-speakers."
    )


def ranked(cohorts: Cohorts, tally: Tally) -> list[tuple[int, Group]]:
    """The cohorts with their labels, worst first and named in that order."""
    worst_first = sorted(range(cohorts.count), key=lambda k: -tally.wer(cohorts.labels == k))
    return [
        (k, group(f"cohort {rank}", tally, cohorts.labels == k))
        for rank, k in enumerate(worst_first, 1)
    ]


def cohort_gap(cohorts: Cohorts, tally: Tally) -> Gap:
    """The worst cohort against all other people."""

    def search(counted: Tally) -> Members:
        rates = [counted.wer(cohorts.labels == k) for k in range(cohorts.count)]
        worst: Members = cohorts.labels == int(np.nanargmax(rates))
        return worst

    return measure("voice (k-means)", tally, search, lambda _: "cohort 1")


def attribute_gap(by: str, values: Sequence[str], tally: Tally, fewest: int) -> Gap:
    """The division of an attribute's values in two that makes the largest gap.

    Args:
        by: the attribute.
        values: of each speaker.
        tally: the speakers.
        fewest: speakers on each side.

    Raises:
        EngineError: when no division leaves enough speakers on both sides.
    """
    names = sorted(set(values))
    of = np.array([names.index(value) for value in values])
    sides = _sides(names, of, tally, fewest)
    if not len(sides):
        raise EngineError(
            f"The column {by!r} does not divide {len(tally)} speakers in two groups of at least "
            f"{fewest}: fill it in for more of them, or give a lower --fewest-speakers."
        )
    bottoms = sides[:, of]  # (divisions, speakers)

    def search(counted: Tally) -> Members:
        errors, words = bottoms @ counted.errors, bottoms @ counted.words
        with np.errstate(divide="ignore", invalid="ignore"):
            others = (counted.errors.sum() - errors) / (counted.words.sum() - words)
            gaps = (errors / words - others) / others
        best: Members = bottoms[int(np.argmax(np.nan_to_num(gaps, nan=-np.inf, posinf=-np.inf)))]
        return best

    def name(found: Members) -> str:
        return ", ".join(sorted({values[int(i)] for i in np.flatnonzero(found)}))

    return measure(by, tally, search, name)


def _sides(names: Sequence[str], of: NDArray[np.intp], tally: Tally, fewest: int) -> Members:
    """Divisions of the values with enough speakers on both sides, (divisions, values)."""
    counts = np.bincount(of, minlength=len(names))
    sides = np.array(list(_choices(names, of, tally)), dtype=bool).reshape(-1, len(names))
    there = sides @ counts
    allowed: Members = sides[(there >= fewest) & (counts.sum() - there >= fewest)]
    return allowed


def _choices(names: Sequence[str], of: NDArray[np.intp], tally: Tally) -> list[list[bool]]:
    places = range(len(names))
    if len(names) > MOST_VALUES:
        worst_first = sorted(places, key=lambda v: -tally.wer(of == v))
        chosen = [set(worst_first[:n]) for n in range(1, len(names))]
    else:
        chosen = [set(c) for n in range(1, len(names)) for c in combinations(places, n)]
    return [[place in some for place in places] for some in chosen]
