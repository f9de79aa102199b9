from __future__ import annotations

import random

import pytest

from ui.turns.heights import Heights


@pytest.mark.parametrize("seed", range(20))
def test_rows_lie_where_the_heights_before_them_end(seed: int) -> None:
    """Against the sum of a plain list, after every change in any order."""
    chance = random.Random(seed)
    heights, plain = Heights(), [chance.randint(1, 90) for _ in range(50)]
    heights.refill(plain)
    for _ in range(300):
        change(chance, heights, plain)
        row = chance.randrange(len(plain))
        assert heights.top(row) == sum(plain[:row])
        assert heights.height(row) == plain[row]
        if chance.random() < 0.5:
            assert heights.whole == sum(plain)
            y = chance.randrange(-50, sum(plain) + 50)
            lies = [n for n in range(len(plain)) if sum(plain[:n]) <= y < sum(plain[: n + 1])]
            assert heights.row_at(y) == (lies[0] if lies else -1)


def change(chance: random.Random, heights: Heights, plain: list[int]) -> None:
    row, kind = chance.randrange(len(plain)), chance.randrange(4)
    if kind == 0:
        plain[row] = chance.randint(1, 90)
        heights.put(row, plain[row], 1)
    elif kind == 1:
        at = chance.choice([row, len(plain)])
        plain[at:at] = new = [chance.randint(1, 90) for _ in range(3)]
        heights.insert(at, new)
    elif kind == 2 and len(plain) > 10:
        last = min(len(plain) - 1, row + 2)
        del plain[row : last + 1]
        heights.remove(row, last)
    else:
        heights.learn(row, plain[row], 1)


def test_an_empty_list_has_no_rows() -> None:
    heights = Heights()
    assert heights.whole == 0
    assert heights.row_at(0) == -1
    assert heights.top(0) == 0
    assert heights.settle() is None


def test_it_tells_the_first_row_that_moved_once() -> None:
    heights = Heights()
    heights.refill([10, 10, 10, 10])
    assert heights.settle() == 0
    assert heights.settle() is None
    heights.put(3, 20, 1)
    heights.put(2, 20, 1)
    heights.put(1, 10, 1)  # as high as before
    assert heights.settle() == 2
    heights.insert(4, [5])
    assert heights.settle() == 4


def test_what_is_learnt_counts_when_it_is_used() -> None:
    heights = Heights()
    heights.refill([10, 10])
    heights.settle()
    heights.learn(0, 30, 1)
    heights.insert(0, [5])
    assert heights.top(2) == 15
    heights.use()
    assert heights.top(2) == 35
    assert heights.settle() == 0


def test_rows_are_stale_until_measured_and_when_they_changed() -> None:
    heights = Heights()
    heights.refill([10, 10, 10])
    assert heights.stale(1) == [0, 1, 2]
    heights.put(1, 10, 1)
    assert heights.stale(1) == [0, 2]
    heights.doubt(1)
    heights.learn(0, 12, 1)
    assert heights.stale(1, range(2)) == [1]
    assert heights.stale(2) == [0, 1, 2]
