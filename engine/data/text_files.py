"""The text that a corpus folder brings: sentences of books, and what was said in AMI's meetings."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from engine.data.sources import TURN_PAUSE_S
from engine.errors import EngineError

BOOKS = Path("text", "books.txt.gz")
"""Where a corpus folder has the books: one sentence a line."""

AMI_WORDS = Path("meetings", "ami_words.jsonl.gz")
"""Where a corpus folder has the words of AMI: one person of one meeting a line."""

TimedWord = tuple[str, float, float]
"""A word as it is written, with its start and end in seconds of the meeting."""


@dataclass(frozen=True, slots=True)
class Person:
    """What one person said in one meeting."""

    meeting: str
    speaker: str
    words: Sequence[TimedWord]


def open_text(path: Path) -> Iterator[str]:
    """The lines of a text file, also of a packed one.

    Raises:
        EngineError: when it is no text.
    """
    opened = gzip.open if path.suffix == ".gz" else open
    try:
        with opened(path, "rt", encoding="utf-8") as lines:
            yield from lines
    except (UnicodeDecodeError, gzip.BadGzipFile) as error:
        raise EngineError(f"{path} is no text in UTF-8 ({error}): convert it first") from error


def book_lines(data: Path) -> Iterator[str]:
    """The sentences of the books.

    Raises:
        EngineError: when the corpus folder has none.
    """
    return (line.rstrip("\n") for line in open_text(_existing(data / BOOKS, "books")))


def ami_people(data: Path) -> Iterator[Person]:
    """Everybody in every meeting of AMI.

    Raises:
        EngineError: when the corpus folder has none.
    """
    for entry in map(json.loads, open_text(_existing(data / AMI_WORDS, "the words of AMI"))):
        yield Person(entry["meeting"], entry["speaker"], entry["words"])


def turns(words: Sequence[TimedWord]) -> Iterator[Sequence[TimedWord]]:
    """The words of one person, cut where half a second or more is between two of them."""
    first = 0
    for i, ((_, _, end), (_, start, _)) in enumerate(pairwise(words), 1):
        if start - end >= TURN_PAUSE_S:
            yield words[first:i]
            first = i
    if words:
        yield words[first:]


def _existing(path: Path, what: str) -> Path:
    if not path.is_file():
        raise EngineError(f"{path} is missing: name a corpus folder with {what} (--data).")
    return path
