"""A document for Word and LibreOffice: title, when and who, then a paragraph for each turn."""

from __future__ import annotations

from datetime import UTC
from io import BytesIO
from typing import TYPE_CHECKING

from app.exports.document import ExportDocument, ExportTurn
from app.exports.facts import facts
from app.exports.text import NOTES, clock
from app.exports.tidy import tidy

if TYPE_CHECKING:
    from docx.document import Document

GREY = (0x66, 0x66, 0x66)


def write(document: ExportDocument) -> bytes:
    """The document as a .docx file; the names are bold."""
    import docx

    document = tidy(document)
    made = docx.Document()
    _describe(made, document)
    made.add_heading(document.title, level=0)
    for line in facts(document):
        made.add_paragraph(line)
    for turn in document.turns:
        _add(made, turn)
    if document.notes:
        made.add_heading(NOTES, level=1)
    for note in document.notes:
        made.add_paragraph(f"{clock(note.time_s)}  {note.text}".rstrip(), "List Bullet")
    content = BytesIO()
    made.save(content)
    return content.getvalue()


def _describe(made: Document, document: ExportDocument) -> None:
    """The properties of the file, in place of those of the template."""
    about = made.core_properties
    about.title, about.author, about.comments = document.title[:255], "Crosstalk", ""
    if document.started_at:
        about.created = document.started_at.astimezone(UTC).replace(tzinfo=None)


def _add(made: Document, turn: ExportTurn) -> None:
    from docx.shared import RGBColor

    paragraph = made.add_paragraph()
    paragraph.add_run(turn.speaker).bold = True
    times = paragraph.add_run(f"  {clock(turn.start_s)} – {clock(turn.end_s)}")
    times.font.color.rgb = RGBColor(*GREY)
    times.add_break()
    paragraph.add_run(turn.text)
