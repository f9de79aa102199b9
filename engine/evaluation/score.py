"""One session scored: everything that is counted, as values that add up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from engine.evaluation.alignment import Found, FoundWords, channel_recall, found_words
from engine.evaluation.collect import collect_turns
from engine.evaluation.der import DiarizationErrors, diarization_errors
from engine.evaluation.error_rates import (
    WordErrors,
    cp_errors,
    orc_errors,
    tcp_errors,
    word_errors,
)
from engine.evaluation.segments import EmittedWord, HypothesisTurn, ReferenceTurn, TimedWord
from engine.evaluation.turns import (
    AttributionCounts,
    TurnCounts,
    count_attribution,
    count_turns,
    end_latencies,
    match_turns,
    start_latencies,
)
from engine.events import Event
from engine.timeline import SAMPLE_RATE, to_samples

WORD_TOLERANCE = to_samples(0.5)
"""A word farther from where it was spoken was found by accident: no latency is taken from it."""


@dataclass(frozen=True)
class SessionScore:
    """What one session did. Latencies are in seconds of audio."""

    duration_s: float
    words: WordErrors
    orc: WordErrors
    cp: WordErrors
    tcp: WordErrors
    turns: TurnCounts
    attribution: AttributionCounts
    diarization: DiarizationErrors
    overlapped: FoundWords  # words of overlapped, later-starting turns
    others: FoundWords  # words of all other turns
    speakers: int  # of the reference
    guessed_speakers: int
    start_latencies: tuple[float, ...] = field(repr=False)
    end_latencies: tuple[float, ...] = field(repr=False)
    word_latencies: tuple[float, ...] = field(repr=False)
    session_id: str = ""
    condition: str = ""


def score_session(
    reference: Sequence[ReferenceTurn],
    events: Iterable[Event],
    duration_s: float,
    *,
    session_id: str = "",
    condition: str = "",
) -> SessionScore:
    """Score what a session emitted: :func:`score_turns` of its events, in their order."""
    turns = collect_turns(events)
    return score_turns(reference, turns, duration_s, session_id=session_id, condition=condition)


def score_turns(
    reference: Sequence[ReferenceTurn],
    hypothesis: Sequence[HypothesisTurn],
    duration_s: float,
    *,
    session_id: str = "",
    condition: str = "",
) -> SessionScore:
    """Score the turns that a session ended up with.

    Args:
        reference: the true turns (:func:`engine.evaluation.segments.reference_turns`).
        hypothesis: what the system wrote down, ordered by start.
        duration_s: length of the session's audio, in seconds.
        session_id: name by which two systems' scores of one session are paired.
        condition: name of the group in which the session is reported.
    """
    reference = sorted(reference, key=lambda turn: turn.start)
    orc, assignment = orc_errors(reference, hypothesis)
    found = found_words(reference, hypothesis, assignment)
    overlapped, others = channel_recall(reference, found)
    matches = match_turns(reference, hypothesis)
    return SessionScore(
        duration_s=duration_s,
        words=word_errors(reference, hypothesis),
        orc=orc,
        cp=cp_errors(reference, hypothesis),
        tcp=tcp_errors(reference, hypothesis),
        turns=count_turns(reference, hypothesis, matches),
        attribution=count_attribution(matches),
        diarization=diarization_errors(reference, hypothesis),
        overlapped=overlapped,
        others=others,
        speakers=_speakers(reference),
        guessed_speakers=_speakers(hypothesis),
        start_latencies=start_latencies(matches),
        end_latencies=end_latencies(matches),
        word_latencies=word_latencies(found),
        session_id=session_id,
        condition=condition,
    )


def _speakers(turns: Sequence[ReferenceTurn] | Sequence[HypothesisTurn]) -> int:
    return len({turn.speaker for turn in turns})


def word_latencies(found: Iterable[Found]) -> tuple[float, ...]:
    """Seconds of audio consumed past the true end of each found word when it came to stay."""
    return tuple(
        (answer.emitted - word.end) / SAMPLE_RATE
        for words in found
        for word, answer in words
        if answer is not None and _near(word, answer)
    )


def _near(word: TimedWord, answer: EmittedWord) -> bool:
    return answer.start <= word.end + WORD_TOLERANCE and word.start <= answer.end + WORD_TOLERANCE
