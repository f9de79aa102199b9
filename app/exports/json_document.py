"""JSON with everything the transcript knows, words and their confidences included."""

from __future__ import annotations

import json
from dataclasses import asdict

from app.exports.document import ExportDocument

VERSION = 1


def write(document: ExportDocument) -> bytes:
    """The document as a JSON object; fields named ``_s`` are seconds."""
    content = {"format": "crosstalk", "version": VERSION, **asdict(document)}
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()
