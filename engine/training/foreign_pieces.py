"""The word pieces of another program's transducer, with our special tokens before them."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.errors import EngineError
from engine.tokens import BLANK, SPECIAL, UNKNOWN, Tokens

NORMAL, UNKNOWN_TYPE, CONTROL, USER_DEFINED, BYTE = 1, 2, 3, 4, 6
"""Types of pieces in a SentencePiece model."""

OURS = (
    ("<blank>", CONTROL),
    ("<sot>", CONTROL),
    ("<eot>", CONTROL),
    ("<unk>", UNKNOWN_TYPE),
    ("<cc>", CONTROL),
)


@dataclass(frozen=True)
class Pieces:
    """Tokens of ours, and where each was.

    Attributes:
        tokens: special tokens, then the pieces of text in their order.
        rows: for each token its number in the other model, whose blank comes last; None for what
            that one does not have.
        count: pieces that the other model has, without its blank.
    """

    tokens: Tokens
    rows: list[int | None]
    count: int

    @classmethod
    def read(cls, path: Path) -> Pieces:
        """Those of a SentencePiece model file. Raises: EngineError."""
        try:
            return cls.of(path.read_bytes())
        except OSError as error:
            raise EngineError(f"{path} cannot be read: give the file of word pieces.") from error

    @classmethod
    def of(cls, serialised: bytes) -> Pieces:
        """Those of a serialised SentencePiece model.

        Raises:
            EngineError: when it is something else.
        """
        proto = _schema().ModelProto()
        try:
            proto.ParseFromString(serialised)
        except Exception as error:  # protobuf's own, of several kinds
            raise EngineError("The word pieces are not a SentencePiece model.") from error
        text = [i for i, p in enumerate(proto.pieces) if p.type in (NORMAL, USER_DEFINED, BYTE)]
        unknown = [i for i, p in enumerate(proto.pieces) if p.type == UNKNOWN_TYPE]
        rows: list[int | None] = [None] * SPECIAL
        rows[BLANK] = count = len(proto.pieces)
        rows[UNKNOWN] = unknown[0] if unknown else None
        return cls(_tokens(proto, text), [*rows, *text], count)


def _tokens(proto: Any, text: list[int]) -> Tokens:
    kept = [proto.pieces[i] for i in text]
    made = _schema().ModelProto()
    made.CopyFrom(proto)
    del made.pieces[:]
    for piece, kind in OURS:
        made.pieces.add(piece=piece, score=0.0, type=kind)
    made.pieces.extend(kept)
    spec = made.trainer_spec
    spec.pad_id, spec.bos_id, spec.eos_id, spec.unk_id = 0, 1, 2, 3
    spec.pad_piece, spec.bos_piece, spec.eos_piece, spec.unk_piece = (name for name, _ in OURS[:4])
    spec.vocab_size = len(made.pieces)
    return Tokens(made.SerializeToString())


def _schema() -> Any:
    """SentencePiece's description of its files, which needs protobuf."""
    return importlib.import_module("sentencepiece.sentencepiece_model_pb2")
