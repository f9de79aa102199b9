"""Plain text: a title, then one line for each turn, and the notes."""

from __future__ import annotations

import re

from app.exports.document import ExportDocument

NOTES = "Notes"
_TIME = re.compile(r"(?:\d+:[0-5]?\d:[0-5]?\d|\d+:[0-5]?\d|\d+)(?:\.\d+)?")


def write(document: ExportDocument) -> bytes:
    """The document as UTF-8 text."""
    lines = [
        f"[{clock(turn.start_s)} - {clock(turn.end_s)}] {turn.speaker}: {turn.text}"
        for turn in document.turns
    ]
    notes = [f"[{clock(note.time_s)}] {note.text}".rstrip() for note in document.notes]
    tail = ["", NOTES, "", *notes] if notes else []
    return "\n".join([document.title, "", *lines, *tail, ""]).encode()


def clock(seconds: float) -> str:
    """A time as h:mm:ss.t; tenths are cut off, not rounded, so that it never runs ahead."""
    tenths = int(seconds * 10)
    return f"{tenths // 36_000}:{tenths // 600 % 60:02}:{tenths // 10 % 60:02}.{tenths % 10}"


def seconds_of(text: str) -> float:
    """The seconds of a time written as s, m:ss or h:mm:ss, with decimals or without.

    Raises:
        ValueError: it is not written so.
    """
    if not _TIME.fullmatch(text):
        raise ValueError(f"{text!r} is no time")
    seconds = 0.0
    for part in text.split(":"):
        seconds = 60 * seconds + float(part)
    return seconds
