"""SRT and WebVTT subtitles."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from app.exports.cues import Cue, cues_of
from app.exports.document import ExportDocument
from app.exports.tidy import milliseconds, tidy

_NO_MARKUP = str.maketrans(
    {
        "<": "\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK}",
        ">": "\N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}",
    }
)
"""SRT has no way to write a character that begins markup."""


def write_srt(document: ExportDocument) -> bytes:
    """The document as SRT; each cue begins with the name."""
    cues = cues_of(tidy(document), prefix="{}:")
    return _written(cues, "srt", lambda cue: "\n".join(cue.lines).translate(_NO_MARKUP))


def write_vtt(document: ExportDocument) -> bytes:
    """The document as WebVTT; names are voice tags, which players use for style."""
    return _written(cues_of(tidy(document)), "vtt", _voiced)


def _voiced(cue: Cue) -> str:
    text = escape("\n".join(cue.lines), quote=False)
    return f"<v {escape(cue.speaker, quote=False)}>{text}"


def _written(cues: list[Cue], form: str, text_of: Callable[[Cue], str]) -> bytes:
    import pysubs2

    file = pysubs2.SSAFile()
    for cue in cues:
        text = text_of(cue).replace("\\", "/")  # pysubs2 takes a backslash for a code
        start, end = milliseconds(cue.start_s), milliseconds(cue.end_s)
        file.append(pysubs2.SSAEvent(start, end, text.replace("\n", "\\N")))
    return file.to_string(form, keep_ssa_tags=True).encode()
