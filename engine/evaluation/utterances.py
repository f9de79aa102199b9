"""Single utterances: word errors of people speaking alone, with intervals over the speakers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from engine.data.corpus import Corpus, Utterance
from engine.errors import EngineError
from engine.evaluation.bench import Hear, Progress, no_progress
from engine.evaluation.counts import ratio
from engine.evaluation.error_rates import WordErrors, plain_errors
from engine.evaluation.groups import grouped
from engine.evaluation.intervals import (
    RESAMPLES,
    Interval,
    Statistic,
    bootstrap,
    paired_difference,
    pooled_ratio,
)
from engine.evaluation.segments import HypothesisTurn
from engine.evaluation.text import normalise
from engine.timeline import to_seconds


@dataclass(frozen=True)
class UtteranceScore:
    """What one utterance did; ``seconds`` of the processor, ``duration_s`` of audio."""

    utterance: str
    corpus: str
    speaker: str
    errors: WordErrors
    duration_s: float
    seconds: float


@dataclass(frozen=True)
class SpeakerErrors:
    """All utterances of one person in one corpus, or in all."""

    speaker: str
    errors: WordErrors


def with_text(corpus: Corpus, split: str, limit: int | None = None) -> list[Utterance]:
    """The utterances of a split that have a text, also those without word times.

    ``limit``: so many of each corpus at most, spread over it, so over its speakers.

    Raises:
        EngineError: when there are none.
    """
    written = (u for u in corpus.of_split(split) if u.text and normalise(u.text))
    groups = grouped(written, lambda utterance: utterance.corpus)
    if not groups:
        raise EngineError(f"The split {split!r} has no utterances with text: use dev or test.")
    return [u for group in groups.values() for u in spread(group, limit or len(group))]


def spread(group: Sequence[Utterance], count: int) -> list[Utterance]:
    """``count`` of the utterances at equal distances, or all of them."""
    few = min(count, len(group))
    return [group[i * len(group) // few] for i in range(few)]


def score_utterances(
    hear: Hear,
    corpus: Corpus,
    utterances: Iterable[Utterance],
    progress: Progress = no_progress,
) -> Iterator[UtteranceScore]:
    """Score every utterance; ``progress`` gets its seconds and what was heard."""
    for utterance in utterances:
        transcript = hear(corpus.audio(utterance))
        duration_s = to_seconds(utterance.length)
        errors = plain_errors(normalise(utterance.text or ""), text_by_time(transcript.turns))
        progress(duration_s, transcript)
        yield UtteranceScore(
            utterance.id,
            utterance.corpus,
            utterance.speaker,
            errors,
            duration_s,
            transcript.seconds,
        )


def text_by_time(turns: Iterable[HypothesisTurn]) -> str:
    """All words of all turns in the order in which they were spoken."""
    words = [word for turn in turns for word in turn.words]
    return " ".join(word.text for word in sorted(words, key=lambda word: word.start))


def by_speaker(scores: Iterable[UtteranceScore]) -> list[SpeakerErrors]:
    """The errors of each person, by name."""
    people: dict[str, WordErrors] = {}
    for score in scores:
        people[score.speaker] = people.get(score.speaker, WordErrors()) + score.errors
    return [SpeakerErrors(speaker, errors) for speaker, errors in sorted(people.items())]


def word_error_rate(
    scores: Iterable[UtteranceScore],
    count: Callable[[WordErrors], int] = lambda errors: errors.errors,
    *,
    resamples: int = RESAMPLES,
) -> Interval:
    """All errors, or those of one kind, by all words; redrawn are the speakers."""
    people = by_speaker(scores)
    return bootstrap(len(people), _statistic(people, count), resamples=resamples)


def wer_difference(
    ours: Iterable[UtteranceScore],
    theirs: Iterable[UtteranceScore],
    *,
    relative: bool = False,
    resamples: int = RESAMPLES,
) -> Interval:
    """Our word error rate less theirs on the same utterances, speakers redrawn together.

    Raises:
        EngineError: when the two did not hear the same utterances.
    """
    left, right = list(ours), list(theirs)
    if {s.utterance for s in left} != {s.utterance for s in right}:
        raise EngineError("the two heard different utterances: evaluate both with one command")
    people, others = by_speaker(left), by_speaker(right)
    return paired_difference(
        _statistic(people),
        _statistic(others),
        len(people),
        relative=relative,
        resamples=resamples,
    )


def _statistic(
    people: Sequence[SpeakerErrors],
    count: Callable[[WordErrors], int] = lambda errors: errors.errors,
) -> Statistic:
    return pooled_ratio([(count(p.errors), p.errors.length) for p in people])


def real_time_factor(scores: Iterable[UtteranceScore]) -> float:
    """Seconds of the processor by seconds of audio."""
    everything = list(scores)
    return ratio(sum(s.seconds for s in everything), sum(s.duration_s for s in everything))
