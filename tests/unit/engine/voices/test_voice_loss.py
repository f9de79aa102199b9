"""The four forms of the loss against plain loops, and the adversary's side of the game."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from engine.training.voice_loss import (
    Adversary,
    Form,
    accumulated_losses,
    pair_losses,
    scaled,
    weighted_loss,
)

SPEAKERS = torch.tensor([0, 0, 0, 1, 1, 1, 2, 2, 2])
REGIONS = torch.tensor([0, 0, 0, 0, 0, 0, 0, 3, 3])
WEIGHTS = torch.tensor([1.5, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5, 3.0, 3.0], dtype=torch.double)


@pytest.fixture
def scores() -> Tensor:
    generator = torch.Generator().manual_seed(0)
    vectors = torch.nn.functional.normalize(torch.randn(9, 4, generator=generator), dim=1)
    return scaled(vectors.double(), SPEAKERS, 5.0, 0.1)


def pairs_of_one_speaker() -> list[tuple[int, int]]:
    n = len(SPEAKERS)
    return [(i, j) for i in range(n) for j in range(n) if i != j and SPEAKERS[i] == SPEAKERS[j]]


def others(scores: Tensor, i: int) -> float:
    n = len(SPEAKERS)
    return sum(math.exp(scores[i, k]) for k in range(n) if SPEAKERS[k] != SPEAKERS[i])


def pair(scores: Tensor, i: int, j: int) -> float:
    own = math.exp(scores[i, j])
    return -math.log(own / (own + others(scores, i)))


def test_a_pair_is_a_softmax_over_one_of_the_speaker_and_all_others(scores: Tensor) -> None:
    losses, pairs = pair_losses(scores, SPEAKERS)
    assert [tuple(place) for place in pairs.nonzero().tolist()] == pairs_of_one_speaker()
    for i, j in pairs_of_one_speaker():
        assert losses[i, j].item() == pytest.approx(pair(scores, i, j))


def test_accumulated_similarities_give_each_crop_one_loss(scores: Tensor) -> None:
    found = accumulated_losses(scores, SPEAKERS)
    for i in range(9):
        own = [math.exp(scores[i, j]) for a, j in pairs_of_one_speaker() if a == i]
        own_mean = sum(own) / len(own)
        expected = -math.log(own_mean / (own_mean + others(scores, i)))
        assert found[i].item() == pytest.approx(expected)


def test_the_baseline_is_the_mean_of_the_pairs_whatever_the_weights(scores: Tensor) -> None:
    expected = [pair(scores, i, j) for i, j in pairs_of_one_speaker()]
    loss = weighted_loss(Form.BASELINE, scores, SPEAKERS, WEIGHTS, REGIONS)
    assert loss.item() == pytest.approx(sum(expected) / len(expected))


def test_a_pair_has_the_sum_of_its_two_weights(scores: Tensor) -> None:
    weights = {(i, j): float(WEIGHTS[i] + WEIGHTS[j]) for i, j in pairs_of_one_speaker()}
    expected = sum(w * pair(scores, i, j) for (i, j), w in weights.items()) / sum(weights.values())
    loss = weighted_loss(Form.PAIRWISE, scores, SPEAKERS, WEIGHTS, REGIONS)
    assert loss.item() == pytest.approx(expected)


def test_pseudo_labels_make_small_groups_count_as_much_as_large_ones(scores: Tensor) -> None:
    def crop(i: int) -> float:
        mine = [pair(scores, a, j) for a, j in pairs_of_one_speaker() if a == i]
        return sum(mine) / len(mine)

    large, small = sum(map(crop, range(7))) / 7, (crop(7) + crop(8)) / 2
    expected = (1.5 * large + 3.0 * small) / 4.5
    loss = weighted_loss(Form.PSEUDO, scores, SPEAKERS, WEIGHTS, REGIONS)
    assert loss.item() == pytest.approx(expected)


@pytest.mark.parametrize("form", list(Form))
def test_equal_weights_of_one_region_change_nothing(scores: Tensor, form: Form) -> None:
    ones, one_region = torch.ones(9, dtype=torch.double), torch.zeros(9, dtype=torch.long)
    loss = weighted_loss(form, scores, SPEAKERS, ones, one_region)
    doubled = weighted_loss(form, scores, SPEAKERS, 2 * ones, one_region)
    torch.testing.assert_close(loss, doubled)
    if form is not Form.SIMILARITY:
        baseline = weighted_loss(Form.BASELINE, scores, SPEAKERS, ones, one_region)
        torch.testing.assert_close(loss, baseline)


def test_the_weights_are_one_and_a_share_of_the_mean() -> None:
    adversary = Adversary(4)
    torch.testing.assert_close(adversary(REGIONS), torch.full((9,), 2.0))  # indifferent at first
    with torch.no_grad():
        adversary.score.weight[0, 3] = 2.0
    weights = adversary(REGIONS)
    assert weights.mean().item() == pytest.approx(2.0)
    f = [1 / (1 + math.exp(-2.0 * (region == 3))) for region in REGIONS.tolist()]
    expected = [1 + each / (sum(f) / len(f)) for each in f]
    assert weights.tolist() == pytest.approx(expected)


@pytest.mark.parametrize("form", [Form.SIMILARITY, Form.PSEUDO, Form.PAIRWISE])
def test_the_adversary_finds_the_region_that_is_badly_told_apart(form: Form) -> None:
    """Speakers of the last region have each other's crops nearest."""
    vectors = torch.eye(6)[torch.tensor([0, 0, 1, 1, 2, 3, 2, 3])]
    speakers = torch.tensor([0, 0, 1, 1, 2, 2, 3, 3])
    regions = torch.tensor([0, 0, 1, 1, 2, 2, 2, 2])
    scores = scaled(vectors, speakers, 5.0, 0.0)
    adversary = Adversary(3)
    optimizer = torch.optim.Adam(adversary.parameters(), 0.1, maximize=True)
    first = last = 0.0
    for step in range(40):
        loss = weighted_loss(form, scores, speakers, adversary(regions), regions)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        first, last = (loss.item() if step == 0 else first), loss.item()
    weights = adversary(regions)
    assert last > first
    assert weights[4:].min() > 1.3 * weights[:4].max()
