"""What an evaluation comes to: figures with intervals, and differences between its systems."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from engine.evaluation.error_rates import WordErrors
from engine.evaluation.evaluation import Evaluation, SystemScores
from engine.evaluation.groups import grouped_and_all
from engine.evaluation.intervals import RESAMPLES, Interval
from engine.evaluation.report import Report, difference, summarise
from engine.evaluation.score import SessionScore
from engine.evaluation.utterances import (
    UtteranceScore,
    by_speaker,
    real_time_factor,
    wer_difference,
    word_error_rate,
)

WORD_FIGURES = ("wer", "orc_wer", "cp_wer", "tcp_wer")
"""What is asked of a system that gives one stream of words; the others speak of turns."""

COMPARED = ("orc_wer", "cp_wer", "tcp_wer", "turn_f1", "der")
"""Figures of meetings of which differences are given."""


@dataclass(frozen=True)
class UtteranceRow:
    """Single utterances of one corpus, or of all; shares are of the reference words."""

    corpus: str
    speakers: int
    utterances: int
    words: int
    wer: Interval
    substitutions: Interval
    deletions: Interval
    insertions: Interval
    real_time_factor: float
    speaker_rates: tuple[float, ...]  # word error rate of each person, ascending


@dataclass(frozen=True)
class Difference:
    """A figure of ``ours`` less that of ``theirs`` on the same audio.

    ``where``: a corpus or a condition.
    """

    figure: str
    where: str
    ours: str
    theirs: str
    absolute: Interval
    relative: Interval


@dataclass(frozen=True)
class SystemSummary:
    """The figures of one system; intervals are of so many ``resamples``."""

    scores: SystemScores
    resamples: int = RESAMPLES

    @cached_property
    def utterances(self) -> tuple[UtteranceRow, ...]:
        """Rows by corpus; of several, the last is over all."""
        groups = _by_corpus(self.scores.utterances)
        return tuple(_row(name, group, self.resamples) for name, group in groups.items())

    @cached_property
    def meetings(self) -> Report | None:
        """By condition."""
        return self._report(self.scores.sessions)

    @cached_property
    def clips(self) -> Report | None:
        """Of the beginnings of real meetings."""
        return self._report(self.scores.clips)

    def _report(self, scores: Sequence[SessionScore]) -> Report | None:
        return summarise(scores, resamples=self.resamples) if scores else None

    @property
    def figures(self) -> tuple[str, ...] | None:
        """Which figures of meetings mean something for it; None: all."""
        return None if self.scores.knows_turns else WORD_FIGURES


@dataclass(frozen=True)
class Summary:
    """All figures of an evaluation."""

    evaluation: Evaluation
    systems: tuple[SystemSummary, ...]
    differences: tuple[Difference, ...]


def summary(evaluation: Evaluation, resamples: int = RESAMPLES) -> Summary:
    """The figures of an evaluation; its first system is compared with each of the others."""
    first, *others = evaluation.systems
    compared = [found for other in others for found in _differences(first, other, resamples)]
    systems = tuple(SystemSummary(scores, resamples) for scores in evaluation.systems)
    return Summary(evaluation, systems, tuple(compared))


def _by_corpus(scores: Sequence[UtteranceScore]) -> dict[str, list[UtteranceScore]]:
    return grouped_and_all(scores, lambda score: score.corpus)


def _by_condition(scores: Sequence[SessionScore]) -> dict[str, list[SessionScore]]:
    return grouped_and_all(scores, lambda score: score.condition)


def _row(corpus: str, scores: Sequence[UtteranceScore], resamples: int) -> UtteranceRow:
    people = by_speaker(scores)

    def share(count: Callable[[WordErrors], int]) -> Interval:
        return word_error_rate(scores, count, resamples=resamples)

    return UtteranceRow(
        corpus=corpus,
        speakers=len(people),
        utterances=len(scores),
        words=sum(score.errors.length for score in scores),
        wer=share(lambda errors: errors.errors),
        substitutions=share(lambda errors: errors.substitutions),
        deletions=share(lambda errors: errors.deletions),
        insertions=share(lambda errors: errors.insertions),
        real_time_factor=real_time_factor(scores),
        speaker_rates=tuple(sorted(person.errors.rate for person in people)),
    )


def _differences(ours: SystemScores, theirs: SystemScores, resamples: int) -> Iterator[Difference]:
    names = ours.name, theirs.name
    their_utterances = _by_corpus(theirs.utterances)
    for corpus, spoken in _by_corpus(ours.utterances).items():
        against = their_utterances[corpus]
        points, share = (
            wer_difference(spoken, against, relative=relative, resamples=resamples)
            for relative in (False, True)
        )
        yield Difference("wer", corpus, *names, points, share)
    their_sessions = _by_condition(theirs.sessions)
    figures = COMPARED if ours.knows_turns and theirs.knows_turns else WORD_FIGURES[1:]
    for condition, sessions in _by_condition(ours.sessions).items():
        for figure in figures:
            other = their_sessions[condition]
            points, share = (
                difference(figure, sessions, other, relative=relative, resamples=resamples)
                for relative in (False, True)
            )
            yield Difference(figure, condition, *names, points, share)
