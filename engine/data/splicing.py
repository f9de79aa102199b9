"""A corpus of new utterances of real people, spliced from pieces of what they said."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from engine.data.corpus import UNKNOWN_PHONE, Aligned, Corpus
from engine.data.corpus_folder import CorpusFolder, Entry, Made
from engine.data.sources import HESITATIONS, PADDING_S, shifted
from engine.data.speech_text import Line
from engine.data.spoken_corpus import EDGE_S, Progress, fill
from engine.data.synthetic_speakers import random_of
from engine.data.word_stock import Piece, WordStock
from engine.timeline import to_samples

LICENCE = "as the recordings that it is spliced from; text: public domain (books), CC BY 4.0 (AMI)"
FEWEST_WORDS = 30
"""Different words of a speaker below which no text can be made of them."""

TRIED_TEXTS = 60
SHORTEST = 3
"""Different words of a spliced text at least."""

_MOST_LISTED = 9
_PATIENCE = 3  # times that each speaker may have nothing to say

_PAUSE_S, _HESITATION_S = (0.0, 0.06), (0.08, 0.3)
_LEVEL = 0.05
_FORMAT = 1

Audio = NDArray[np.float32]


@dataclass(frozen=True)
class Spliced:
    """Pieces that make a text, and who says it; ``number`` is its place among all."""

    speaker: str
    pieces: Sequence[Piece]
    number: int

    @property
    def id(self) -> str:
        """The same for the same pieces in the same place."""
        pieces = [(p.utterance.id, p.first, p.last) for p in self.pieces]
        said = [_FORMAT, self.speaker, pieces, self.number]
        return f"spliced-{hashlib.sha256(json.dumps(said).encode()).hexdigest()[:16]}"


Words = Sequence[str]
Author = Callable[[WordStock, Generator], Words]
"""Writes a text that somebody has the words for; an empty one if there is none."""


def text_author(lines: Sequence[Line]) -> Author:
    """Takes the longest part of some texts that a speaker has the words for."""

    def write(stock: WordStock, random: Generator) -> Words:
        places = random.integers(len(lines), size=TRIED_TEXTS)
        runs = [stock.longest_run(lines[place].words) for place in places]
        return max(runs, key=lambda run: len(set(run)))

    return write


def list_author(words: Words) -> Author:
    """Draws words of a list that a speaker has."""

    def write(stock: WordStock, random: Generator) -> Words:
        known = [word for word in words if word in stock]
        count = min(int(random.integers(SHORTEST, _MOST_LISTED + 1)), len(known))
        return [known[i] for i in random.choice(len(known), count, replace=False)] if count else []

    return write


def spliced_texts(author: Author, seed: int, stocks: dict[str, WordStock]) -> Iterator[Spliced]:
    """Who says what, without end, unless nobody can say anything."""
    speakers = sorted(stocks)
    number, misses = 0, 0
    while misses < _PATIENCE * len(speakers):
        random = random_of("splice", seed, number)
        speaker = speakers[int(random.integers(len(speakers)))]
        words = author(stocks[speaker], random)
        pieces = stocks[speaker].pieces(words, random) if len(set(words)) >= SHORTEST else []
        misses += 1
        if len(pieces) > 1:  # else it was said just so
            misses = 0
            yield Spliced(speaker, pieces, number)
        number += 1


def joined(corpus: Corpus, spliced: Spliced) -> Made:
    """The audio of the pieces: cut with some sound around them, faded over into each other."""
    random = random_of(spliced.id)
    pad, edge = to_samples(PADDING_S), to_samples(EDGE_S)
    samples = np.zeros(edge, dtype=np.float32)
    words: list[Aligned] = []
    phones: list[Aligned] = []
    position = edge
    for piece in spliced.pieces:
        position += to_samples(_pause(random)) if words else 0
        said = piece.utterance.words[piece.first : piece.last + 1]
        start, end = said[0].start, min(said[-1].end, piece.utterance.length)
        samples = _laid(samples, _cut(corpus, piece, start, end), position - pad)
        words += shifted(said, position - start)
        phones += shifted(_phones(piece, start, end), position - start)
        position += end - start
    samples = np.pad(samples, (0, max(0, position + edge - len(samples))))
    details = {"sources": [piece.utterance.id for piece in spliced.pieces]}
    known = any(phone.text != UNKNOWN_PHONE for phone in phones)
    told = tuple(phones) if known else None
    return Made(spliced.id, spliced.speaker, samples, tuple(words), told, details)


def _pause(random: Generator) -> float:
    hesitates = random.random() < HESITATIONS
    return float(random.uniform(*(_HESITATION_S if hesitates else _PAUSE_S)))


def _cut(corpus: Corpus, piece: Piece, start: int, end: int) -> Audio:
    """The samples of a piece with padding at both ends, faded there, as loud as any other."""
    pad = to_samples(PADDING_S)
    samples = corpus.audio(piece.utterance, start - pad, end + pad)
    samples = np.pad(samples, (max(0, pad - start), 0))
    samples = np.pad(samples, (0, max(0, end - start + 2 * pad - len(samples))))
    level = float(np.sqrt((samples**2).mean()))
    ramp = np.sin(0.5 * np.pi * (np.arange(pad, dtype=np.float32) + 0.5) / pad) ** 2
    samples = samples * np.float32(_LEVEL / max(level, 1e-4))
    samples[:pad] *= ramp
    samples[len(samples) - pad :] *= ramp[::-1]
    return samples.astype(np.float32)


def _laid(samples: Audio, piece: Audio, at: int) -> Audio:
    """``piece`` added to ``samples`` from ``at`` on."""
    longer = np.pad(samples, (0, max(0, at + len(piece) - len(samples))))
    longer[at : at + len(piece)] += piece
    return longer


def _phones(piece: Piece, start: int, end: int) -> Sequence[Aligned]:
    if piece.utterance.phones is None:
        return (Aligned(UNKNOWN_PHONE, start, end),)
    return [p for p in piece.utterance.phones if start <= p.start and p.end <= end]


def splice(
    corpus: Corpus,
    texts: Iterator[Spliced],
    folder: CorpusFolder,
    hours: float,
    tell: Progress,
) -> int:
    """Fill a folder with so many hours; what it has already is not made again.

    Returns:
        How many utterances its manifest lists.
    """

    def entries() -> Iterator[Entry]:
        for text in texts:
            yield folder.entries.get(text.id) or folder.add(joined(corpus, text))

    return fill(folder, entries(), hours, tell)
