"""What a model of free speech knows of words: how they are spelled, and what follows what."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from engine.errors import ModelError
from engine.language_model import NGram
from engine.lexicon import Lexicon, PrefixTree, WordTokens

Arrays = dict[str, NDArray[np.generic]]

_LOGARITHMS = ("unigram", "back1", "bigram", "back2", "trigram")
_NUMBERS = ("second", "third")
_BEGINS = ("first", "third_of")


@dataclass(frozen=True)
class WordModel:
    """A lexicon and a language model of the same words; only read, so that sessions can share it.

    Attributes:
        lexicon: words and spellings.
        language: trigrams of these words.
        vocabulary: how many tokens the recogniser has.
    """

    lexicon: Lexicon
    language: NGram
    vocabulary: int

    def __post_init__(self) -> None:
        tokens = max((max(t) for _, t in self.lexicon.spellings), default=0)
        if tokens >= self.vocabulary or len(self.language.unigram) != len(self.lexicon.words):
            raise ModelError("The model's words do not fit it: install the model again.")

    @cached_property
    def tree(self) -> PrefixTree:
        """The spellings as a tree."""
        return PrefixTree.of(self.lexicon, self.vocabulary, self.language.unigram)

    @cached_property
    def tokens(self) -> WordTokens:
        """The words as tokens of the search's output."""
        return WordTokens(self.lexicon)

    def arrays(self) -> Arrays:
        """As arrays, to be stored: half precision, and numbers of words in two bytes."""
        model = self.language
        stored: Arrays = dict(self.lexicon.arrays())
        stored |= {name: getattr(model, name).astype(np.float16) for name in _LOGARITHMS}
        stored |= {name: getattr(model, name).astype(np.uint16) for name in _NUMBERS}
        return stored | {name: np.diff(getattr(model, name)).astype(np.uint16) for name in _BEGINS}

    @classmethod
    def of_arrays(cls, arrays: Arrays, vocabulary: int) -> WordModel:
        """What :meth:`arrays` gave. Raises: KeyError, ValueError, ModelError."""
        lexicon = Lexicon.of_arrays(arrays)
        parts = {name: arrays[name].astype(np.float32) for name in _LOGARITHMS}
        numbers = {name: arrays[name].astype(np.int32) for name in _NUMBERS}
        numbers |= {name: _ends(arrays[name]) for name in _BEGINS}
        language = NGram(**parts, **numbers)  # type: ignore[arg-type]
        return cls(lexicon, language, vocabulary)


MOST_WORDS = np.iinfo(np.uint16).max
"""Words that a model can have: their numbers are stored in two bytes."""


def _ends(counts: NDArray[np.generic]) -> NDArray[np.int32]:
    ends: NDArray[np.int32] = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
    return ends
