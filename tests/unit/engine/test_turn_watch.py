"""A turn is decided when its probability over some frames passes a share."""

from __future__ import annotations

import itertools
import operator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.turn_watch import WATCHED_FRAMES, TurnWatch


def decided_at(chances: list[float], share: float = 0.5) -> int | None:
    watch = TurnWatch(share)
    return next((i for i, chance in enumerate(chances) if watch.due(False, chance)), None)


def test_a_probability_that_is_spread_over_frames_adds_up() -> None:
    assert decided_at([0.01, 0.12, 0.34, 0.34, 0.11]) == 3  # 1 - 0.99 * 0.88 * 0.66 * 0.66 = 0.62
    assert decided_at([0.01, 0.12, 0.34]) is None
    assert decided_at([0.9]) == 0


def test_rare_chances_over_a_long_time_do_not() -> None:
    assert decided_at([0.03] * 1000) is None
    assert decided_at([0.06] * 1000) == WATCHED_FRAMES - 4


@given(st.lists(st.floats(0.0, 1.0), min_size=1, max_size=WATCHED_FRAMES), st.floats(0.05, 0.95))
def test_it_is_the_chance_that_it_happened_at_all(chances: list[float], share: float) -> None:
    not_yet = itertools.accumulate((1.0 - min(c, 0.999999) for c in chances), operator.mul)
    passed = [1.0 - p for p in not_yet]
    first = next((i for i, p in enumerate(passed) if p > share), None)
    assert decided_at(chances, share) == first or any(abs(p - share) < 1e-9 for p in passed)


def test_what_was_watched_is_forgotten_when_the_turn_changes() -> None:
    watch = TurnWatch(0.5)
    assert not watch.due(False, 0.45)
    assert not watch.due(True, 0.3)
    assert watch.due(True, 0.45)


@pytest.mark.parametrize("chance", [0.0, 1.0])
def test_a_share_of_one_never_decides(chance: float) -> None:
    assert decided_at([chance] * 50, 1.0) is None
