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
from app.words import QT_TRANSLATE_NOOP

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
        ExportFormat("txt", ".txt", QT_TRANSLATE_NOOP("Formats", "Plain text"), text.write),
        ExportFormat("md", ".md", QT_TRANSLATE_NOOP("Formats", "Markdown"), markdown.write),
        ExportFormat(
            "docx",
            ".docx",
            QT_TRANSLATE_NOOP("Formats", "Word document"),
            docx_document.write,
            binary=True,
        ),
        ExportFormat(
            "srt", ".srt", QT_TRANSLATE_NOOP("Formats", "SRT subtitles"), subtitles.write_srt
        ),
        ExportFormat(
            "vtt", ".vtt", QT_TRANSLATE_NOOP("Formats", "WebVTT subtitles"), subtitles.write_vtt
        ),
        ExportFormat(
            "json",
            ".json",
            QT_TRANSLATE_NOOP("Formats", "JSON with words, times and confidences"),
            json_document.write,
        ),
        ExportFormat(
            "seglst",
            ".json",
            QT_TRANSLATE_NOOP("Formats", "SegLST, for scoring with MeetEval"),
            seglst.write,
        ),
        ExportFormat(
            "rttm", ".rttm", QT_TRANSLATE_NOOP("Formats", "RTTM, who speaks when"), rttm.write
        ),
        ExportFormat(
            "ctm", ".ctm", QT_TRANSLATE_NOOP("Formats", "CTM, words for scoring"), ctm.write
        ),
        ExportFormat(
            "stm", ".stm", QT_TRANSLATE_NOOP("Formats", "STM, turns for scoring"), stm.write
        ),
        ExportFormat(
            "textgrid",
            ".TextGrid",
            QT_TRANSLATE_NOOP("Formats", "TextGrid, for Praat"),
            textgrid.write,
        ),
        ExportFormat("eaf", ".eaf", QT_TRANSLATE_NOOP("Formats", "EAF, for ELAN"), eaf.write),
        _sound("wav", QT_TRANSLATE_NOOP("Formats", "Sound as WAV"), sound.WAV),
        _sound(
            "flac", QT_TRANSLATE_NOOP("Formats", "Sound as FLAC, exact and smaller"), sound.FLAC
        ),
        _sound("opus", QT_TRANSLATE_NOOP("Formats", "Sound as Opus, smallest"), sound.OPUS),
    )
}
