"""Formats in which a meeting leaves the application; a new one is a file and a line here."""

from __future__ import annotations

from functools import partial

from app.exports import (
    ctm,
    docx_document,
    eaf,
    json_document,
    markdown,
    rttm,
    seglst,
    sound,
    stm,
    subtitles,
    text,
    textgrid,
)
from app.exports.document import (
    ExportDocument,
    ExportFormat,
    ExportNote,
    ExportTurn,
    ExportWord,
    SoundPart,
    document_of,
)
from app.exports.selection import Selection, SelectionError, select, some_turns

__all__ = [
    "FORMATS",
    "ExportDocument",
    "ExportFormat",
    "ExportNote",
    "ExportTurn",
    "ExportWord",
    "Selection",
    "SelectionError",
    "SoundPart",
    "document_of",
    "select",
    "some_turns",
]


def _sound(name: str, title: str, codec: sound.Codec) -> ExportFormat:
    write, stream = partial(sound.whole, codec=codec), partial(sound.stream, codec=codec)
    return ExportFormat(name, f".{name}", title, write, binary=True, stream=stream)


FORMATS: dict[str, ExportFormat] = {
    made.name: made
    for made in (
        ExportFormat("txt", ".txt", "Plain text", text.write),
        ExportFormat("md", ".md", "Markdown", markdown.write),
        ExportFormat("docx", ".docx", "Word document", docx_document.write, binary=True),
        ExportFormat("srt", ".srt", "SRT subtitles", subtitles.write_srt),
        ExportFormat("vtt", ".vtt", "WebVTT subtitles", subtitles.write_vtt),
        ExportFormat(
            "json", ".json", "JSON with words, times and confidences", json_document.write
        ),
        ExportFormat("seglst", ".json", "SegLST, for scoring with MeetEval", seglst.write),
        ExportFormat("rttm", ".rttm", "RTTM, who speaks when", rttm.write),
        ExportFormat("ctm", ".ctm", "CTM, words for scoring", ctm.write),
        ExportFormat("stm", ".stm", "STM, turns for scoring", stm.write),
        ExportFormat("textgrid", ".TextGrid", "TextGrid, for Praat", textgrid.write),
        ExportFormat("eaf", ".eaf", "EAF, for ELAN", eaf.write),
        _sound("wav", "Sound as WAV", sound.WAV),
        _sound("flac", "Sound as FLAC, exact and smaller", sound.FLAC),
        _sound("opus", "Sound as Opus, smallest", sound.OPUS),
    )
}
