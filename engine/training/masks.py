"""SpecAugment (arXiv 1904.08779): random bands and moments of each scene are set to the mean."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Generator, Tensor


@dataclass(frozen=True)
class Masks:
    """How much is hidden of each scene; widths are drawn from 0 up to these.

    Attributes:
        bands: frequency masks, and ``band_width`` their widest in mel bands.
        moments: time masks, and ``moment_width`` their widest in frames.
    """

    bands: int = 2
    band_width: int = 12
    moments: int = 3
    moment_width: int = 6


def spec_augment(
    frames: Tensor, stack: int, masks: Masks, random: Generator, rank: int = 0, processes: int = 1
) -> Tensor:
    """Frames (batch, time, stack * mel) with some of them hidden; the argument is left alone.

    Args:
        frames: of unit variance and mean 0, which is what hidden ones become.
        stack: mel frames in a frame.
        masks: how much to hide.
        random: on the CPU, with the same state in every process.
        rank: which part of all processes' scenes these are, so that they are hidden in the same way
            however many processes share them.
        processes: how many share them.
    """
    batch, time, size = frames.shape
    rows = slice(rank * batch, (rank + 1) * batch)
    mel = frames.reshape(batch, time * stack, size // stack)
    scenes = batch * processes
    bands = _hidden(masks.bands, masks.band_width, mel.shape[2], scenes, random)[rows]
    moments = _hidden(masks.moments, masks.moment_width * stack, mel.shape[1], scenes, random)[rows]
    hidden = bands.to(frames.device)[:, None, :] | moments.to(frames.device)[:, :, None]
    return mel.masked_fill(hidden, 0.0).view(batch, time, size)


def _hidden(count: int, widest: int, length: int, rows: int, random: Generator) -> Tensor:
    """Where ``count`` masks lie in each row, (rows, length)."""
    width = torch.randint(0, widest + 1, (rows, count, 1), generator=random)
    place = torch.rand((rows, count, 1), generator=random)
    start = (place * (length - width).clamp(min=1)).long()
    at = torch.arange(length)
    return ((at >= start) & (at < start + width)).any(dim=1)
