"""What is learned from, and what is held out for the figures."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from engine.data.text_files import book_lines
from engine.training.readable.texts import Text, book_text, read_meetings

HELD_OUT_BOOKS = {"dev": (0.95, 0.96), "test": (0.96, 1.0)}
"""Shares of the lines of the books, from the end."""

HELD_OUT_MEETINGS = {
    "dev": ("ES2011", "IB40", "IS1008", "TS3004"),
    "test": ("EN2002", "ES2004", "IS1009", "TS3003"),
}
"""The usual parts of AMI (full corpus, for recognition); nobody in ``test`` speaks elsewhere."""

UNIT_LINES = 50
"""Lines of the books that are redrawn together for an interval: about a page."""


@dataclass(frozen=True)
class Corpus:
    """Texts of a split; of meetings one list for each meeting, of books one for each page."""

    books: list[list[Text]]
    meetings: list[list[Text]]


def training_texts(data: Path) -> Corpus:
    """What is in no held-out part; the books as one text.

    Raises:
        EngineError: when the corpus folder has no books or no meetings.
    """
    lines = list(book_lines(data))
    held_out = tuple(name for names in HELD_OUT_MEETINGS.values() for name in names)
    meetings = read_meetings(data)
    return Corpus(
        [[book_text(lines[: round(HELD_OUT_BOOKS["dev"][0] * len(lines))])]],
        [texts for name, texts in sorted(meetings.items()) if not name.startswith(held_out)],
    )


def held_out_texts(data: Path, split: str) -> Corpus:
    """The texts of ``dev`` or ``test``.

    Raises:
        EngineError: as :func:`training_texts`.
    """
    lines = list(book_lines(data))
    first, last = (round(share * len(lines)) for share in HELD_OUT_BOOKS[split])
    pages = [lines[i : min(last, i + UNIT_LINES)] for i in range(first, last, UNIT_LINES)]
    meetings = read_meetings(data)
    chosen = HELD_OUT_MEETINGS[split]
    texts = [[book_text(page)] for page in pages]
    return Corpus(
        [page for page in texts if page[0].words],
        [people for name, people in sorted(meetings.items()) if name.startswith(chosen)],
    )
