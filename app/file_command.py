"""One recording on the command line: read, heard as fast as it goes or live, written down."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.progress import Progress

from app.errors import AppError
from app.exports import document_of
from app.live_command import transcribe_live
from app.live_view import LiveView
from app.outputs import Output
from app.session import EngineFactory
from app.terminal import complain
from app.transcription import Heard, transcribe_file
from engine.audio import read_info
from engine.errors import AudioError


def is_readable(recording: Path) -> bool:
    """Whether a recording can be read at all; says why not."""
    try:
        read_info(recording)
    except AudioError as error:
        complain(error)
        return False
    return True


def transcribe_one(path: Path, engine: EngineFactory, target: Output | None, live: bool) -> bool:
    """Transcribe one recording; False, with a message, if anything about it went wrong."""
    try:
        if live:
            heard = _hear_live(path, engine, to_stderr=target is not None and not target.is_file)
        else:
            heard = _hear(path, engine)
        if target is not None:
            target.write(document_of(heard.transcript, path.stem, path.stem, recording=path))
    except (AudioError, AppError) as error:
        complain(error)
        return False
    if heard.message:
        complain(heard.message)
    return heard.complete


def _hear(path: Path, engine: EngineFactory) -> Heard:
    length_s = read_info(path).duration_s
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(escape(path.name), total=length_s)
        return transcribe_file(path, engine, lambda s: progress.update(task, completed=s))


def _hear_live(path: Path, engine: EngineFactory, to_stderr: bool) -> Heard:
    with LiveView(Console(stderr=to_stderr)) as view:
        return transcribe_live(path, engine, view)
