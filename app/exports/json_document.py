"""JSON with everything the transcript knows: words raw and readable, and their confidences."""

from __future__ import annotations

import json
from dataclasses import asdict

from app.exports.document import ExportDocument

VERSION = 1


def write(document: ExportDocument) -> bytes:
    """The document as a JSON object; fields named ``_s`` are seconds."""
    started_at = document.started_at.isoformat() if document.started_at else None
    content = {
        "format": "crosstalk",
        "version": VERSION,
        "session_id": document.session_id,
        "title": document.title,
        "started_at": started_at,
        "turns": [asdict(turn) for turn in document.turns],
        "notes": [asdict(note) for note in document.notes],
    }
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()
