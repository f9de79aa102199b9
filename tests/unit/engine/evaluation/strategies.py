"""Small random sessions, and events to describe sessions by hand."""

from __future__ import annotations

from hypothesis import strategies as st

from engine.evaluation.segments import EmittedWord, HypothesisTurn, ReferenceTurn, TimedWord
from engine.events import EndReason, TurnEnded, TurnStarted, Word, WordsChanged
from engine.timeline import to_samples

VOCABULARY = ["a", "b", "c"]


def reference(speaker: str, start_s: float, end_s: float, text: str) -> ReferenceTurn:
    """A true turn whose words share its time."""
    start, end = to_samples(start_s), to_samples(end_s)
    spoken = text.split()
    step = (end - start) // max(len(spoken), 1)
    words = (TimedWord(w, start + i * step, start + (i + 1) * step) for i, w in enumerate(spoken))
    return ReferenceTurn(speaker, start, end, tuple(words))


def hypothesis(
    speaker: str, start_s: float, end_s: float, text: str, *, channel: int = 0, late_s: float = 0.2
) -> HypothesisTurn:
    """A guessed turn; every mark and word came ``late_s`` after what it speaks of."""
    true = reference(speaker, start_s, end_s, text)
    late = to_samples(late_s)
    words = tuple(EmittedWord(w.text, w.start, w.end, w.end + late) for w in true.words)
    return HypothesisTurn(
        0, channel, speaker, true.start, true.end, words, true.start + late, true.end + late
    )


def said(
    turn: int, start_s: float, end_s: float, text: str, *, speaker: int = 1, channel: int = 0
) -> list[TurnStarted | WordsChanged | TurnEnded]:
    """Events of a turn, each 200 ms after what it speaks of."""
    guess = hypothesis("", start_s, end_s, text)
    words = tuple(Word(w.text, w.start, w.end, 1.0) for w in guess.words)
    end = guess.end + to_samples(0.2)
    return [
        TurnStarted(turn, channel, guess.start, speaker, guess.start + to_samples(0.2)),
        WordsChanged(turn, words, end),
        TurnEnded(turn, guess.end, EndReason.TOKEN, False, end),
    ]


@st.composite
def spans(draw: st.DrawFn) -> tuple[float, float]:
    """A start and a later end, in seconds, on a coarse grid so that ties happen."""
    start = draw(st.integers(0, 12)) / 4
    return start, start + draw(st.integers(1, 8)) / 4


@st.composite
def reference_turns(draw: st.DrawFn) -> ReferenceTurn:
    words = draw(st.lists(st.sampled_from(VOCABULARY), min_size=1, max_size=3))
    return reference(draw(st.sampled_from("XYZ")), *draw(spans()), " ".join(words))


@st.composite
def hypothesis_turns(draw: st.DrawFn) -> HypothesisTurn:
    words = draw(st.lists(st.sampled_from(VOCABULARY), max_size=3))
    channel = draw(st.integers(0, 1))
    speaker = draw(st.sampled_from("123"))
    return hypothesis(speaker, *draw(spans()), " ".join(words), channel=channel)


def by_start(turn: ReferenceTurn | HypothesisTurn) -> int:
    return turn.start


references = st.lists(reference_turns(), max_size=4).map(lambda t: sorted(t, key=by_start))
hypotheses = st.lists(hypothesis_turns(), max_size=4).map(lambda t: sorted(t, key=by_start))
