"""RTTM, who speaks from when to when: what scorers of diarization read."""

from __future__ import annotations

from app.exports.document import ExportDocument
from app.exports.tidy import tidy, token, tokens


def write(document: ExportDocument) -> bytes:
    """One line for each turn, without words; names have no spaces there."""
    document = tidy(document)
    session, names = token(document.session_id), tokens(document.speakers)
    lines = [
        f"SPEAKER {session} 1 {turn.start_s:.3f} {turn.end_s - turn.start_s:.3f} <NA> <NA> "
        f"{names[turn.speaker]} <NA> <NA>\n"
        for turn in document.turns
    ]
    return "".join(lines).encode()
