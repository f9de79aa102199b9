"""Documents and names in the shape that file formats insist on."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import replace

from app.exports.document import ExportDocument, ExportTurn, ExportWord

NO_NAME = "?"
NO_TEXT = frozenset("\ufffe\uffff")  # XML does not take them, and nobody means them


def tidy(document: ExportDocument) -> ExportDocument:
    """The document with lines of text without control characters, and times in whole milliseconds.

    Turns and words last a millisecond at least, and the words of a turn do not overlap: one that
    begins too early waits for the one before. What has no text is left out.
    """
    turns = (_turn(turn) for turn in document.turns)
    return replace(
        document,
        session_id=one_line(document.session_id),
        title=one_line(document.title),
        turns=[turn for turn in turns if turn.words],
        notes=tuple(replace(note, text=one_line(note.text)) for note in document.notes),
    )


def one_line(text: str) -> str:
    """A text without control characters, with single spaces."""
    kept = (c for c in text if c.isspace() or not _forbidden(c))
    return " ".join("".join(kept).split())


def token(text: str) -> str:
    """A text as one field of a format whose fields are separated by spaces."""
    # A line that begins with a semicolon is a comment in those formats.
    return "_".join(one_line(text).split()).lstrip(";") or "_"


def tokens(names: Iterable[str]) -> dict[str, str]:
    """Different fields for different names."""
    made: dict[str, str] = {}
    for name in names:
        if name not in made:
            made[name] = unused(token(name), made.values(), "_")
    return made


def unused(name: str, taken: Iterable[str], before_number: str = " ") -> str:
    """The name, or the first of "name 2", "name 3" ... that is not taken."""
    others, number, free = set(taken), 1, name
    while free in others:
        number += 1
        free = f"{name}{before_number}{number}"
    return free


def milliseconds(seconds: float) -> int:
    """The nearest whole number of milliseconds."""
    return round(seconds * 1_000)


def _forbidden(character: str) -> bool:
    return character in NO_TEXT or unicodedata.category(character) in ("Cc", "Cs")


def _turn(turn: ExportTurn) -> ExportTurn:
    start_ms = milliseconds(turn.start_s)
    end_ms = max(milliseconds(turn.end_s), start_ms + 1)
    return ExportTurn(
        one_line(turn.speaker) or NO_NAME, start_ms / 1_000, end_ms / 1_000, tuple(_words(turn))
    )


def _words(turn: ExportTurn) -> Iterator[ExportWord]:
    reach_ms = 0
    for word in turn.words:
        readable = one_line(word.readable)
        text = one_line(word.text) or readable
        if not text:
            continue
        start_ms = max(milliseconds(word.start_s), reach_ms)
        reach_ms = max(milliseconds(word.end_s), start_ms + 1)
        yield ExportWord(
            text, start_ms / 1_000, reach_ms / 1_000, word.confidence, readable or text
        )
