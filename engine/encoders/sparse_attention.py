"""Attention of some frames to some frames: masked, for training, and gathered, for use."""

from __future__ import annotations

import math
from itertools import pairwise

import torch
from torch import Tensor

from engine.encoders.conv_attention import rotate

BLOCK = 48
"""Queries that are computed in one call."""


def attend_masked(
    queries: Tensor, keys: Tensor, values: Tensor, on: Tensor, masks: list[Tensor]
) -> Tensor:
    """Attention to the frames that are on, all of it computed and then masked.

    The weight of a frame is multiplied by its gate before weights are divided by their sum, so the
    gate gets a gradient. Where a frame sees none that is on the result is zero.

    Shapes: (batch, heads, frames, n), twice (batch, heads, left + frames, n), and the gates
    (batch, left + frames).
    """
    queries = queries / math.sqrt(queries.shape[-1])
    outputs, begin = [], 0
    for mask in masks:
        length, reach = mask.shape
        near = slice(begin, begin + reach)
        scores = (queries[:, :, begin : begin + length] @ keys[:, :, near].mT).float()
        gates = mask * on[:, None, None, near]
        top = scores.detach().masked_fill(gates == 0, -1e30).amax(-1, keepdim=True)
        weights = (scores - top).clamp(max=0.0).exp() * gates  # no more than the top that is on
        weights = weights / weights.sum(-1, keepdim=True).clamp(min=1.0)
        outputs.append(weights.to(values.dtype) @ values[:, :, near])
        begin += length
    return torch.cat(outputs, dim=2)


def attend_gathered(
    queries: Tensor,
    keys: Tensor,
    values: Tensor,
    places: tuple[Tensor, Tensor],
    window: tuple[int, int],
    rotation: tuple[Tensor, Tensor],
) -> Tensor:
    """Attention of one stream among the frames that are on; the others take no part.

    Args:
        queries: of the frames that are on, (frames, heads, n), in order.
        keys: of the past and present frames that are on, (past + frames, heads, n).
        values: as the keys.
        places: where queries and keys stand in the past and present, from its first frame.
        window: ``left`` and ``chunk`` of the encoder.
        rotation: cosines and sines of all places.
    """
    asked, there = places
    cosine, sine = (part[:, None] for part in rotation)
    queries = rotate(queries, cosine[asked], sine[asked]) / math.sqrt(queries.shape[-1])
    keys = rotate(keys, cosine[there], sine[there])
    queries, keys, values = queries.transpose(0, 1), keys.permute(1, 2, 0), values.transpose(0, 1)
    if len(cosine) <= sum(window):  # one chunk, as in a live meeting: all of it sees all
        return ((queries @ keys).softmax(-1) @ values).transpose(0, 1)
    left, chunk = window
    begins = (asked - left) // chunk * chunk  # the first place that each sees
    ends = begins + sum(window)
    edges = [*range(0, len(asked), BLOCK), len(asked)]
    last = torch.tensor(edges[1:], device=asked.device) - 1
    bounds = torch.searchsorted(there, torch.stack([begins[::BLOCK], ends[last]])).tolist()
    outputs = []
    for (a, b), first, end in zip(pairwise(edges), *bounds, strict=True):
        near = there[first:end]
        hidden = (near < begins[a:b, None]) | (near >= ends[a:b, None])
        scores = (queries[:, a:b] @ keys[..., first:end]).masked_fill_(hidden, -torch.inf)
        outputs.append(scores.softmax(-1) @ values[:, first:end])
    return torch.cat(outputs, dim=1).transpose(0, 1)


def glances(on: Tensor, left: int, chunk: int) -> Tensor:
    """How many frames that are on each one sees: (batch, left + time) to (batch, time)."""
    time = on.shape[1] - left
    total = torch.cat([on.new_zeros(on.shape[0], 1), on.cumsum(1)], dim=1)
    first = torch.arange(time, device=on.device) // chunk * chunk
    return total[:, (first + left + chunk).clamp(max=left + time)] - total[:, first]
