"""Regions of the space of voice vectors, by k-means: what the adversary sees of an embedding."""

from __future__ import annotations

import numpy as np
import torch
from sklearn.cluster import KMeans
from torch import Tensor

from engine.errors import EngineError


def fit_regions(vectors: Tensor, count: int, seed: int, before: Tensor | None = None) -> Tensor:
    """Centres (regions, size) of the vectors (vectors, size).

    Args:
        vectors: one of each speaker.
        count: how many regions.
        seed: where to start without ``before``.
        before: the centres so far; going on from them, a region keeps its number.

    Raises:
        EngineError: when there are more regions than different vectors.
    """
    voices = len(np.unique(vectors.numpy(), axis=0))
    if count > voices:
        raise EngineError(
            f"{count} regions are asked for, with {voices} different voices in the column "
            "'speaker': take fewer --regions, or more speakers."
        )
    start = "k-means++" if before is None else before.numpy().astype(np.float64)
    means = KMeans(count, init=start, n_init=1, random_state=seed)
    means.fit(vectors.numpy().astype(np.float64))
    return torch.from_numpy(means.cluster_centers_).float()


def regions_of(vectors: Tensor, centres: Tensor) -> Tensor:
    """The nearest centre of each vector, (vectors,)."""
    return torch.cdist(vectors, centres).argmin(dim=1)
