"""What the window says about saved voices."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from app.voices import LEAST_S, Person, model_name
from app.words import translate as app_translate
from ui.text import brief, day

translate = QCoreApplication.translate


def consent() -> str:
    """What the user agrees to before any voice is kept."""
    return translate(
        "People",
        "Crosstalk then keeps, for every turn of new meetings, some numbers that describe the "
        "voice, and compares them with the voices that you save. They are kept in the library on "
        "this computer, never leave it, and are in no export. Speech cannot be made from them, but "
        "they can tell a person apart: save a voice only if that person agrees. In People you can "
        "delete one voice or all of them at any time, and switch this off.",
    )


def how_to_save() -> str:
    """How a first voice is saved."""
    said = translate(
        "People",
        "No voice is saved yet. Open a meeting that was heard with this switched on, name a "
        "speaker, and choose “Remember this voice” in the menu of one of their turns. About "
        "{seconds} seconds of speech are needed.",
    )
    return said.format(seconds=LEAST_S)


def facts(person: Person) -> str:
    """How much is saved of a person, from where, and since when."""
    said = translate("People", "{seconds} s · saved {day} · {models} · from {meetings}")
    models = dict.fromkeys(model_name(sample.model) for sample in person.samples)
    return said.format(
        seconds=round(person.heard_s),
        meetings=_meetings(person),
        day=day(person.created_at),
        models=", ".join(models),
    )


def advice(person: Person, model: str | None) -> str:
    """What to do about a voice that the present model cannot compare; empty if it can."""
    if model is None or any(sample.model == model for sample in person.samples):
        return ""
    said = translate(
        "People",
        "Saved with another model. Save it again from a meeting heard with {name}.",
    )
    return said.format(name=model_name(model))


def kept(person: Person) -> str:
    """That a voice is saved now."""
    said = translate("People", "The voice of {name} is saved: {seconds} s of speech")
    return said.format(name=brief(person.name), seconds=round(person.heard_s))


def setting() -> str:
    """What the switch does, as in the settings."""
    return app_translate(
        "Settings",
        "Name speakers by voices that you have saved. Voices are kept on this computer only.",
    )


def _meetings(person: Person) -> str:
    gone = translate("People", "a deleted meeting")
    titles = dict.fromkeys(f"“{s.meeting}”" if s.meeting else gone for s in person.samples)
    return ", ".join(titles)
