"""Utterances of people about whom something is known, as a manifest would have them."""

from __future__ import annotations

from engine.data.spoken_manifest import Spoken


def said(
    speaker: str,
    count: int,
    *,
    corpus: str = "c",
    split: str = "dev",
    duration_s: float = 3.0,
    sex: str | None = None,
    age: float | None = None,
    region: str | None = None,
) -> list[Spoken]:
    """So many utterances of one person."""
    return [
        Spoken(f"{speaker}-{n}", corpus, speaker, split, duration_s, sex, age, None, region)
        for n in range(count)
    ]
