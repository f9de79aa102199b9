"""The commands about the library: list, search, delete, restore, and what is in the bin."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated

import typer

from app.exports.text import clock
from app.paths import library_path
from app.rescue import open_telling
from app.store import Hit, Library, MeetingFilter, MeetingSummary
from app.store_bin import KEPT_DAYS
from app.store_meetings import pick
from app.terminal import print_table, say
from engine.timeline import to_seconds

meetings_cli = typer.Typer(
    help="List the meetings of the library, the latest first, or search what was said in them.",
    invoke_without_command=True,
)
Name = Annotated[str, typer.Argument(metavar="MEETING", help="Number or title of a meeting.")]


def _day_option(about: str) -> typer.models.OptionInfo:
    option: typer.models.OptionInfo = typer.Option(
        formats=["%Y-%m-%d"], metavar="DATE", help=f"{about}, as 2026-01-31."
    )
    return option


@meetings_cli.callback()
def _list(
    context: typer.Context,
    search: Annotated[
        str | None, typer.Option(metavar="TEXT", help='Words, or a "phrase", that was said.')
    ] = None,
    person: Annotated[
        str | None, typer.Option(metavar="NAME", help="Only where this person speaks.")
    ] = None,
    since: Annotated[datetime | None, _day_option("First day")] = None,
    until: Annotated[datetime | None, _day_option("Last day")] = None,
) -> None:
    if context.invoked_subcommand is not None:
        return
    where = MeetingFilter(person, since and since.date(), until and until.date())
    with open_telling(library_path()) as library:
        if search is None:
            _print_meetings(library, where)
        else:
            _print_hits(library.search(search, where))


@meetings_cli.command()
def delete(meeting: Name) -> None:
    """Move a meeting and its recording to the bin."""
    with open_telling(library_path()) as library:
        gone = library.bin.put(library.find(meeting).id)
    say(
        f"“{gone.title}” is in the bin for {KEPT_DAYS} days: "
        f"`crosstalk meetings restore {gone.id}` brings it back."
    )


@meetings_cli.command()
def restore(meeting: Name) -> None:
    """Take a meeting out of the bin."""
    with open_telling(library_path()) as library:
        found = pick(library.bin.meetings(), meeting, "crosstalk meetings bin")
        back = library.bin.restore(found.id)
    say(f"“{back.title}” is in the library again, its recording at {back.recording}.")


@meetings_cli.command("bin")
def list_bin(
    empty: Annotated[
        bool, typer.Option("--empty", help="Destroy all of it, recordings too, for good.")
    ] = False,
) -> None:
    """List what is in the bin, or empty it."""
    with open_telling(library_path()) as library:
        library.bin.expire()
        if empty:
            say(f"Destroyed: {library.bin.empty()} meetings.")
        else:
            _print_bin(library.bin.meetings())


def size_text(size_bytes: int) -> str:
    """A size in megabytes, or gigabytes where it is that large."""
    if size_bytes >= 1e9:
        return f"{size_bytes / 1e9:.1f} GB"
    return f"{size_bytes / 1e6:.1f} MB"


def _print_meetings(library: Library, where: MeetingFilter) -> None:
    rows = (
        (
            str(meeting.id),
            meeting.title,
            _local(meeting.started_at),
            clock(meeting.duration_s) if meeting.duration_s is not None else "",
            size_text(meeting.size_bytes),
            str(meeting.turns),
            str(meeting.speakers),
            meeting.state.value,
        )
        for meeting in library.meetings(where)
    )
    print_table(("no.", "title", "started", "length", "size", "turns", "people", "state"), rows)
    storage = library.storage()
    say(
        f"{size_text(storage.total)} in all: recordings {size_text(storage.recordings)}, "
        f"text {size_text(storage.database)}, bin {size_text(storage.bin)}."
    )


def _print_hits(hits: Iterable[Hit]) -> None:
    rows = (
        (
            str(hit.meeting_id),
            hit.title,
            _local(hit.started_at),
            "" if hit.turn is None else str(hit.turn),
            "" if hit.turn is None else clock(to_seconds(hit.start)),
            hit.name or ("" if hit.speaker is None else f"Speaker {hit.speaker}"),
            hit.snippet.marked("**", "**"),
        )
        for hit in hits
    )
    print_table(("no.", "title", "started", "turn", "at", "who", "text"), rows)


def _print_bin(meetings: Iterable[MeetingSummary]) -> None:
    rows = (
        (
            str(meeting.id),
            meeting.title,
            _local(meeting.started_at),
            _local(meeting.deleted_at) if meeting.deleted_at else "",
            size_text(meeting.size_bytes),
        )
        for meeting in meetings
    )
    print_table(("no.", "title", "started", "deleted", "size"), rows)


def _local(moment: datetime) -> str:
    return f"{moment.astimezone():%Y-%m-%d %H:%M}"
