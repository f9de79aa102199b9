"""SpecAugment hides what it is told to hide, however many processes share the scenes."""

from __future__ import annotations

import itertools

import pytest
import torch
from torch import Generator, Tensor

from engine.training.masks import Masks, spec_augment

FRAMES = torch.rand(30, 25, 80, generator=Generator().manual_seed(1)) + 1.0  # 20 bands, stacks of 4


def hide(masks: Masks) -> Tensor:
    return spec_augment(FRAMES, 4, masks, Generator().manual_seed(3)).view(30, 100, 20)


def runs(hidden: Tensor) -> list[int]:
    """Lengths of the runs of True."""
    return [len(list(run)) for value, run in itertools.groupby(hidden.tolist()) if value]


def test_bands_and_moments_of_bounded_width_are_hidden() -> None:
    widths: set[int] = set()
    bands = hide(Masks(1, 5, 0, 0))
    for before, after in zip(FRAMES.view(30, 100, 20), bands, strict=True):
        gone = (after == 0).all(0)
        assert torch.equal(after[:, ~gone], before[:, ~gone])
        assert len(runs(gone)) <= 1
        widths.update(runs(gone))
    assert max(widths) == 5
    widths = {w for after in hide(Masks(0, 0, 1, 3)) for w in runs((after == 0).all(1))}
    assert 8 < max(widths) <= 12
    assert FRAMES.min() >= 1.0  # the argument is left alone


def test_masks_lie_anywhere() -> None:
    hidden = hide(Masks(1, 5, 0, 0)).eq(0).all(1).any(0)
    assert hidden.float().mean() > 0.9


def test_without_masks_nothing_is_hidden() -> None:
    assert torch.equal(hide(Masks(0, 5, 0, 5)), FRAMES.view(30, 100, 20))


@pytest.mark.parametrize("processes", [2, 3])
def test_processes_hide_the_same(processes: int) -> None:
    parts = [
        spec_augment(x, 4, Masks(), Generator().manual_seed(3), rank, processes)
        for rank, x in enumerate(FRAMES.chunk(processes))
    ]
    assert torch.equal(torch.cat(parts).view(30, 100, 20), hide(Masks()))
