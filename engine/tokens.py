"""Word pieces and the special tokens.

These are blank, ``<sot>`` (start of turn), ``<eot>`` (its end) and ``<cc>`` (channel change, as in
arXiv 2202.00842): a turn goes on on another channel.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Literal, Protocol

import sentencepiece

from engine.errors import ModelError

BLANK, SOT, EOT, UNKNOWN, CHANGE = 0, 1, 2, 3, 4
SPECIAL = 5
_CHANGE_PIECE = "<cc>"
_WORD_START = "\u2581"


class OutputTokens(Protocol):
    """Tokens as a search gives them: what is text, and how it makes words."""

    @property
    def whole_words(self) -> bool:
        """Whether every token is a word, so that each can be final as soon as it is said."""

    def starts_word(self, token: int) -> bool:
        """Whether a token begins a new word."""

    def is_text(self, token: int) -> bool:
        """Whether a token is part of a word (not a special token)."""

    def text(self, tokens: Sequence[int]) -> str:
        """The characters of one word's tokens."""


class Tokens:
    """Token ids of a model. Pieces come from a SentencePiece model, whose bytes travel with it."""

    def __init__(self, sentencepiece_model: bytes) -> None:
        self.model = sentencepiece_model
        self._processor = sentencepiece.SentencePieceProcessor()
        try:
            self._processor.LoadFromSerializedProto(sentencepiece_model)
        except RuntimeError as error:
            raise ModelError(
                "The model's word pieces are damaged: install the model again."
            ) from error
        if self._processor.PieceToId(_CHANGE_PIECE) != CHANGE:
            raise ModelError("The model was made by another version: install one for this version.")

    @classmethod
    def train(
        cls, lines: Iterable[str], size: int, kind: Literal["word", "unigram", "bpe"] = "word"
    ) -> Tokens:
        """Word pieces learned from ``lines``; ``size`` counts the special tokens too."""
        model = io.BytesIO()
        sentencepiece.SentencePieceTrainer.Train(
            sentence_iterator=iter(lines),
            model_writer=model,
            vocab_size=size,
            model_type=kind,
            pad_id=BLANK,
            bos_id=SOT,
            eos_id=EOT,
            unk_id=UNKNOWN,
            pad_piece="<blank>",
            bos_piece="<sot>",
            eos_piece="<eot>",
            control_symbols=[_CHANGE_PIECE],
            normalization_rule_name="identity",
            minloglevel=2,
        )
        return cls(model.getvalue())

    @property
    def size(self) -> int:
        """Number of token ids, special ones included."""
        count: int = self._processor.GetPieceSize()
        return count

    def encode(self, words: str) -> list[int]:
        """Ids of space-separated, normalised words, without turn tokens."""
        ids: list[int] = self._processor.EncodeAsIds(words)
        return ids

    def piece(self, token: int) -> str:
        """The text of a token as SentencePiece writes it."""
        text: str = self._processor.IdToPiece(token)
        return text

    def starts_word(self, token: int) -> bool:
        """Whether a token begins a new word."""
        return self.piece(token).startswith(_WORD_START)

    def is_text(self, token: int) -> bool:
        """Whether a token is part of a word (not a special token)."""
        return token >= SPECIAL

    def text(self, tokens: Sequence[int]) -> str:
        """The characters of one word's tokens."""
        return "".join(map(self.piece, tokens)).replace(_WORD_START, "")

    @property
    def whole_words(self) -> bool:
        """Whether every piece is a word, so that each token can be final as soon as it is said."""
        return all(self.starts_word(t) for t in range(SPECIAL, self.size))
