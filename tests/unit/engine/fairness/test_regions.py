"""The tree finds the regions that were planted, keeps its limits, and covers the world."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from engine.errors import EngineError
from engine.fairness.regions import Box, Limits, grow, region_gap, spread
from tests.unit.engine.fairness.populations import WORDS, tally

PLANTED = Box(30.0, 60.0, -20.0, 40.0)


def places(count: int = 400, seed: int = 0) -> NDArray[np.float64]:
    return np.random.default_rng(seed).uniform((-90, -180), (90, 180), (count, 2))


def rates(degrees: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(PLANTED.holds(degrees), 0.6, 0.1)


def test_a_planted_region_is_recovered() -> None:
    degrees = places(2000)
    counted = tally(rates(degrees))
    regions = grow(degrees, counted, Limits(speakers=20, words=1000, regions=8))
    bad = [box.holds(degrees) for box in regions if counted.wer(box.holds(degrees)) > 0.35]
    inside, planted = np.any(bad, axis=0), PLANTED.holds(degrees)
    assert (inside & planted).sum() >= 0.9 * planted.sum()
    assert (inside & planted).sum() >= 0.9 * inside.sum()


def test_regions_keep_their_limits_and_cover_everybody_once() -> None:
    degrees = places(150)
    limits = Limits(speakers=12, words=13 * WORDS, regions=9)
    counted = tally(rates(degrees))
    members = [box.holds(degrees) for box in grow(degrees, counted, limits)]
    assert 2 <= len(members) <= 9
    assert (np.stack(members).sum(axis=0) == 1).all()
    assert all(some.sum() >= 13 and counted.words[some].sum() >= 13 * WORDS for some in members)
    wers = [counted.wer(some) for some in members]
    assert wers == sorted(wers, reverse=True)


def test_the_first_cut_is_the_best_of_all() -> None:
    degrees = places(60)
    counted = tally(rates(degrees))
    limits = Limits(speakers=3, words=1, regions=2)
    found = grow(degrees, counted, limits)
    difference = counted.wer(found[0].holds(degrees)) - counted.wer(found[1].holds(degrees))
    by_hand = []
    for axis in (0, 1):
        for at in np.sort(degrees[:, axis])[:-1]:
            low = degrees[:, axis] <= at
            if 3 <= low.sum() <= 57:
                by_hand.append(abs(counted.wer(low) - counted.wer(~low)))
    assert difference == pytest.approx(max(by_hand))


def test_people_of_one_place_stay_together() -> None:
    degrees = np.repeat([[10.0, 10.0], [20.0, 10.0]], 20, axis=0)
    boxes = grow(degrees, tally(np.repeat([0.1, 0.5], 20)), Limits())
    assert [box.holds(degrees).sum() for box in boxes] == [20, 20]
    assert boxes[0] == Box(south=15.0)


def test_poles_and_the_date_line_belong_to_the_world() -> None:
    ends = np.array([[-90.0, -180.0], [90.0, 180.0]])
    assert Box().holds(ends).all()
    west, east = Box().halves(1, 0.0)
    assert west.holds(ends).tolist() == [True, False]
    assert east.holds(ends).tolist() == [False, True]


@pytest.mark.parametrize("degrees", [places(8), np.full((30, 2), 50.0)])
def test_too_few_people_or_places_for_two_regions(degrees: NDArray[np.float64]) -> None:
    with pytest.raises(EngineError, match=r"'latitude' and 'longitude'.*--fewest-speakers"):
        grow(degrees, tally(np.full(len(degrees), 0.2)), Limits())


def test_too_few_words_for_two_regions() -> None:
    with pytest.raises(EngineError, match=r"5000 words.*--fewest-words"):
        grow(places(100), tally(np.full(100, 0.2)), Limits(words=2600))


def test_each_region_counts_once_in_the_spread() -> None:
    counted = tally(np.repeat([0.1, 0.5], [90, 10]))
    home = np.repeat([True, False], [90, 10])
    found = spread([home, ~home], counted)
    wers = np.array([counted.wer(home), counted.wer(~home)])
    assert found.mean.value == pytest.approx(wers.mean())
    assert found.maximum.value == pytest.approx(wers.max())
    assert found.variance.value == pytest.approx(np.var(100 * wers))
    assert found.maximum.low < found.maximum.value < found.maximum.high


def test_the_gap_of_a_planted_region_is_more_than_chance() -> None:
    degrees = places(300)
    found = region_gap(degrees, tally(rates(degrees)), Limits(speakers=10, words=500, regions=4))
    assert found.certain
    same = region_gap(degrees, tally(np.full(300, 0.2)), Limits(10, 500, 4))
    assert not same.certain
