"""The command line: ``crosstalk`` opens the window, its commands do without one."""

from __future__ import annotations

import importlib
import os
import queue
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress
from rich.table import Table

from app.audio.devices import find_input, input_devices
from app.audio.sources import MicrophoneSource
from app.errors import AppError
from app.exports import FORMATS, ExportFormat
from app.exports.text import clock
from app.live_command import follow, stop_signals, transcribe_live
from app.live_view import LiveView, say
from app.meeting import MeetingRun
from app.models import default_model, engine_factory, find_model, installed_models, read_card
from app.outputs import STANDARD_OUTPUT, Output, outputs_for
from app.paths import library_path
from app.session import EngineFactory
from app.settings import ComputeDevice, Settings
from app.store import Library
from app.transcription import Heard, transcribe_file
from engine.audio import read_info
from engine.errors import AudioError, EngineError, ModelError
from engine.events import Event

PROBLEM = 2
"""Exit code for everything that the user can do something about."""
INTERRUPTED = 130
PATIENCE_S = 30.0

cli = typer.Typer(
    name="crosstalk",
    help="Shows who says what in a meeting, also when people talk over each other.",
    epilog="Everything runs on this computer. Without a command the window opens.",
    invoke_without_command=True,
    pretty_exceptions_enable=False,
)


def _form(name: str) -> ExportFormat:
    if name not in FORMATS:
        raise typer.BadParameter(f"choose one of {', '.join(FORMATS)}")
    return FORMATS[name]


Format = Annotated[
    ExportFormat,
    typer.Option("--format", parser=_form, metavar="FORMAT", help=f"One of {', '.join(FORMATS)}."),
]
ModelName = Annotated[str | None, typer.Option("--model", help="Name or path of a model.")]
Device = Annotated[ComputeDevice | None, typer.Option(help="Where the model runs.")]


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit: 0 done, 2 with a message that says what to do."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # names may hold what a terminal cannot show
    try:
        try:
            cli(arguments, prog_name="crosstalk")
        finally:
            sys.stdout.flush()  # here, where a full disk can still be reported
    except (AppError, EngineError) as error:
        _complain(error)
        sys.exit(PROBLEM)
    except BrokenPipeError:  # the reader has seen enough
        _drop_output()
        sys.exit(1)
    except OSError as error:
        _complain(f"The output could not be written ({error}): free some space and try again.")
        _drop_output()
        sys.exit(PROBLEM)


@cli.callback()
def _window(
    context: typer.Context,
    show_version: Annotated[bool, typer.Option("--version", help="Show the version.")] = False,
) -> None:
    if show_version:
        print(f"crosstalk {version('crosstalk')}")
    elif context.invoked_subcommand is None:
        raise typer.Exit(_open_window())


@cli.command()
def transcribe(
    audio: Annotated[list[Path], typer.Argument(help="Audio files.")],
    form: Format = "txt",  # type: ignore[assignment]
    output: Annotated[
        Path | None, typer.Option(help="File, or - for standard output; a folder for several.")
    ] = None,
    model: ModelName = None,
    device: Device = None,
    live: Annotated[bool, typer.Option(help="Hear them at the pace of a microphone.")] = False,
) -> None:
    """Write down who says what in audio files."""
    shown_only = live and output is None
    outputs = [None] * len(audio) if shown_only else outputs_for(audio, output, form)
    jobs = [job for job in zip(audio, outputs, strict=True) if _check(job[0])]
    fine = len(jobs) == len(audio)
    if jobs:
        engine = _engine(model, device)
        fine &= all([_transcribe_one(path, engine, target, live) for path, target in jobs])
    if not fine:
        raise typer.Exit(PROBLEM)


@cli.command()
def record(
    device_name: Annotated[
        str | None, typer.Option(help="Microphone, as `crosstalk devices` calls it.")
    ] = None,
    duration: Annotated[
        float | None, typer.Option(min=0.1, help="Seconds; without, until Ctrl-C.")
    ] = None,
    title: Annotated[str | None, typer.Option(help="What the meeting is called.")] = None,
    model: ModelName = None,
    device: Device = None,
) -> None:
    """Record a meeting into the library and show its turns; Ctrl-C stops and saves."""
    engine = _engine(model, device)
    source = MicrophoneSource(find_input(device_name or _settings().input_device))
    events: queue.Queue[Event] = queue.Queue()
    run = MeetingRun(library_path(), source, title, engine, events.put)
    with LiveView(Console()) as view, stop_signals() as stopping:
        run.start()
        say(f"Recording “{run.device_name}” to {run.recording}. Ctrl-C stops and saves.")
        with _saving(run):
            follow(run, events, view, stopping, duration)
    _sum_up(run, view)


@cli.command()
def export(
    meeting: Annotated[str, typer.Argument(help="Number or title of a meeting, or `last`.")],
    form: Format = "txt",  # type: ignore[assignment]
    output: Annotated[Path, typer.Option(help="File or folder, - for standard output.")] = (
        STANDARD_OUTPUT
    ),
) -> None:
    """Write the transcript of a meeting of the library."""
    with Library(library_path()) as library:
        found = library.find(meeting)
        transcript = library.load(found.id)
    (target,) = outputs_for([found.recording], output, form)
    target.write(transcript, found.recording.stem, found.title)


@cli.command()
def meetings() -> None:
    """List the meetings of the library, the latest first."""
    with Library(library_path()) as library:
        rows = [
            (
                str(meeting.id),
                meeting.title,
                f"{meeting.started_at.astimezone():%Y-%m-%d %H:%M}",
                clock(meeting.duration_s) if meeting.duration_s is not None else "",
                str(meeting.turns),
                str(meeting.speakers),
                meeting.state.value,
            )
            for meeting in library.meetings()
        ]
    _print_table(("no.", "title", "started", "length", "turns", "people", "state"), rows)


@cli.command()
def devices() -> None:
    """List the microphones."""
    found = input_devices()
    if not found:
        find_input(None)  # says what to do
    rows = (
        (
            each.name,
            str(each.channels),
            f"{each.rate} Hz",
            each.hostapi,
            "default" if each.is_default else "",
        )
        for each in found
    )
    _print_table(("name", "channels", "rate", "system", ""), rows)


@cli.command()
def models() -> None:
    """List the installed models."""
    found = installed_models()
    if not found:
        default_model()  # says what to do
    rows = (
        (each.name, f"{each.size_bytes / 1e6:.1f} MB", _description(each.path), str(each.path))
        for each in found
    )
    _print_table(("name", "size", "description", "file"), rows)


@cli.command()
def doctor() -> None:
    """Check what Crosstalk needs: packages, microphone, model, folders, disk."""
    from app.doctor import examine

    console = Console(highlight=False)
    for finding in examine():
        mark = "[green]ok  [/]" if finding.ok else "[yellow]warn[/]"
        console.print(f"{mark}  {finding.name + ':':12}", end=" ")
        console.print(finding.detail, markup=False, soft_wrap=True)


def _open_window() -> int:
    headless = sys.platform.startswith("linux") and not any(
        os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    )
    if headless:
        raise AppError(
            "There is no display to open the window on. Use `crosstalk record`, or "
            "`crosstalk transcribe --live FILE`; `crosstalk --help` lists everything."
        )
    # By name: the window lies above this layer, and is loaded only when it is asked for.
    code: int = importlib.import_module("ui.application").run(sys.argv[:1])
    return code


def _engine(model: str | None, device: ComputeDevice | None) -> EngineFactory:
    settings = _settings()
    path = find_model(model) if model else default_model()
    return engine_factory(path, device or settings.device)


def _settings() -> Settings:
    settings, warning = Settings.load()
    if warning:
        say(warning)
    return settings


def _check(recording: Path) -> bool:
    """Whether a recording can be read at all; says why not."""
    try:
        read_info(recording)
    except AudioError as error:
        _complain(error)
        return False
    return True


def _transcribe_one(path: Path, engine: EngineFactory, target: Output | None, live: bool) -> bool:
    """Transcribe one recording; False, with a message, if anything about it went wrong."""
    try:
        if live:
            heard = _hear_live(path, engine, to_stderr=target is not None and not target.is_file)
        else:
            heard = _hear(path, engine)
        if target is not None:
            target.write(heard.transcript, path.stem, path.stem)
    except (AudioError, AppError) as error:
        _complain(error)
        return False
    if heard.message:
        _complain(heard.message)
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


@contextmanager
def _saving(run: MeetingRun) -> Iterator[None]:
    """However following a recording ends, stop it and say where it is."""
    try:
        yield
    except KeyboardInterrupt:  # the second Ctrl-C
        _complain(
            "The text is not complete. The sound is saved; later: crosstalk transcribe "
            f"{run.recording}"
        )
        raise typer.Exit(INTERRUPTED) from None
    except OSError:  # nobody reads the output any more
        run.stop()
        run.wait(PATIENCE_S)
        raise
    finally:
        run.stop()


def _sum_up(run: MeetingRun, view: LiveView) -> None:
    turns = sum(1 for turn in run.snapshot() if turn.words)
    say(
        f"Saved as meeting {run.meeting_id}: {clock(run.elapsed)}, {turns} turns. "
        f"To read it: crosstalk export {run.meeting_id}"
    )
    if run.problem:
        _complain(f"{run.problem} The sound is in {run.recording}.")
    if run.problem or view.problems:
        raise typer.Exit(PROBLEM)


def _description(path: Path) -> str:
    try:
        return read_card(path).description
    except ModelError as error:
        return str(error)


def _print_table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A table in a terminal, tab-separated lines elsewhere."""
    console = Console()
    if not console.is_terminal:
        for row in (columns, *rows):
            print(*(cell.replace("\t", " ") for cell in row), sep="\t")
        return
    table = Table(*columns, box=None)
    for row in rows:
        table.add_row(*(escape(cell) for cell in row))
    console.print(table)


def _drop_output() -> None:
    """Let Python not stumble at its end over output that cannot be written."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def _complain(message: object) -> None:
    say(f"crosstalk: {message}")
