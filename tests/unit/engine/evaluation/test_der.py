from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given

from engine.evaluation.der import DiarizationErrors, diarization_errors
from engine.evaluation.segments import HypothesisTurn, ReferenceTurn

from .strategies import hypotheses, hypothesis, reference, references

STEP = 4000  # the turns of the strategies start and end on this grid


def brute_der(asked: list[ReferenceTurn], said: list[HypothesisTurn]) -> int:
    """Errors counted point by point under every mapping of the speakers."""
    best: int | None = None
    for order in permutations(["X", "Y", "Z"]):
        names = dict(zip("123", order, strict=True))
        errors = 0
        for now in range(0, 6 * 16000, STEP):
            true = {t.speaker for t in asked if t.start <= now < t.end}
            guess = {names[t.speaker] for t in said if t.start <= now < t.end}
            errors += STEP * (max(len(true), len(guess)) - len(true & guess))
        best = errors if best is None else min(best, errors)
    return best or 0


@given(references, hypotheses)
def test_der_is_that_of_the_best_mapping(
    asked: list[ReferenceTurn], said: list[HypothesisTurn]
) -> None:
    counted = diarization_errors(asked, said)
    wrong = counted.missed + counted.false_alarm + counted.confusion
    assert wrong == brute_der(asked, said)


@given(references)
def test_a_perfect_hypothesis_has_no_errors(asked: list[ReferenceTurn]) -> None:
    perfect = [hypothesis(t.speaker, t.start / 16000, t.end / 16000, "a", channel=0) for t in asked]
    counted = diarization_errors(asked, perfect)
    assert counted == DiarizationErrors(speech=counted.speech)


def test_overlap_is_scored_without_a_collar() -> None:
    asked = [reference("X", 0, 2, "a"), reference("Y", 1, 3, "b")]
    counted = diarization_errors(asked, [hypothesis("1", 0, 3.5, "a")])
    assert counted == DiarizationErrors(
        missed=16000, false_alarm=8000, confusion=16000, speech=64000
    )
    assert counted.rate == pytest.approx(2.5 / 4)
