"""Words of any vocabulary as numbers: hashed character n-grams, as in arXiv 1607.04606."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

WIDTH = 12
"""Features of a word at most, the word as a whole first."""

NOTHING, TURN_ENDS, TURN_GOES_ON = 0, 1, 2
"""Features that no word has: no feature, and what stands for the words after the last one."""
RESERVED = 3

PREFIXES = (3, 4)
SUFFIXES = (3, 4, 5)
INNER = 3


@lru_cache(maxsize=1 << 15)
def word_features(word: str, buckets: int) -> tuple[int, ...]:
    """The :data:`WIDTH` feature numbers of a word, from 0 (nothing) up to ``buckets - 1``.

    Apostrophes around a word count for nothing: in a text they may be quotes.
    """
    whole = f"<{word.strip(chr(39))}>"
    parts = [
        whole,
        *(whole[:n] for n in PREFIXES),
        *(whole[-n:] for n in SUFFIXES),
        *(whole[i : i + INNER] for i in range(1, len(whole) - INNER)),
    ]
    numbers = [RESERVED + crc32(p.encode()) % (buckets - RESERVED) for p in dict.fromkeys(parts)]
    return tuple((numbers + [NOTHING] * WIDTH)[:WIDTH])


def rows(words: Sequence[str], buckets: int) -> NDArray[np.int64]:
    """The features of words, (words, :data:`WIDTH`)."""
    table = [word_features(word, buckets) for word in words]
    return np.array(table, np.int64).reshape(len(words), WIDTH)
