"""Frozen counts that add up, so that an error rate over many sessions is never a mean of rates."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Self


@dataclass(frozen=True)
class Counts:
    """Base of values whose fields are counts; ``sum(values, start=Kind())`` pools them."""

    def __post_init__(self) -> None:
        negative = [f.name for f in fields(self) if getattr(self, f.name) < 0]
        if negative:
            raise ValueError(f"negative counts: {', '.join(negative)}")

    def __add__(self, other: Self) -> Self:
        if type(other) is not type(self):
            return NotImplemented
        names = [f.name for f in fields(self)]
        return type(self)(*(getattr(self, n) + getattr(other, n) for n in names))


def ratio(part: float, whole: float) -> float:
    """``part / whole``, or NaN where there is nothing to divide by."""
    return part / whole if whole else float("nan")
