"""What is compared: the turns of a reference and the turns of a hypothesis, in integer samples.

All text in here is normalised (:func:`engine.evaluation.text.normalise`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engine.errors import EngineError
from engine.evaluation.text import normalise
from engine.timeline import to_samples


@dataclass(frozen=True, slots=True)
class TimedWord:
    """A word of a reference, ``start`` to ``end`` in samples."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class EmittedWord:
    """A word of a hypothesis. ``emitted``: audio consumed when it first stood there to stay."""

    text: str
    start: int
    end: int
    emitted: int


@dataclass(frozen=True, slots=True)
class ReferenceTurn:
    """One person's words with pauses under half a second."""

    speaker: str
    start: int
    end: int
    words: tuple[TimedWord, ...]


@dataclass(frozen=True, slots=True)
class HypothesisTurn:
    """A turn as it stood when the session was over.

    ``start_emitted`` and ``end_emitted`` are the audio consumed when the start and the final end
    were said (None for a turn that was never ended); ``resumed`` counts the ends taken back.
    """

    number: int
    channel: int
    speaker: str
    start: int
    end: int
    words: tuple[EmittedWord, ...]
    start_emitted: int
    end_emitted: int | None
    resumed: int = 0


def reference_turns(segments: Iterable[Mapping[str, Any]]) -> list[ReferenceTurn]:
    """Turns of a SegLST reference, ordered by start.

    Each segment has ``speaker``, ``words``, ``start_time`` and ``end_time`` in seconds, and may
    have ``word_times``, a list of ``[start, end]`` in seconds, one for each word of ``words``.
    Without them the words share the segment's time in equal parts.

    Raises:
        EngineError: when a segment lacks a key, or has another number of times than of words.
    """
    turns = [_reference_turn(segment) for segment in segments]
    return sorted(turns, key=lambda turn: (turn.start, turn.end, turn.speaker))


def _reference_turn(segment: Mapping[str, Any]) -> ReferenceTurn:
    try:
        spoken = str(segment["words"]).split()
        start, end = to_samples(segment["start_time"]), to_samples(segment["end_time"])
        speaker = str(segment["speaker"])
    except KeyError as missing:
        raise EngineError(f"a reference segment has no {missing}: SegLST needs it") from None
    times = _word_times(segment, spoken) or _even_times(start, end, len(spoken))
    words = (
        TimedWord(*piece)
        for text, (first, last) in zip(spoken, times, strict=True)
        for piece in split_word(text, first, last)
    )
    return ReferenceTurn(speaker, start, end, tuple(words))


def _word_times(segment: Mapping[str, Any], spoken: list[str]) -> list[tuple[int, int]]:
    times = segment.get("word_times", [])
    if times and len(times) != len(spoken):
        raise EngineError(f"{len(times)} word times for {len(spoken)} words: {segment['words']!r}")
    return [(to_samples(start), to_samples(end)) for start, end in times]


def _even_times(start: int, end: int, count: int) -> list[tuple[int, int]]:
    bounds = [start + (end - start) * i // max(count, 1) for i in range(count + 1)]
    return [(bounds[i], bounds[i + 1]) for i in range(count)]


def split_word(text: str, start: int, end: int) -> Iterator[tuple[str, int, int]]:
    """The normalised words that one written word stands for, none or more, sharing its time."""
    pieces = normalise(text).split()
    for piece, (first, last) in zip(pieces, _even_times(start, end, len(pieces)), strict=True):
        yield piece, first, last
