"""What a person corrects in a transcript: edits as values that can be made, undone and redone."""

from __future__ import annotations

from app.corrections.again import TranscribeAgain, merge_again
from app.corrections.edits import Edit, EditKind, EditRefused
from app.corrections.patch import Patch
from app.corrections.people import MergeSpeakers, Reassign, ReassignAll, RenameSpeaker
from app.corrections.turns import DeleteTurns, JoinNext, MoveBounds, SplitTurn
from app.corrections.words import EditWords

__all__ = [
    "DeleteTurns",
    "Edit",
    "EditKind",
    "EditRefused",
    "EditWords",
    "JoinNext",
    "MergeSpeakers",
    "MoveBounds",
    "Patch",
    "Reassign",
    "ReassignAll",
    "RenameSpeaker",
    "SplitTurn",
    "TranscribeAgain",
    "merge_again",
]
