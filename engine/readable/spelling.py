"""What is restored, the case of a word and the mark after it, and how both are written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum


class Case(IntEnum):
    """How a word is written; a single capital letter is ``CAPITAL``."""

    LOWER = 0
    CAPITAL = 1
    UPPER = 2


MARKS = ("", ",", ".", "?", "!")
"""What may follow a word.

``;``, ``:`` and dashes count as commas: after them too a sentence goes on in lower case, and the
ear does not tell them apart. Quotes, brackets and hyphens are not restored: words are shown one by
one, each with its own time and confidence, and nothing may stand before or between them.
"""

SENTENCE_ENDS = frozenset(MARKS.index(mark) for mark in ".?!")
"""The marks (indices of :data:`MARKS`) after which the next word gets a capital."""


_SON_OF = re.compile("mc([a-z]{3,}(?:'s)?)")


@dataclass(frozen=True, slots=True)
class Look:
    """The case of a word and the mark after it, an index of :data:`MARKS`."""

    case: Case
    mark: int

    @property
    def ends_sentence(self) -> bool:
        """Whether the next word begins a sentence."""
        return self.mark in SENTENCE_ENDS


def sentence_cased(looks: Iterable[Look]) -> Iterator[Look]:
    """The looks of a turn, with a capital for its first word and after the end of a sentence."""
    begins = True
    for look in looks:
        lower = look.case is Case.LOWER
        yield Look(Case.CAPITAL, look.mark) if begins and lower else look
        begins = look.ends_sentence


def written(word: str, look: Look, mixed: Mapping[str, str]) -> str:
    """A recognised word, in lower case, as people read it; ``mixed`` as :func:`cased` takes it."""
    return cased(word, look.case, mixed) + MARKS[look.mark]


def cased(word: str, case: Case, mixed: Mapping[str, str]) -> str:
    """A lower-case word in its case; :attr:`Case.CAPITAL` is the first letter, after apostrophes.

    ``mixed`` are words with capitals inside, such as ``ipod``: how they are written. Names such as
    ``mcdonald`` are too many for a list.
    """
    if case is Case.LOWER:
        return word
    if word in mixed:
        return mixed[word]
    if case is Case.UPPER:
        return word.upper()
    if name := _SON_OF.fullmatch(word):
        return f"Mc{name[1].capitalize()}"
    first = next((i for i, letter in enumerate(word) if letter != "'"), 0)
    return word[:first] + word[first : first + 1].upper() + word[first + 1 :]


def case_of(written_word: str) -> Case:
    """The case of a word in a text; one with capitals inside, such as ``iPod``, is ``CAPITAL``."""
    letters = [letter for letter in written_word if letter.isalpha()]
    if not any(letter.isupper() for letter in letters):
        return Case.LOWER
    whole = len(letters) > 1 and all(letter.isupper() for letter in letters)
    return Case.UPPER if whole else Case.CAPITAL
