"""The words of free speech and how likely they follow each other, from books and real meetings."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine.data import pronunciation
from engine.data.text_files import AMI_WORDS, BOOKS, ami_people, book_lines, turns
from engine.evaluation.text import normalise
from engine.language_model import NGram
from engine.lexicon import Lexicon, lexicon_of
from engine.tokens import Tokens
from engine.training import ngram


@dataclass(frozen=True)
class TextConfig:
    """What is made of the text.

    Attributes:
        words: how many of the most frequent ones that have a pronunciation are in the list.
        meetings: how often a word of a meeting counts, one of a book counting once.
        least: see :func:`engine.training.ngram.train`.
        variants: pronunciations of a word at most.
    """

    words: int = 30_000
    meetings: int = 3
    least: tuple[int, int] = (3, 4)
    variants: int = 3


@dataclass(frozen=True)
class Vocabulary:
    """A list of words with their model; number 0 is the edge of a turn."""

    words: tuple[str, ...]
    model: NGram


def sentences(data: Path, meetings: int) -> Iterator[tuple[list[str], int]]:
    """Normalised sentences of books and turns of meetings, and how often each counts.

    Raises:
        EngineError: when the corpus folder has no books.
    """
    for line in book_lines(data):
        yield normalise(line).split(), 1
    if (data / AMI_WORDS).is_file():
        for person in ami_people(data):
            for turn in turns(person.words):
                yield normalise(" ".join(word for word, _, _ in turn)).split(), meetings


def vocabulary(data: Path, cache: Path, config: TextConfig | None = None) -> Vocabulary:
    """Count and estimate; what was made of the same text before comes from ``cache``."""
    config = config or TextConfig()
    kept = cache / f"words-{_digest(data, config)}.npz"
    if not kept.is_file():
        made = _made(data, config)
        cache.mkdir(parents=True, exist_ok=True)
        partial = kept.with_suffix(".partial.npz")
        arrays = {k: v for k, v in vars(made.model).items() if not k.startswith("_")}
        np.savez(partial, allow_pickle=False, **arrays, words=np.array(made.words))
        partial.replace(kept)
    with np.load(kept) as stored:
        arrays = {name: stored[name] for name in stored.files}
    words = tuple(str(word) for word in arrays.pop("words"))
    return Vocabulary(words, NGram(**arrays))


def _digest(data: Path, config: TextConfig) -> str:
    parts = [repr(config)]
    for name in (BOOKS, AMI_WORDS, Path(pronunciation.DICTIONARY)):
        path = data / name
        parts.append(f"{name} {path.stat().st_size if path.is_file() else 0}")
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def _made(data: Path, config: TextConfig) -> Vocabulary:
    spoken = pronunciation.english(data)
    counts: Counter[str] = Counter()
    for words, weight in sentences(data, config.meetings):
        for word in words:
            counts[word] += weight
    known = [
        w for w, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0])) if w in spoken
    ]
    listed = ("", *known[: config.words])
    number = {word: i for i, word in enumerate(listed)}
    numbered = (
        ([number.get(word, ngram.UNKNOWN) for word in words], weight)
        for words, weight in sentences(data, config.meetings)
        if words
    )
    return Vocabulary(listed, ngram.train(numbered, len(listed), config.least))


def lexicon(words: Vocabulary, tokens: Tokens, spelling: pronunciation.Pronunciations) -> Lexicon:
    """The words in tokens; ``spelling`` is empty where the tokens are pieces of words."""

    def spellings(word: str) -> list[list[int]]:
        if not spelling:
            return [tokens.encode(word)]
        most = TextConfig().variants
        return [tokens.encode(" ".join(phones)) for phones in spelling[word][:most]]

    return lexicon_of((word, spellings(word)) for word in words.words[1:])
