"""What edits are called: in the menu, and when they were made."""

from __future__ import annotations

from app.corrections import EditKind
from ui import counts
from ui.text import translate


def undo_text(kind: EditKind | None) -> str:
    """The undo command, with what it would take back."""
    if kind is None:
        return translate("Corrections", "&Undo")
    return translate("Corrections", "&Undo: {what}").format(what=name_of(kind))


def redo_text(kind: EditKind | None) -> str:
    """The redo command, with what it would make again."""
    if kind is None:
        return translate("Corrections", "&Redo")
    return translate("Corrections", "&Redo: {what}").format(what=name_of(kind))


def undone_text(kind: EditKind) -> str:
    """That an edit was taken back."""
    return translate("Corrections", "Undone: {what}").format(what=name_of(kind))


def name_of(kind: EditKind) -> str:
    """What an edit does, in a word or two."""
    names = {
        EditKind.WORDS: translate("Corrections", "change of words"),
        EditKind.RENAME: translate("Corrections", "name of a person"),
        EditKind.MERGE: translate("Corrections", "merging people"),
        EditKind.REASSIGN: translate("Corrections", "who speaks"),
        EditKind.SPLIT: translate("Corrections", "splitting a turn"),
        EditKind.JOIN: translate("Corrections", "joining turns"),
        EditKind.BOUNDS: translate("Corrections", "start or end of a turn"),
        EditKind.DELETE: translate("Corrections", "deleting turns"),
        EditKind.AGAIN: translate("Corrections", "transcribing again"),
    }
    return names[kind]


def done_text(kind: EditKind, turns: int) -> str:
    """That an edit was made."""
    said = {
        EditKind.WORDS: translate("Corrections", "Words changed"),
        EditKind.RENAME: translate("Corrections", "Person renamed"),
        EditKind.MERGE: translate("Corrections", "People merged"),
        EditKind.REASSIGN: counts.reassigned(turns),
        EditKind.SPLIT: translate("Corrections", "Turn split"),
        EditKind.JOIN: translate("Corrections", "Turns joined"),
        EditKind.BOUNDS: translate("Corrections", "Turn moved"),
        EditKind.DELETE: counts.deleted(turns),
        EditKind.AGAIN: translate("Corrections", "Transcribed again"),
    }
    return said[kind]
