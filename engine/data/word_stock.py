"""What a speaker has said, word by word, and the longest pieces of it that make a new text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from numpy.random import Generator

from engine.data.corpus import Corpus, Utterance
from engine.data.sources import stretches


@dataclass(frozen=True)
class Piece:
    """Words ``first`` to ``last`` of an utterance, said without a long pause."""

    utterance: Utterance
    first: int
    last: int

    @property
    def words(self) -> tuple[str, ...]:
        """What is said."""
        return tuple(word.text for word in self.utterance.words[self.first : self.last + 1])


class WordStock:
    """The words of one speaker; those that are missing may come from others of like voice."""

    def __init__(self, utterances: Iterable[Utterance], others: Sequence[WordStock] = ()) -> None:
        self._others = others
        self._starts: dict[str, list[Piece]] = defaultdict(list)
        for utterance in utterances:
            for first, last in stretches(utterance.words):
                for place in range(first, last + 1):
                    piece = Piece(utterance, place, last)
                    self._starts[utterance.words[place].text].append(piece)

    def __contains__(self, word: str) -> bool:
        return word in self._starts or any(word in other for other in self._others)

    @property
    def size(self) -> int:
        """Different words of the speaker."""
        return len(self._starts)

    def with_others(self, others: Sequence[WordStock]) -> WordStock:
        """The same stock with the words of others, the first of them preferred."""
        wider = WordStock((), others)
        wider._starts = self._starts
        return wider

    def longest_run(self, words: Sequence[str]) -> Sequence[str]:
        """The longest part of a text whose words are all there."""
        best, begin = (0, 0), 0
        for place in range(len(words) + 1):
            if place == len(words) or words[place] not in self:
                best = max(best, (begin, place), key=lambda span: span[1] - span[0])
                begin = place + 1
        return words[slice(*best)]

    def pieces(self, words: Sequence[str], random: Generator) -> list[Piece]:
        """A text of known words as few pieces: from the left, each as long as there is one."""
        found: list[Piece] = []
        while words:
            pieces = [_beginning(piece, words) for piece in self._beginning_with(words[0])]
            length = max(len(piece.words) for piece in pieces)
            longest = [piece for piece in pieces if len(piece.words) == length]
            found.append(longest[int(random.integers(len(longest)))])
            words = words[length:]
        return found

    def _beginning_with(self, word: str) -> list[Piece]:
        own = self._starts.get(word)
        return own or next(other._starts[word] for other in self._others if word in other._starts)


def _beginning(piece: Piece, words: Sequence[str]) -> Piece:
    """As much of a piece as begins with the same words."""
    said = piece.utterance.words
    last = piece.first
    while last < piece.last and last - piece.first + 1 < len(words):
        if said[last + 1].text != words[last + 1 - piece.first]:
            break
        last += 1
    return Piece(piece.utterance, piece.first, last)


def stocks(corpus: Corpus, split: str, fewest: int) -> dict[str, WordStock]:
    """The stock of each speaker of a split who said as many different aligned words at least."""
    said: dict[str, list[Utterance]] = defaultdict(list)
    for utterance in corpus.of_split(split):
        if utterance.words:
            said[utterance.speaker].append(utterance)
    all_stocks = {speaker: WordStock(utterances) for speaker, utterances in sorted(said.items())}
    return {speaker: stock for speaker, stock in all_stocks.items() if stock.size >= fewest}
