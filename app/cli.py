"""The command line: ``crosstalk`` opens the window, its commands do without one."""

from __future__ import annotations

import queue
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from app.audio.devices import find_input, input_devices
from app.audio.inputs import microphone
from app.audio.system_audio import system_audio
from app.errors import AppError
from app.exports import FORMATS, ExportFormat, Selection, document_of, select
from app.exports.text import seconds_of
from app.file_command import is_readable, transcribe_one
from app.import_command import import_files
from app.jobs.engines import engine_choice
from app.known_voices import voices_for
from app.library_command import meetings_cli
from app.live_command import follow, saving, stop_signals, sum_up
from app.live_view import LiveView
from app.meeting import Care, MeetingRun
from app.models import default_model, engine_factory, find_model
from app.models_command import models_cli
from app.outputs import STANDARD_OUTPUT, outputs_for
from app.paths import library_path
from app.people_command import people_cli
from app.rescue import open_telling
from app.session import EngineFactory
from app.settings import ComputeDevice, Settings
from app.terminal import PROBLEM, complain, drop_output, print_table, say
from app.window_command import open_window
from engine.errors import EngineError
from engine.events import Event

cli = typer.Typer(
    name="crosstalk",
    help="Shows who says what in a meeting, also when people talk over each other.",
    epilog="Everything runs on this computer. Without a command the window opens.",
    invoke_without_command=True,
    pretty_exceptions_enable=False,
)
cli.add_typer(meetings_cli, name="meetings")
cli.add_typer(models_cli, name="models")
cli.add_typer(people_cli, name="people")


def _form(name: str) -> ExportFormat:
    if name not in FORMATS:
        raise typer.BadParameter(f"choose one of {', '.join(FORMATS)}")
    return FORMATS[name]


Format = Annotated[
    ExportFormat,
    typer.Option("--format", parser=_form, metavar="FORMAT", help=f"One of {', '.join(FORMATS)}."),
]


def _moment(text: str) -> float:
    try:
        return seconds_of(text)
    except ValueError:
        raise typer.BadParameter("write it as 90, 1:30 or 1:02:03.5") from None


def _moment_option(name: str, about: str) -> typer.models.OptionInfo:
    option: typer.models.OptionInfo = typer.Option(
        name, parser=_moment, metavar="TIME", help=f"{about}, for example 1:30."
    )
    return option


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
        complain(error)
        sys.exit(PROBLEM)
    except BrokenPipeError:  # the reader has seen enough
        drop_output()
        sys.exit(1)
    except OSError as error:
        complain(f"The output could not be written ({error}): free some space and try again.")
        drop_output()
        sys.exit(PROBLEM)


@cli.callback()
def _window(
    context: typer.Context,
    show_version: Annotated[bool, typer.Option("--version", help="Show the version.")] = False,
) -> None:
    if show_version:
        print(f"crosstalk {version('crosstalk')}")
    elif context.invoked_subcommand is None:
        raise typer.Exit(open_window())


@cli.command("open")
def open_files(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Audio or video files, or folders of them.")
    ] = None,
) -> None:
    """Open the window, and bring files into its library; a window that is open comes forward."""
    raise typer.Exit(open_window(files or ()))


@cli.command()
def transcribe(
    audio: Annotated[list[Path], typer.Argument(help="Audio or video files.")],
    form: Format = "txt",  # type: ignore[assignment]
    output: Annotated[
        Path | None, typer.Option(help="File, or - for standard output; a folder for several.")
    ] = None,
    model: ModelName = None,
    device: Device = None,
    live: Annotated[bool, typer.Option(help="Hear them at the pace of a microphone.")] = False,
) -> None:
    """Write down who says what in audio and video files."""
    shown_only = live and output is None
    outputs = [None] * len(audio) if shown_only else outputs_for(audio, output, form)
    jobs = [job for job in zip(audio, outputs, strict=True) if is_readable(job[0])]
    fine = len(jobs) == len(audio)
    if jobs:
        engine = _engine(model, device)
        fine &= all([transcribe_one(path, engine, target, live) for path, target in jobs])
    if not fine:
        raise typer.Exit(PROBLEM)


@cli.command("import")
def bring_in(
    files: Annotated[list[Path], typer.Argument(help="Audio or video files, or folders of them.")],
    model: ModelName = None,
    device: Device = None,
) -> None:
    """Bring files into the library and write down who says what in them.

    Prints number and title of each new meeting. What Ctrl-C leaves, the window goes on with.
    """
    name = str(find_model(model).absolute()) if model else None
    choice = engine_choice(_settings(), library_path(), device)
    if not import_files(library_path(), files, name, choice):
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
    computer_sound: Annotated[
        bool, typer.Option("--computer-sound", help="Record what this computer plays, too.")
    ] = False,
    only_record: Annotated[
        bool, typer.Option("--only-record", help="Write no text meanwhile; that can be done later.")
    ] = False,
    model: ModelName = None,
    device: Device = None,
) -> None:
    """Record a meeting into the library and show its turns; Ctrl-C stops and saves."""
    engine = None if only_record else _engine(model, device)
    settings = _settings()
    inputs = [microphone(device_name or settings.input_device)]
    if computer_sound:
        inputs.append(system_audio())
    events: queue.Queue[Event] = queue.Queue()
    care = Care(settings.keep_awake)
    open_telling(library_path()).close()  # a damaged one must not stop a recording
    run = MeetingRun(library_path(), inputs, title, engine, events.put, care=care)
    with LiveView(Console()) as view, stop_signals() as stopping:
        run.start()
        say(f"Recording “{run.device_name}” to {run.recording}. Ctrl-C stops and saves.")
        with saving(run):
            follow(run, events, view, stopping, duration)
    sum_up(run, view)


@cli.command()
def export(
    meeting: Annotated[str, typer.Argument(help="Number or title of a meeting, or `last`.")],
    form: Format = "txt",  # type: ignore[assignment]
    output: Annotated[Path, typer.Option(help="File or folder, - for standard output.")] = (
        STANDARD_OUTPUT
    ),
    start: Annotated[float, _moment_option("--from", "Where to begin")] = "0",  # type: ignore[assignment]
    end: Annotated[float | None, _moment_option("--to", "Where to end")] = None,
    speaker: Annotated[
        list[str] | None, typer.Option(help="Only what this person says; may be repeated.")
    ] = None,
    from_zero: Annotated[
        bool, typer.Option("--from-zero", help="Count times from where it begins.")
    ] = False,
) -> None:
    """Write a meeting of the library, or a part of it, as text or sound."""
    with open_telling(library_path()) as library:
        found = library.find(meeting)
        transcript = library.load(found.id)
        segments = library.segments(found.id)
        notes = library.notes.of(found.id)
    (target,) = outputs_for([found.recording], output, form)
    document = document_of(
        transcript,
        found.recording.stem,
        found.title,
        started_at=found.started_at,
        segments=segments,
        notes=notes,
    )
    part = Selection(start, end, tuple(speaker or ()), from_zero)
    target.write(select(document, part))


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
    print_table(("name", "channels", "rate", "system", ""), rows)


@cli.command()
def doctor() -> None:
    """Check what Crosstalk needs: packages, microphone, model, folders, disk."""
    from app.doctor import examine

    console = Console(highlight=False)
    for finding in examine():
        mark = "[green]ok  [/]" if finding.ok else "[yellow]warn[/]"
        console.print(f"{mark}  {finding.name + ':':14}", end=" ")
        console.print(finding.detail, markup=False, soft_wrap=True)


def _engine(model: str | None, device: ComputeDevice | None) -> EngineFactory:
    settings = _settings()
    path = find_model(model) if model else default_model()
    voices = voices_for(settings, library_path())
    return engine_factory(path, device or settings.device, voices, settings.thrift)


def _settings() -> Settings:
    settings, warning = Settings.load()
    if warning:
        say(warning)
    return settings
