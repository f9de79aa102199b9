"""What synthetic and spliced speech says: sentences of books, turns of real meetings, own text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np

from engine.data.text_files import AMI_WORDS, BOOKS, ami_people, open_text, turns
from engine.errors import EngineError
from engine.evaluation.text import normalise

_LENGTH = (2, 25)  # words
_COMMA_S = 0.2  # a pause within a turn that is written as a comma
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)*'?|'[a-z]+")
_WRITTEN_SHORT = {"mr": "mister", "mrs": "missus", "dr": "doctor"}
_READ_OTHERWISE = frozenset(
    [
        "st",
        "jr",
        "sr",
        "vs",
        "etc",
        "rev",
        "col",
        "capt",
        "lt",
        "gen",
        "prof",
        "vol",
        "fig",
        "ii",
        "iii",
        "iv",
        "vi",
    ]
)


@dataclass(frozen=True)
class Line:
    """A text to be read.

    Attributes:
        words: as they are written in a reference: lower case, no punctuation.
        text: the same with commas and stops, for the melody of a synthesiser.
    """

    words: tuple[str, ...]
    text: str


def read_lines(source: str, data: Path, seed: int, most: int = 60_000) -> list[Line]:
    """Texts of two to 25 plain words, in random order.

    Args:
        source: ``books``, ``ami``, or a text file (also ``.gz``) with one sentence a line.
        data: the corpus folder that has books and meetings.
        seed: of the order.
        most: more are not read; 60,000 lines of books make some fifty hours.

    Raises:
        EngineError: when there is no such text, or nothing in it can be read.
    """
    places = {"ami": data / AMI_WORDS, "books": data / BOOKS}
    path = _existing(places.get(source, Path(source)), source)
    texts = list(_turns(data) if source == "ami" else open_text(path))
    order = np.random.default_rng(seed).permutation(len(texts))
    found = (line for place in order if (line := line_of(texts[place])))
    lines = list(islice(_unique(found), most))
    if not lines:
        raise EngineError(
            f"{source} holds no line of 2 to 25 plain words: give one sentence a line"
        )
    return lines


def _existing(path: Path, source: str) -> Path:
    if not path.is_file():
        raise EngineError(f"no text in {path} for {source!r}: give books, ami or a text file")
    return path


def _turns(data: Path) -> Iterator[str]:
    """What one person says without a long pause, with commas at short ones."""
    for person in ami_people(data):
        for turn in turns(person.words):
            follows = [start for _, start, _ in turn[1:]] + [0.0]
            spoken = zip(turn, follows, strict=True)
            yield " ".join(
                f"{word}," if start - end >= _COMMA_S else word for (word, _, end), start in spoken
            )


def _unique(lines: Iterable[Line]) -> Iterator[Line]:
    seen: set[Line] = set()
    for line in lines:
        if line not in seen:
            seen.add(line)
            yield line


def line_of(text: str) -> Line | None:
    """A text as it is read, or nothing when it holds what is no plain word, or too much of it."""
    if not text.isascii() and not (text := text.replace("’", "'")).isascii():
        return None
    spaced = re.sub(r"[^\w',.?!;: ]|_", " ", text.lower())
    tokens = [_token(token) for token in spaced.split()]
    words = normalise(" ".join(tokens)).split()
    if not _LENGTH[0] <= len(words) <= _LENGTH[1] or not all(map(_plain, words)):
        return None
    return Line(tuple(words), _punctuated(tokens))


def _token(token: str) -> str:
    word = token.strip("'.,?!;:")
    mark = "," if token[-1] in ",;:" else token[-1] if token[-1] in ".?!" else ""
    if word in _WRITTEN_SHORT:
        return _WRITTEN_SHORT[word]
    return re.sub(r"[.,?!;:]", " ", word) + mark if word else mark


def _plain(word: str) -> bool:
    return bool(_WORD.fullmatch(word)) and word not in _READ_OTHERWISE


def _punctuated(tokens: Sequence[str]) -> str:
    text = re.sub(r" +([.,?!])", r"\1", " ".join(token for token in tokens if token))
    text = re.sub(r"[.?!,]+(?=[.?!,])", "", text).strip(" ,")
    return text if text[-1] in ".?!" else f"{text}."
