"""Plain text: a title, then one line for each turn."""

from __future__ import annotations

from app.exports.document import ExportDocument


def write(document: ExportDocument) -> bytes:
    """The document as UTF-8 text."""
    lines = [
        f"[{clock(turn.start_s)} - {clock(turn.end_s)}] {turn.speaker}: {turn.text}"
        for turn in document.turns
    ]
    return "\n".join([document.title, "", *lines, ""]).encode()


def clock(seconds: float) -> str:
    """A time as h:mm:ss.t; tenths are cut off, not rounded, so that it never runs ahead."""
    tenths = int(seconds * 10)
    return f"{tenths // 36_000}:{tenths // 600 % 60:02}:{tenths // 10 % 60:02}.{tenths % 10}"
