"""Scores by condition or corpus."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

T = TypeVar("T")

ALL = "all"
"""Name of the group of everything, where there are several others."""


def grouped(items: Iterable[T], name: Callable[[T], str]) -> dict[str, list[T]]:
    """The items by name, in the order in which the names came."""
    groups: dict[str, list[T]] = {}
    for item in items:
        groups.setdefault(name(item), []).append(item)
    return groups


def grouped_and_all(items: Iterable[T], name: Callable[[T], str]) -> dict[str, list[T]]:
    """The items by name; of several names, the last group is everything."""
    everything = list(items)
    groups = grouped(everything, name)
    return {**groups, ALL: everything} if len(groups) > 1 else groups
