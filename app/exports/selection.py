"""A part of a meeting: between two moments, and of some of the people."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TypeVar

from app.errors import AppError
from app.exports.document import ExportDocument, ExportTurn, ExportWord
from app.words import translate

Timed = TypeVar("Timed", ExportTurn, ExportWord)


class SelectionError(AppError):
    """There is no such part of the meeting."""


@dataclass(frozen=True, slots=True)
class Selection:
    """What of a meeting to export; the default is everything.

    Attributes:
        start_s: seconds since the start of the meeting.
        end_s: likewise; None: to its end.
        speakers: names, in any case; empty: everybody.
        from_zero: count times from ``start_s``, as exported sound does, and not as in the meeting.
    """

    start_s: float = 0.0
    end_s: float | None = None
    speakers: tuple[str, ...] = ()
    from_zero: bool = False


def select(document: ExportDocument, selection: Selection) -> ExportDocument:
    """Cut a document.

    A word belongs to the part that its middle lies in, so that parts side by side share no word;
    turns and words are cut at the edges, and turns without words left out.

    Raises:
        SelectionError: the part ends before it begins, or nobody has such a name.
    """
    _check_range(selection)
    kept = _spoken_by(document, _names(document, selection)) if selection.speakers else document
    turns = [cut for turn in kept.turns for cut in _cut(turn, selection)]
    notes = tuple(note for note in kept.notes if _within(note.time_s, selection))
    part = replace(kept, turns=turns, start_s=selection.start_s, end_s=selection.end_s, notes=notes)
    return _shifted(part, selection.start_s) if selection.from_zero else part


def some_turns(document: ExportDocument, places: Collection[int]) -> ExportDocument:
    """Only the turns at these places (from 0) of the document; all else of it is silent.

    Raises:
        SelectionError: there is none.
    """
    turns = [turn for place, turn in enumerate(document.turns) if place in places]
    if not turns:
        raise SelectionError(translate("app", "Nothing of this has words: choose other turns."))
    start_s, end_s = min(t.start_s for t in turns), max(t.end_s for t in turns)
    return replace(
        document,
        turns=turns,
        start_s=start_s,
        end_s=end_s,
        audible=tuple((turn.start_s, turn.end_s) for turn in turns),
        notes=tuple(note for note in document.notes if start_s <= note.time_s <= end_s),
    )


def _check_range(selection: Selection) -> None:
    if selection.start_s < 0:
        raise SelectionError(translate("app", "A part begins at 0 or later: give another start."))
    if selection.end_s is not None and selection.end_s <= selection.start_s:
        raise SelectionError(
            translate(
                "app",
                "The part would end at {end} s, before it begins at {start} s: give a later end.",
            ).format(end=f"{selection.end_s:g}", start=f"{selection.start_s:g}")
        )


def _names(document: ExportDocument, selection: Selection) -> set[str]:
    names = {name.casefold(): name for name in document.speakers}
    for wanted in selection.speakers:
        if wanted.casefold() not in names:
            there = ", ".join(document.speakers) or "nobody"
            raise SelectionError(
                translate("app", "Nobody is called {wanted} here. There is: {there}.").format(
                    wanted=repr(wanted), there=there
                )
            )
    wanted_names = {wanted.casefold() for wanted in selection.speakers}
    return {name for name in document.speakers if name.casefold() in wanted_names}


def _spoken_by(document: ExportDocument, names: set[str]) -> ExportDocument:
    turns = [turn for turn in document.turns if turn.speaker in names]
    return replace(document, turns=turns, audible=tuple((t.start_s, t.end_s) for t in turns))


def _cut(turn: ExportTurn, selection: Selection) -> Iterator[ExportTurn]:
    """The turn's part, if it has words there."""
    words = tuple(
        _clipped(word, selection)
        for word in turn.words
        if _within((word.start_s + word.end_s) / 2, selection)
    )
    if words:
        yield replace(_clipped(turn, selection), words=words)


def _within(moment_s: float, selection: Selection) -> bool:
    end_s = selection.end_s
    return selection.start_s <= moment_s and (end_s is None or moment_s < end_s)


def _clipped(item: Timed, selection: Selection) -> Timed:
    end_s = float("inf") if selection.end_s is None else selection.end_s
    start = min(max(item.start_s, selection.start_s), end_s)
    end = min(max(item.end_s, selection.start_s), end_s)
    return replace(item, start_s=start, end_s=end)


def _shifted(document: ExportDocument, by_s: float) -> ExportDocument:
    """The same with ``by_s`` as second 0."""
    at, audible = document.started_at, document.audible
    return replace(
        document,
        turns=[_moved(turn, by_s) for turn in document.turns],
        started_at=at + timedelta(seconds=by_s) if at else None,
        length_s=max(0.0, document.length_s - by_s),
        start_s=0.0,
        end_s=None if document.end_s is None else document.end_s - by_s,
        sound=tuple(replace(part, start_s=part.start_s - by_s) for part in document.sound),
        audible=audible and tuple((start - by_s, end - by_s) for start, end in audible),
        notes=tuple(replace(note, time_s=note.time_s - by_s) for note in document.notes),
    )


def _moved(turn: ExportTurn, by_s: float) -> ExportTurn:
    words = tuple(_earlier(word, by_s) for word in turn.words)
    return replace(_earlier(turn, by_s), words=words)


def _earlier(item: Timed, by_s: float) -> Timed:
    return replace(item, start_s=item.start_s - by_s, end_s=item.end_s - by_s)
