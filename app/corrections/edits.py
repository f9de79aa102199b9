"""What every edit of a transcript is."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Protocol

from app.corrections.patch import Patch
from app.errors import AppError
from app.transcript import Transcript, Turn
from app.words import translate


class EditRefused(AppError):  # noqa: N818 - reads better where it is caught
    """An edit that makes no sense here, or not now; says what to do instead."""


class EditKind(StrEnum):
    """What an edit did, as it is kept in the library; never changed once released."""

    WORDS = "words"
    RENAME = "rename"
    MERGE = "merge"
    REASSIGN = "reassign"
    SPLIT = "split"
    JOIN = "join"
    BOUNDS = "bounds"
    DELETE = "delete"
    AGAIN = "again"


class Edit(Protocol):
    """An edit as a value: it can be kept, compared and made on any transcript that it fits."""

    @property
    def kind(self) -> EditKind:
        """What it does."""
        ...

    def patch(self, transcript: Transcript) -> Patch:
        """What it changes in this transcript, which stays as it is; empty if that is nothing.

        Raises:
            EditRefused: it cannot be made here.
        """
        ...


def turn_of(transcript: Transcript, number: int) -> Turn:
    """A turn that is there."""
    if number not in transcript.turns:
        said = translate("app", "This turn is not there any more: choose another one.")
        raise EditRefused(said)
    return transcript.turns[number]


def turns_of(transcript: Transcript, numbers: Iterable[int]) -> list[Turn]:
    """Turns that are there, each once."""
    return [turn_of(transcript, number) for number in dict.fromkeys(numbers)]


def settled(turn: Turn) -> Turn:
    """A turn whose end is known for good."""
    if not turn.settled:
        said = translate("app", "Somebody is still speaking this turn: wait until it has ended.")
        raise EditRefused(said)
    return turn
