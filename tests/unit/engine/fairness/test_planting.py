"""What is planted in speech is there, is the same again, and is told from what was found."""

from __future__ import annotations

from dataclasses import astuple

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from engine.errors import EngineError
from engine.fairness.material import Material
from engine.fairness.people import Person
from engine.fairness.planting import ALTERATIONS, UNALTERED, altered, plant, recovery
from engine.fairness.regions import as_degrees
from tests.unit.engine import corpora

SPEAKERS = [f"s{i:02}" for i in range(24)]


def said(*words: str) -> list[corpora.Spoken]:
    return [(word, 60 * i, 60 * i + 50) for i, word in enumerate(words)]


def test_speakers_are_dealt_evenly_and_countries_do_not_touch() -> None:
    planted = plant(SPEAKERS, 3)
    labels = list(planted.labels.values())
    assert labels.count(UNALTERED) == 16
    assert all(labels.count(alteration.name) == 4 for alteration in ALTERATIONS)
    degrees = as_degrees(list(planted.places.values()))
    one = degrees[[label == ALTERATIONS[0].name for label in labels]]
    low, high = one.min(axis=0), one.max(axis=0)
    inside = ((degrees >= low) & (degrees <= high)).all(axis=1)
    assert inside.sum() == 4  # nobody else lives among them
    assert plant(SPEAKERS, 3) == planted
    assert plant(SPEAKERS, 4).labels != planted.labels
    with pytest.raises(EngineError, match=r"11 speakers are too few for 6 countries.*--split"):
        plant(SPEAKERS[:11], 3)


def test_people_are_what_they_were_but_live_elsewhere() -> None:
    people = {s: Person(s, "c", "F", 30.0, "Zulu", "Ireland", None, True) for s in SPEAKERS}
    planted = plant(SPEAKERS, 3)
    moved = planted.people(people)["s00"]
    assert moved == Person("s00", "c", "F", 30.0, "Zulu", None, planted.places["s00"], False)


def test_only_the_speech_of_two_countries_is_altered() -> None:
    corpus = corpora.corpus({s: [said("alpha", "bravo")] for s in SPEAKERS}, "dev")
    planted = plant(SPEAKERS, 3)
    given = Material(corpus, corpus.utterances, "Tones.")
    made = altered(given, planted)
    assert made.what.startswith("Tones. Places are made up")
    for before, after in zip(corpus.utterances, made.utterances, strict=True):
        assert (after.id, after.speaker, after.text) == (before.id, before.speaker, before.text)
        old, new = corpus.audio(before), made.corpus.audio(after)
        label = planted.labels[before.speaker]
        if label == UNALTERED:
            np.testing.assert_array_equal(old, new)
        elif label == ALTERATIONS[1].name:
            assert len(new) == pytest.approx(len(old) / 1.5, rel=0.02)
            quiet = new[-3000:]  # silence before
            assert 0.3 < np.std(quiet) / np.std(new) < 1.0  # 5 dB below all of it, speech included
        else:
            assert len(new) == pytest.approx(len(old), rel=0.02)
            assert np.abs(new[: len(old)] - old[: len(new)]).max() > 0.05
    again = altered(given, planted)
    assert all(
        np.array_equal(made.corpus.audio(a), again.corpus.audio(b))
        for a, b in zip(made.utterances, again.utterances, strict=True)
    )


def test_recovery_is_one_for_what_was_planted_and_chance_for_anything() -> None:
    planted = plant(SPEAKERS, 3)
    groups = {label: [s for s in SPEAKERS if planted.labels[s] == label] for label in
              (*(a.name for a in ALTERATIONS), UNALTERED)}  # fmt: skip
    first, second, others = groups.values()
    best = recovery([second, first, others[:5], others[5:]], planted)
    assert astuple(best) == pytest.approx((1.0, 1.0, 8 / 24))
    worst = recovery([others[:8], others[8:], first, second], planted)
    assert worst.found == 0.0
    assert worst.agreement < 0.2
    mixed = recovery([[*first, *others[:4]], [*second, *others[4:]]], planted)
    assert astuple(mixed)[1:] == pytest.approx((0.5, 8 / 24))
    by_hand = adjusted_rand_score([planted.labels[s] for s in SPEAKERS],
                                  [s in {*first, *others[:4]} for s in SPEAKERS])  # fmt: skip
    assert mixed.agreement == pytest.approx(by_hand)
