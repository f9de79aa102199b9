"""Which texts are read: those of known words, and first those with sounds that were rare so far."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np

from engine.data.speech_text import Line
from engine.data.text_files import open_text
from engine.errors import EngineError

CANDIDATES = 6
"""Of so many texts the one with the rarest sounds so far is taken."""


def within(lines: Sequence[Line], lexicon: Collection[str]) -> list[Line]:
    """The lines all of whose words are in a lexicon.

    Raises:
        EngineError: when there is none.
    """
    found = [line for line in lines if all(word in lexicon for word in line.words)]
    if not found:
        raise EngineError("no line consists of words of the lexicon: give a larger one")
    return found


def read_lexicon(path: Path) -> dict[str, tuple[str, ...]]:
    """A pronouncing dictionary in the format of CMU's: a word and its phones a line.

    Of several pronunciations, ``word(2)``, the first is kept.

    Raises:
        EngineError: when the file is missing or holds no pronunciation.
    """
    if not path.is_file():
        raise EngineError(f"{path} is missing: give a pronouncing dictionary as --lexicon")
    entries: dict[str, tuple[str, ...]] = {}
    for line in open_text(path):
        word, *phones = line.split("#")[0].split() or [";;;"]
        if phones and not word.startswith(";;;"):
            name = re.sub(r"\(\d+\)$", "", word).lower()
            entries.setdefault(name, tuple(p.rstrip("012") for p in phones))
    if not entries:
        raise EngineError(f"{path} holds no pronunciation: give lines such as 'cat K AE T'")
    return entries


class Chooser:
    """Draws lines without repeating one, those with sounds that came rarely first.

    Sounds are pairs of phones where the lexicon has the words, else of three letters.
    """

    def __init__(
        self,
        lines: Sequence[Line],
        random: np.random.Generator,
        lexicon: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        self._waiting = list(lines)
        self._random = random
        self._lexicon = lexicon or {}
        self._heard: Counter[tuple[str, ...]] = Counter()

    def __iter__(self) -> Iterator[Line]:
        while self._waiting:
            count = min(CANDIDATES, len(self._waiting))
            places = self._random.integers(len(self._waiting), size=count)
            best = max(places, key=lambda place: self._novelty(self._waiting[place]))
            line = self._waiting[best]
            self._waiting[best] = self._waiting[-1]
            self._waiting.pop()
            self._heard.update(self._sounds(line))
            yield line

    def _novelty(self, line: Line) -> float:
        sounds = self._sounds(line)
        return -float(np.mean([np.log1p(self._heard[sound]) for sound in sounds]))

    def _sounds(self, line: Line) -> list[tuple[str, ...]]:
        sounds = [tuple(self._lexicon.get(word, ())) for word in line.words]
        if all(sounds):
            phones = ["_", *(phone for word in sounds for phone in word), "_"]
            return list(pairwise(phones))
        text = f" {' '.join(line.words)} "
        return [tuple(text[i : i + 3]) for i in range(len(text) - 2)]
