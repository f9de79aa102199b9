"""The commands about models: list, install, get from an address, choose, remove."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from app import model_store
from app.download import Offer, ask, fetch, host_of
from app.models import DEFAULT_NAME, default_model, find_model
from app.settings import Settings
from app.terminal import print_table, say

models_cli = typer.Typer(
    help="List the installed models, or install, choose and remove them.",
    invoke_without_command=True,
)
Name = Annotated[str, typer.Argument(metavar="MODEL", help="Name of an installed model.")]


@models_cli.callback()
def _list(context: typer.Context) -> None:
    if context.invoked_subcommand is not None:
        return
    found = model_store.stored_models()
    if not found:
        default_model()  # says what to do
    chosen = model_store.chosen_name(Settings.load()[0])
    rows = (
        (
            each.name,
            f"{each.size_bytes / 1e6:.1f} MB",
            each.card.licence,
            "in use" if each.name == chosen else "",
            each.problem or each.card.description,
            str(each.path),
        )
        for each in found
    )
    print_table(("name", "size", "licence", "", "description", "file"), rows)


@models_cli.command()
def install(
    source: Annotated[Path, typer.Argument(help="A model file, or a folder with some.")],
) -> None:
    """Copy a model from a file or a folder to where it is found by its name."""
    for name in model_store.install(source):
        say(f"“{name}” is installed. `crosstalk models use {name}` makes it the one in use.")


@models_cli.command()
def download(
    address: Annotated[str, typer.Argument(help="Where the model lies: https://…")],
    sha256: Annotated[str, typer.Option(help="The checksum that the file must have.")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Get a model from an address. Only that computer is contacted, and only now."""
    say(f"Asking {host_of(address)} …")
    offer = ask(address)
    say(_described(offer))
    if not yes:
        typer.confirm("Get and install it?", abort=True, err=True)
    digest = fetch(offer, sha256, _show)
    say(f"\n“{offer.name}” is installed. SHA-256: {digest}")


@models_cli.command()
def use(name: Name) -> None:
    """Choose the model of the next meetings."""
    find_model(name)
    settings, _ = Settings.load()
    settings.model = None if name == DEFAULT_NAME else name
    settings.save()


@models_cli.command()
def remove(name: Name) -> None:
    """Delete a model that was installed; those that came with Crosstalk stay."""
    model_store.remove(name)
    settings, _ = Settings.load()
    if settings.model == name:
        settings.model = None
        settings.save()
        say(f"It was the one in use: from now on that is “{DEFAULT_NAME}”.")


def _described(offer: Offer) -> str:
    size = f"{offer.size_bytes / 1e6:.1f} MB" if offer.size_bytes else "unknown size"
    licence = offer.card.licence or "no licence named"
    return f"“{offer.name}”, {size}, licence: {licence}. {offer.card.description}"


def _show(have: int, total: int) -> bool:
    if sys.stderr.isatty():
        share = f"{100 * have // total} %" if total else f"{have / 1e6:.0f} MB"
        print(f"\r{share}", end="", file=sys.stderr, flush=True)
    return True
