"""The loss of voice vectors in its four forms, adversarially reweighted (arXiv 2207.07776).

A batch has several crops of each of its speakers. Of two crops ``i`` and ``j`` of one speaker, the
loss of the pair is how badly ``j`` is told from the crops of all others by ``i``::

    pair(i, j) = -log( exp(s_ij) / (exp(s_ij) + sum over crops k of others of exp(s_ik)) )

where ``s`` are scaled cosines, those of one speaker less a margin. Every crop has a weight
``w = 1 + f / mean(f)``, and ``f`` comes from the adversary.

The forms, as we read them (the publication's own notation was not at hand, only its abstract and
summaries):

- ``baseline``: mean of the pairs; no adversary.
- ``similarity`` (accumulated pairwise similarity): the similarities of a crop to all others of its
  speaker are accumulated inside the logarithm, which gives every crop one loss; that is weighted.
- ``pseudo`` (pseudo-labels): the region of a crop is the pseudo-label of a group. Losses are first
  averaged within each group of the batch, so that small groups count as much as large ones, and
  the groups are weighted.
- ``pairwise`` (pairwise weighting): each pair is weighted by the sum of its two crops' weights.

Weighted means are divided by the sum of the weights: weights move attention, not the step size.
"""

from __future__ import annotations

from enum import StrEnum

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class Form(StrEnum):
    """How crops are weighted."""

    BASELINE = "baseline"
    SIMILARITY = "similarity"
    PSEUDO = "pseudo"
    PAIRWISE = "pairwise"


class Adversary(nn.Module):
    """Sees in which region an embedding lies, and says how much its crop is to count.

    Linear in the region, through a sigmoid; it starts out indifferent.
    """

    def __init__(self, regions: int) -> None:
        super().__init__()
        self.score = nn.Linear(regions, 1)
        nn.init.zeros_(self.score.weight)
        nn.init.zeros_(self.score.bias)

    def forward(self, regions: Tensor) -> Tensor:
        """Regions (crops,) to the weights of the crops (crops,), 2 in the mean."""
        seen = F.one_hot(regions, self.score.in_features).float()
        f: Tensor = self.score(seen)[:, 0].sigmoid()
        return 1.0 + f / f.mean()


def pair_losses(scores: Tensor, speakers: Tensor) -> tuple[Tensor, Tensor]:
    """Losses of all pairs (crops, crops) from their scores, and which are of one speaker."""
    same = speakers[:, None] == speakers[None, :]
    others = scores.masked_fill(same, -torch.inf).logsumexp(1, keepdim=True)
    pairs = same & ~torch.eye(len(speakers), dtype=torch.bool, device=same.device)
    return F.softplus(others - scores).masked_fill(~pairs, 0.0), pairs


def accumulated_losses(scores: Tensor, speakers: Tensor) -> Tensor:
    """The loss of each crop (crops,) with its similarities to its speaker accumulated."""
    same = speakers[:, None] == speakers[None, :]
    own = same & ~torch.eye(len(speakers), dtype=torch.bool, device=same.device)
    others = scores.masked_fill(same, -torch.inf).logsumexp(1)
    count = own.sum(1).log()
    return F.softplus(others - scores.masked_fill(~own, -torch.inf).logsumexp(1) + count)


def weighted_loss(
    form: Form, scores: Tensor, speakers: Tensor, weights: Tensor, regions: Tensor
) -> Tensor:
    """The loss of a batch.

    Args:
        form: which of the four.
        scores: scaled cosines of the crops, with margins, (crops, crops).
        speakers: of the crops, (crops,); at least two, of each at least two crops.
        weights: of the adversary, (crops,); the baseline ignores them.
        regions: of the crops, (crops,).
    """
    if form is Form.SIMILARITY:
        return _mean(accumulated_losses(scores, speakers), weights)
    losses, pairs = pair_losses(scores, speakers)
    if form is Form.BASELINE:
        return _mean(losses, pairs.float())
    if form is Form.PAIRWISE:
        return _mean(losses, (weights[:, None] + weights[None, :]) * pairs)
    return _by_group(losses.sum(1) / pairs.sum(1), weights, regions)


def _mean(losses: Tensor, weights: Tensor) -> Tensor:
    return (losses * weights).sum() / weights.sum()


def _by_group(losses: Tensor, weights: Tensor, regions: Tensor) -> Tensor:
    """Mean over the groups of a batch, each with the weight that all of its crops have."""
    seen = F.one_hot(regions).to(losses)
    count = seen.sum(0).clamp(min=1.0)
    return _mean(losses @ seen / count, weights @ seen / count)


def scaled(vectors: Tensor, speakers: Tensor, scale: float, margin: float) -> Tensor:
    """Scaled cosines of unit-length vectors (crops, size); those of one speaker less a margin."""
    same = (speakers[:, None] == speakers[None, :]).float()
    return scale * (vectors @ vectors.T - margin * same)
