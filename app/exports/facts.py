"""What stands below a title for people: when, how long, who."""

from __future__ import annotations

from app.exports.document import ExportDocument
from app.exports.text import clock


def facts(document: ExportDocument) -> list[str]:
    """Lines about the meeting, without those that are not known."""
    when = f"{document.started_at.astimezone():%Y-%m-%d %H:%M}" if document.started_at else ""
    whole = document.start_s == 0 and document.end_s is None
    length = clock(document.until_s).partition(".")[0]
    part = length if whole else f"{clock(document.start_s)} – {clock(document.until_s)}"
    about = ", ".join(each for each in (when, part) if each)
    return [line for line in (about, ", ".join(document.speakers)) if line]
