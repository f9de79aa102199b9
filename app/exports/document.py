"""What every export format gets: turns with names and times in seconds."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from app.files import OutputError, replaced, write_file
from app.sound import Segment
from app.store_notes import Note
from app.transcript import Transcript, Turn
from app.words import translate
from engine.timeline import to_seconds


@dataclass(frozen=True, slots=True)
class ExportWord:
    """A word; times in seconds since the start of the meeting, confidence 0..1.

    ``text`` is the raw word, for programs that score; ``readable`` has its case and the mark after
    it, and equals ``text`` where neither was restored.
    """

    text: str
    start_s: float
    end_s: float
    confidence: float
    readable: str


@dataclass(frozen=True, slots=True)
class ExportTurn:
    """A turn of a named speaker; times in seconds since the start of the meeting."""

    speaker: str
    start_s: float
    end_s: float
    words: tuple[ExportWord, ...]

    @property
    def text(self) -> str:
        """The words as people read them, with single spaces."""
        return " ".join(word.readable for word in self.words)


@dataclass(frozen=True, slots=True)
class ExportNote:
    """A bookmark, in seconds since the start of the meeting; its text may be empty."""

    time_s: float
    text: str


@dataclass(frozen=True, slots=True)
class SoundPart:
    """A recording, and the second of the document at which it begins (it may be negative).

    Recordings of different sources are heard at the same time.
    """

    path: Path
    start_s: float = 0.0
    source: str = ""


@dataclass(frozen=True, slots=True)
class ExportDocument:
    """A transcript to be written; ``session_id`` names it for programs, ``title`` for people.

    Attributes:
        started_at: when its second 0 was, with its time zone, if that is known.
        length_s: how long the meeting is, as far as is known.
        start_s: where the document begins: 0, or the start of a selection.
        end_s: where a selection ends; None: where the meeting does.
        sound: the recordings, in order; between them there is silence.
        audible: (start, end) in seconds of what is to be heard of them; None: everything.
        notes: the bookmarks, by time.
    """

    session_id: str
    title: str
    turns: list[ExportTurn]
    started_at: datetime | None = None
    length_s: float = 0.0
    start_s: float = 0.0
    end_s: float | None = None
    sound: tuple[SoundPart, ...] = ()
    audible: tuple[tuple[float, float], ...] | None = None
    notes: tuple[ExportNote, ...] = ()

    @property
    def speakers(self) -> list[str]:
        """The names of those who speak, in order of appearance."""
        return list(dict.fromkeys(turn.speaker for turn in self.turns))

    @property
    def until_s(self) -> float:
        """Where the document ends, in seconds."""
        if self.end_s is not None:
            return self.end_s
        return max([self.length_s, *(turn.end_s for turn in self.turns)])


@dataclass(frozen=True, slots=True)
class ExportFormat:
    """A file format: its name on the command line, its suffix and its title in menus.

    Attributes:
        write: the document as the bytes of a file.
        binary: whether a terminal cannot show it.
        stream: writes a new file bit by bit, where a meeting would be too much for the memory.
    """

    name: str
    suffix: str
    title: str
    write: Callable[[ExportDocument], bytes]
    binary: bool = False
    stream: Callable[[ExportDocument, Path], None] | None = None

    def save(self, document: ExportDocument, path: Path) -> None:
        """Write the document to a file, all or nothing.

        Raises:
            OutputError: that cannot be done, or ``path`` is a recording of the document.
        """
        if path.exists() and any(p.path.exists() and path.samefile(p.path) for p in document.sound):
            raise OutputError(
                translate("app", "{path} is the recording itself: choose another output.").format(
                    path=path
                )
            )
        if self.stream is None:
            write_file(path, self.write(document))
            return
        with replaced(path) as unfinished:
            self.stream(document, unfinished)


def document_of(
    transcript: Transcript,
    session_id: str,
    title: str,
    recording: Path | None = None,
    started_at: datetime | None = None,
    segments: Iterable[Segment] = (),
    notes: Iterable[Note] = (),
) -> ExportDocument:
    """The turns of a transcript that have words, ordered by start, and its recordings.

    These are the ``segments``, or the one ``recording``.
    """
    parts = tuple(SoundPart(s.path, to_seconds(s.start), s.source.value) for s in segments)
    turns = [_turn(transcript, turn) for turn in transcript.ordered() if turn.words]
    return ExportDocument(
        _encodable(session_id),
        _encodable(title),
        turns,
        started_at,
        to_seconds(transcript.duration),
        sound=parts or ((SoundPart(recording),) if recording is not None else ()),
        notes=tuple(ExportNote(to_seconds(note.sample), note.text) for note in notes),
    )


def _turn(transcript: Transcript, turn: Turn) -> ExportTurn:
    words = tuple(
        ExportWord(
            word.text,
            to_seconds(word.start),
            to_seconds(word.end),
            word.confidence,
            word.shown,
        )
        for word in turn.words
    )
    start_s, end_s = to_seconds(turn.start), to_seconds(turn.until)
    return ExportTurn(transcript.speaker_name(turn), start_s, end_s, words)


def _encodable(name: str) -> str:
    """A file name may hold bytes that are no text."""
    return name.encode(errors="replace").decode()
