"""Markdown: a title, when and who, then a paragraph for each turn, and the notes."""

from __future__ import annotations

import re

from app.exports.document import ExportDocument
from app.exports.facts import facts
from app.exports.text import NOTES, clock
from app.exports.tidy import tidy

_MARKS = re.compile(r"([\\`*_\[\]<>#|~&$])")


def write(document: ExportDocument) -> bytes:
    """The document as UTF-8 text; the names are bold."""
    document = tidy(document)
    head = [f"# {_escaped(document.title)}", *map(_escaped, facts(document))]
    turns = [
        f"**{_escaped(turn.speaker)}** {clock(turn.start_s)} – {clock(turn.end_s)}\\\n"
        f"{_escaped(turn.text)}"
        for turn in document.turns
    ]
    return ("\n\n".join([*head, *turns, *_notes(document)]) + "\n").encode()


def _notes(document: ExportDocument) -> list[str]:
    """A heading, and a list of the bookmarks."""
    if not document.notes:
        return []
    items = [f"- {clock(note.time_s)} {_escaped(note.text)}".rstrip() for note in document.notes]
    return [f"## {NOTES}", "\n".join(items)]


def _escaped(text: str) -> str:
    """Text whose characters mean nothing but themselves."""
    escaped = _MARKS.sub(r"\\\1", text)
    # What would make a list, a quotation or a heading of a line.
    return re.sub(r"^(\d+(?=[.)])|(?=[-+=]))", r"\1\\", escaped)
