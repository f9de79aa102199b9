"""The commands about saved voices: whose there are, and deleting them."""

from __future__ import annotations

from typing import Annotated

import typer

from app.errors import AppError
from app.paths import library_path
from app.rescue import open_telling
from app.terminal import print_table, say
from app.voices import Person, model_name

people_cli = typer.Typer(
    help="List the people whose voices are saved. They are saved in the window.",
    invoke_without_command=True,
)


@people_cli.callback()
def _list(context: typer.Context) -> None:
    if context.invoked_subcommand is not None:
        return
    with open_telling(library_path()) as library:
        people = library.voices.people()
    if not people:
        say("No voice is saved.")
    rows = ((str(p.id), p.name, f"{p.heard_s:.0f} s", _day(p), _models(p)) for p in people)
    print_table(("number", "name", "speech", "saved", "model"), rows)


@people_cli.command()
def delete(
    person: Annotated[
        str | None, typer.Argument(metavar="[PERSON]", help="Number or name.")
    ] = None,
    everybody: Annotated[
        bool, typer.Option("--all", help="All people, and the voices of all turns.")
    ] = False,
) -> None:
    """Delete a voice for good, or all of them; the names in the meetings stay."""
    if everybody is (person is not None):
        raise typer.BadParameter("name one person, or give --all")
    with open_telling(library_path()) as library:
        if person is None:
            library.voices.delete_all()
            say("All voices are deleted.")
        else:
            gone = _find(library.voices.people(), person)
            library.voices.delete(gone.id)
            say(f"The voice of {gone.name} is deleted.")


def _find(people: list[Person], name: str) -> Person:
    found = [p for p in people if str(p.id) == name] or [
        p for p in people if p.name.casefold() == name.casefold()
    ]
    if len(found) != 1:
        raise AppError(f"There is no voice of {name!r}: `crosstalk people` lists those there are.")
    return found[0]


def _day(person: Person) -> str:
    return f"{person.created_at.astimezone():%Y-%m-%d}"


def _models(person: Person) -> str:
    return ", ".join(dict.fromkeys(model_name(sample.model) for sample in person.samples))
