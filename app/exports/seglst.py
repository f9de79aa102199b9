"""SegLST, the segment list that MeetEval reads: raw words; times in seconds."""

from __future__ import annotations

import json

from app.exports.document import ExportDocument
from app.transcript import segment


def write(document: ExportDocument) -> bytes:
    """The document as a JSON list of segments."""
    segments = [
        segment(
            document.session_id,
            turn.speaker,
            [word.text for word in turn.words],
            turn.start_s,
            turn.end_s,
        )
        for turn in document.turns
    ]
    return (json.dumps(segments, ensure_ascii=False, indent=2) + "\n").encode()
