"""Formats in which a transcript leaves the application; a new one is a file and a line here."""

from __future__ import annotations

from app.exports import json_document, seglst, text
from app.exports.document import ExportDocument, ExportFormat, ExportTurn, ExportWord, document_of

__all__ = [
    "FORMATS",
    "ExportDocument",
    "ExportFormat",
    "ExportTurn",
    "ExportWord",
    "document_of",
]

FORMATS: dict[str, ExportFormat] = {
    made.name: made
    for made in (
        ExportFormat("txt", ".txt", "Plain text", text.write),
        ExportFormat("seglst", ".json", "SegLST, for scoring with MeetEval", seglst.write),
        ExportFormat(
            "json", ".json", "JSON with words, times and confidences", json_document.write
        ),
    )
}
