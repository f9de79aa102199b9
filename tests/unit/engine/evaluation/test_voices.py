"""Trials of voices: who is compared with whom, and the shares of errors."""

from __future__ import annotations

import numpy as np
import pytest

from engine.evaluation.voices import MOST_STRETCHES, Heard, Trials, trials


def turns(*angles: float, seconds: float = 5.0) -> list[Heard]:
    """Turns whose voices lie at these angles of a circle, in degrees."""
    radians = np.deg2rad(np.array(angles))
    vectors = np.stack([np.cos(radians), np.sin(radians)], axis=1).astype(np.float32)
    return [Heard(vector, seconds) for vector in vectors]


def cosine(*degrees: float) -> list[float]:
    return sorted(np.cos(np.deg2rad(degrees)).tolist())


def test_the_first_turns_enrol_and_later_ones_are_tried() -> None:
    """Two turns of 5 s enrol at the angle between them; each later one is a stretch."""
    one, other = turns(0, 20, 30, 40), turns(90, 90, 100)
    made = trials([[one, other]], 5.0)
    assert sorted(made.same) == pytest.approx(cosine(20, 30, 10), abs=1e-6)
    assert sorted(made.different) == pytest.approx(cosine(90, 60, 50), abs=1e-6)


def test_short_turns_are_put_together_weighted_by_their_length() -> None:
    short = [*turns(0, 0), *turns(0, seconds=3.0), *turns(90, seconds=1.0)]
    (same,) = trials([[short]], 4.0).same
    assert same == pytest.approx(3 / np.sqrt(10), abs=1e-6)


def test_nobody_is_compared_across_corpora_or_without_enough_speech() -> None:
    made = trials([[turns(0, 0, 0)], [turns(0, 0, 0), turns(0)]], 5.0)
    assert (len(made.same), len(made.different)) == (2, 0)


def test_who_says_much_does_not_make_the_figures() -> None:
    made = trials([[turns(*[0.0] * 40), turns(90, 90, 90)]], 5.0)
    assert (len(made.same), len(made.different)) == (MOST_STRETCHES + 1, MOST_STRETCHES + 1)


def test_the_shares_of_errors() -> None:
    made = Trials(
        np.array([0.9, 0.8, 0.7, 0.6], np.float32), np.array([0.1, 0.75, 0.2], np.float32)
    )
    assert made.missed(0.75) == pytest.approx(0.5)
    assert made.mistaken(0.75) == pytest.approx(1 / 3)
    assert (made.missed(-1.0), made.mistaken(1.0)) == (0.0, 0.0)
