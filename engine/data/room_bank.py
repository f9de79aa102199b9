"""Random rooms, computed once and kept: drawing one then costs nothing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.data.rooms import SEATS, Microphone, Room, draw_shoebox, respond


def rooms(place: Microphone, count: int, seed: int, cache: Path) -> list[Room]:
    """``count`` random rooms, computed once and then read from ``cache``."""
    kept = cache / f"rooms-{place}-{count}-{seed}.npz"
    if not kept.is_file():
        cache.mkdir(parents=True, exist_ok=True)
        partial = kept.with_suffix(".partial")
        with partial.open("wb") as file:
            np.savez(file, allow_pickle=False, **_packed(_made(place, count, seed)))
        partial.replace(kept)
    return _unpacked(kept, place)


def _made(place: Microphone, count: int, seed: int) -> list[Room]:
    made = []
    for i in range(count):
        random = np.random.default_rng([seed, i])
        made.append(respond(draw_shoebox(place, random), place, random))
    return made


def _packed(made: Sequence[Room]) -> dict[str, NDArray[np.generic]]:
    responses = [r for room in made for r in room.responses]
    return {
        "decays": np.array([room.decay_s for room in made]),
        "lengths": np.array([len(r) for r in responses]),
        "samples": np.concatenate(responses),
    }


def _unpacked(path: Path, place: Microphone) -> list[Room]:
    with np.load(path) as kept:
        decays, lengths, samples = kept["decays"], kept["lengths"], kept["samples"]
    pieces = np.split(samples, np.cumsum(lengths)[:-1])
    seats = [tuple(pieces[i : i + SEATS]) for i in range(0, len(pieces), SEATS)]
    return [Room(place, float(d), r) for d, r in zip(decays, seats, strict=True)]
