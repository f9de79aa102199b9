"""What an event did to a document."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ChangeKind(StrEnum):
    """What an event did to the document."""

    ADDED = "added"  # a turn began
    UPDATED = "updated"  # a turn changed
    GAP = "gap"  # audio is missing
    RESET = "reset"  # all turns were replaced


@dataclass(frozen=True, slots=True)
class Change:
    """One change of the document; ``turn`` is None where it does not concern a single turn."""

    kind: ChangeKind
    turn: int | None = None
