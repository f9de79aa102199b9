"""Somebody in a meeting, and how they came by their name."""

from __future__ import annotations

from dataclasses import dataclass, field, replace


@dataclass(frozen=True, slots=True)
class Recognised:
    """By which saved voice a speaker was recognised; unsure ones are shown as such."""

    person: int
    name: str
    sure: bool


@dataclass(frozen=True, slots=True)
class Speaker:
    """Somebody in this meeting. ``named`` tells a name the user gave from the default one.

    ``made`` tells that a person added them while it was recorded: no voice has this number.
    ``recognised`` tells that the name comes from a saved voice; ``denied`` are the saved voices
    that a person said it is not.
    """

    number: int
    name: str
    named: bool = False
    made: bool = field(default=False, compare=False)
    recognised: Recognised | None = None
    denied: frozenset[int] = frozenset()

    def called(self, name: str) -> Speaker:
        """The speaker with a name that a person gave; an empty one brings the default name back.

        Whoever was recognised as somebody else is not them.
        """
        found, denied = self.recognised, self.denied
        if found is not None and found.name.casefold() != name.casefold():
            denied |= {found.person}
        shown = name or default_name(self.number)
        return replace(self, name=shown, named=bool(name), recognised=None, denied=denied)

    def heard_as(self, person: int | None, name: str, sure: bool) -> Speaker:
        """The speaker with the name of a saved voice; None: it is nobody's."""
        known = None if person is None or person in self.denied else Recognised(person, name, sure)
        shown = default_name(self.number) if known is None else name if sure else f"{name}?"
        return replace(self, name=shown, named=False, recognised=known)


def default_name(number: int) -> str:
    """What a speaker is called until the user gives a name."""
    return f"Speaker {number}"
