"""Trials follow from manifest, split and seed; what cannot be tried is said."""

from __future__ import annotations

import random

import pytest

from engine.data.spoken_manifest import Spoken
from engine.errors import EngineError
from engine.evaluation.trials import DIFFERENT, LEAST_S, SAME, make_trials
from tests.unit.engine.voices.people import said

PEOPLE = [
    *said("a", 6),
    *said("b", 2),
    *said("c", 1),
    *said("x", 3, corpus="d"),
    *said("y", 1, corpus="d"),
    *said("t", 9, split="train"),
]


def pairs(spoken: list[Spoken], seed: int = 7) -> list[tuple[str, str]]:
    return [(trial.left.id, trial.right.id) for trial in make_trials(spoken, "dev", seed)]


def test_they_are_the_same_for_the_same_seed_in_whatever_order_the_manifest_is() -> None:
    shuffled = list(PEOPLE)
    random.Random(1).shuffle(shuffled)
    assert pairs(shuffled) == pairs(PEOPLE)
    assert pairs(PEOPLE, seed=8) != pairs(PEOPLE)


def test_nobody_elses_trials_change_when_somebody_leaves_another_corpus() -> None:
    rest = [one for one in PEOPLE if one.corpus == "c"]
    assert pairs(rest) == [p for p in pairs(PEOPLE) if p[0][0] in "abc"]


def test_who_is_tried_with_whom() -> None:
    trials = make_trials(PEOPLE, "dev")
    assert all(trial.left.corpus == trial.right.corpus for trial in trials)
    assert all(trial.left.id != trial.right.id for trial in trials)
    assert {trial.left.speaker for trial in trials} == {
        "a",
        "b",
        "x",
    }  # one utterance: not enrolled
    same = [(t.left.id, t.right.id) for t in trials if t.same]
    assert len(same) == len(set(same)) == SAME + 1 + 3  # 15 pairs of a, of which some are taken
    for name, others in (("a", 2), ("b", 2), ("x", 1)):
        against = [t.right.speaker for t in trials if t.left.speaker == name and not t.same]
        assert len(against) == DIFFERENT
        counts = {other: against.count(other) for other in against}
        assert len(counts) == others
        assert max(counts.values()) - min(counts.values()) <= 1


def test_short_utterances_are_left_out() -> None:
    short = said("s", 4, duration_s=LEAST_S / 2)
    assert pairs([*PEOPLE, *short]) == pairs(PEOPLE)


@pytest.mark.parametrize(
    ("spoken", "message"),
    [
        (said("a", 2, split="train"), "no utterances .* 'split' says 'dev': use a split"),
        (said("a", 2), "two speakers .* 'speaker' with the same 'corpus'"),
        ([*said("a", 2), *said("b", 2, corpus="d")], "No corpus has two speakers"),
        ([*said("a", 1), *said("b", 1)], "Nobody in the column 'speaker' has two"),
    ],
)
def test_too_little_is_refused(spoken: list[Spoken], message: str) -> None:
    with pytest.raises(EngineError, match=message):
        make_trials(spoken, "dev")
