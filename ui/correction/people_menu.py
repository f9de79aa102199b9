"""A menu of the people of a meeting, to choose who speaks."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QMenu

from app.transcript import Transcript
from ui.text import brief, speaker_label, translate

Choice = Callable[[int | None], object]
"""Takes the number of a person; None is somebody new."""


def fill_people(
    menu: QMenu, transcript: Transcript, without: set[int], choose: Choice, new: bool
) -> None:
    """One entry for each person but those ``without``, and perhaps one for somebody new."""
    for number, speaker in sorted(transcript.speakers.items()):
        if number not in without:
            name = speaker_label(number, speaker.name if speaker.named else None)
            menu.addAction(entry(number, name), partial(choose, number))
    if new:
        menu.addSeparator()
        menu.addAction(translate("PeopleMenu", "&New person"), partial(choose, None))


def entry(number: int, name: str) -> str:
    """The number, which can be typed, and as much of a name as a menu has room for."""
    key = f"&{number}" if number < 10 else str(number)
    return f"{key}   {brief(name).replace('&', '&&')}"
