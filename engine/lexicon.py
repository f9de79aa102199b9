"""The words that a model can write, spelled in its tokens, and the tree of their beginnings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from engine.errors import ModelError
from engine.tokens import SPECIAL


@dataclass(frozen=True)
class Lexicon:
    """Words and their spellings.

    Attributes:
        words: by their number; number 0 is the edge of a turn and has no spelling.
        spellings: number of a word and the tokens of one of its spellings.
    """

    words: tuple[str, ...]
    spellings: tuple[tuple[int, tuple[int, ...]], ...]

    def __post_init__(self) -> None:
        for word, tokens in self.spellings:
            if not 0 < word < len(self.words) or not tokens or min(tokens) < SPECIAL:
                raise ModelError("The model's lexicon is damaged: install the model again.")

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """As arrays, to be stored."""
        return {
            "words": np.frombuffer("\n".join(self.words).encode(), dtype=np.uint8),
            "spelled": np.array([word for word, _ in self.spellings], dtype=np.int32),
            "lengths": np.array([len(t) for _, t in self.spellings], dtype=np.int32),
            "letters": np.array([t for _, ts in self.spellings for t in ts], dtype=np.int32),
        }

    @classmethod
    def of_arrays(cls, arrays: dict[str, NDArray[np.generic]]) -> Lexicon:
        """What :meth:`arrays` gave. Raises: KeyError, ValueError, ModelError."""
        words = arrays["words"].tobytes().decode().split("\n")
        letters: list[int] = arrays["letters"].tolist()
        ends = np.cumsum(arrays["lengths"]).tolist()
        begins = [0, *ends[:-1]]
        spelled: list[int] = arrays["spelled"].tolist()
        spellings = [
            (word, tuple(letters[b:e])) for word, b, e in zip(spelled, begins, ends, strict=True)
        ]
        return cls(tuple(words), tuple(spellings))


@dataclass(frozen=True)
class PrefixTree:
    """Spellings as a tree; node 0 is its root.

    Attributes:
        children: node after a token, (nodes, vocabulary), -1 where no word goes on so.
        words: numbers of the words that end at each node.
        promise: the highest log-probability of a word at or below each node, (nodes,).
    """

    children: NDArray[np.int32]
    words: tuple[tuple[int, ...], ...]
    promise: NDArray[np.float32]
    inner: NDArray[np.bool_] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "inner", (self.children >= 0).any(axis=1))

    @classmethod
    def of(cls, lexicon: Lexicon, vocabulary: int, prior: NDArray[np.float32]) -> PrefixTree:
        """Build the tree; ``prior`` has the log-probability of each word."""
        children: list[dict[int, int]] = [{}]
        words: list[list[int]] = [[]]
        promise = [-np.inf]
        for word, tokens in lexicon.spellings:
            node, likely = 0, float(prior[word])
            promise[0] = max(promise[0], likely)
            for token in tokens:
                if token not in children[node]:
                    children[node][token] = len(children)
                    children.append({})
                    words.append([])
                    promise.append(-np.inf)
                node = children[node][token]
                promise[node] = max(promise[node], likely)
            if word not in words[node]:
                words[node].append(word)
        table = np.full((len(children), vocabulary), -1, dtype=np.int32)
        for node, following in enumerate(children):
            for token, child in following.items():
                table[node, token] = child
        return cls(table, tuple(map(tuple, words)), np.array(promise, dtype=np.float32))


class WordTokens:
    """Words of a lexicon as tokens of the search's output: number ``n`` is ``SPECIAL + n``."""

    whole_words = True

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon

    def starts_word(self, token: int) -> bool:
        """Every token is a word."""
        return True

    def is_text(self, token: int) -> bool:
        """Whether a token is a word (not a special token)."""
        return token >= SPECIAL

    def text(self, tokens: Sequence[int]) -> str:
        """The word."""
        return " ".join(self._lexicon.words[t - SPECIAL] for t in tokens)


def lexicon_of(spelled: Iterable[tuple[str, Iterable[Sequence[int]]]]) -> Lexicon:
    """A lexicon of words with their spellings."""
    words = [""]
    spellings: list[tuple[int, tuple[int, ...]]] = []
    for word, variants in spelled:
        spellings += [(len(words), tuple(v)) for v in variants]
        words.append(word)
    return Lexicon(tuple(words), tuple(spellings))
