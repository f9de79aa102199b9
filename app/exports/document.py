"""What every export format gets: turns with names and times in seconds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from app.files import write_file
from app.transcript import Transcript, Turn
from engine.timeline import to_seconds


@dataclass(frozen=True, slots=True)
class ExportWord:
    """A word; times in seconds since the start of the meeting, confidence 0..1."""

    text: str
    start_s: float
    end_s: float
    confidence: float


@dataclass(frozen=True, slots=True)
class ExportTurn:
    """A turn of a named speaker; times in seconds since the start of the meeting."""

    speaker: str
    start_s: float
    end_s: float
    words: tuple[ExportWord, ...]

    @property
    def text(self) -> str:
        """The words with single spaces."""
        return " ".join(word.text for word in self.words)


@dataclass(frozen=True, slots=True)
class ExportDocument:
    """A transcript to be written; ``session_id`` names it for programs, ``title`` for people."""

    session_id: str
    title: str
    turns: list[ExportTurn]


@dataclass(frozen=True, slots=True)
class ExportFormat:
    """A file format: its name on the command line, its suffix and its title in menus."""

    name: str
    suffix: str
    title: str
    write: Callable[[ExportDocument], bytes]

    def save(self, document: ExportDocument, path: Path) -> None:
        """Write the document to a file; :class:`app.files.OutputError` if that cannot be done."""
        write_file(path, self.write(document))


def document_of(transcript: Transcript, session_id: str, title: str) -> ExportDocument:
    """The turns of a transcript that have words, ordered by start."""
    turns = [_turn(transcript, turn) for turn in transcript.ordered() if turn.words]
    return ExportDocument(session_id, title, turns)


def _turn(transcript: Transcript, turn: Turn) -> ExportTurn:
    words = tuple(
        ExportWord(word.text, to_seconds(word.start), to_seconds(word.end), word.confidence)
        for word in turn.words
    )
    start_s, end_s = to_seconds(turn.start), to_seconds(turn.until)
    return ExportTurn(transcript.speaker_name(turn), start_s, end_s, words)
