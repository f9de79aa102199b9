"""Word error rates: plain, ORC-WER, cpWER and tcpWER, counted by MeetEval."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from meeteval.wer import (
    cp_word_error_rate,
    orc_word_error_rate,
    siso_word_error_rate,
    time_constrained_minimum_permutation_word_error_rate,
)

from engine.evaluation.counts import Counts, ratio
from engine.evaluation.segments import HypothesisTurn, ReferenceTurn
from engine.timeline import to_seconds

COLLAR_S = 5.0
"""How far apart in time tcpWER still matches words, in seconds."""

_UNSORTED = {"reference_sort": False, "hypothesis_sort": False}  # the turns come in their order

Turn = ReferenceTurn | HypothesisTurn


@dataclass(frozen=True)
class WordErrors(Counts):
    """Word errors of any kind; ``length`` is the number of reference words."""

    substitutions: int = 0
    deletions: int = 0
    insertions: int = 0
    length: int = 0

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.substitutions + self.deletions > self.length:
            raise ValueError("more words substituted and deleted than there are in the reference")

    @property
    def errors(self) -> int:
        """All errors together."""
        return self.substitutions + self.deletions + self.insertions

    @property
    def rate(self) -> float:
        """Errors by reference word; NaN without reference words."""
        return ratio(self.errors, self.length)


class _Counted(Protocol):
    substitutions: int
    deletions: int
    insertions: int
    length: int


def _errors(counted: _Counted) -> WordErrors:
    return WordErrors(counted.substitutions, counted.deletions, counted.insertions, counted.length)


def text_of(turns: Iterable[Turn]) -> str:
    """The words of turns in their order, separated by spaces."""
    return " ".join(word.text for turn in turns for word in turn.words)


def plain_errors(reference: str, hypothesis: str) -> WordErrors:
    """Word errors of one normalised text against another."""
    return _errors(siso_word_error_rate(reference, hypothesis))


def word_errors(
    reference: Sequence[ReferenceTurn], hypothesis: Sequence[HypothesisTurn]
) -> WordErrors:
    """Plain WER of all words in the order of their turns: meant for speech without overlap."""
    return plain_errors(text_of(reference), text_of(hypothesis))


def channel_texts(hypothesis: Iterable[HypothesisTurn]) -> dict[int, str]:
    """What each channel says, at least one channel, also when nothing was said."""
    channels: defaultdict[int, list[HypothesisTurn]] = defaultdict(list)
    for turn in hypothesis:
        channels[turn.channel].append(turn)
    return {channel: text_of(turns) for channel, turns in sorted(channels.items())} or {0: ""}


def orc_errors(
    reference: Sequence[ReferenceTurn], hypothesis: Sequence[HypothesisTurn]
) -> tuple[WordErrors, tuple[int, ...]]:
    """ORC-WER: each reference turn goes to the channel where it costs least, in order of starts.

    Returns:
        The errors, and the channel of each reference turn that has words.
    """
    spoken = [text_of([turn]) for turn in reference if turn.words]
    counted = orc_word_error_rate(spoken, channel_texts(hypothesis), **_UNSORTED)
    return _errors(counted), counted.assignment


def cp_errors(
    reference: Sequence[ReferenceTurn], hypothesis: Sequence[HypothesisTurn]
) -> WordErrors:
    """CpWER: all words of a speaker in a row, under the best one-to-one mapping of speakers."""
    speakers, guesses = _by_speaker(reference), _by_speaker(hypothesis)
    return _errors(cp_word_error_rate(speakers, guesses, **_UNSORTED))


def _by_speaker(turns: Iterable[Turn]) -> dict[str, str]:
    speakers: defaultdict[str, list[Turn]] = defaultdict(list)
    for turn in turns:
        speakers[turn.speaker].append(turn)
    return {speaker: text_of(said) for speaker, said in speakers.items()} or {"": ""}


def tcp_errors(
    reference: Sequence[ReferenceTurn],
    hypothesis: Sequence[HypothesisTurn],
    collar_s: float = COLLAR_S,
) -> WordErrors:
    """TcpWER: cpWER in which only words within ``collar_s`` of each other can match.

    Word times are MeetEval's default, guessed from the turns, so that figures compare with others'.
    """
    with _quiet():
        counted = time_constrained_minimum_permutation_word_error_rate(
            _segments(reference), _segments(hypothesis), collar=collar_s, **_UNSORTED
        )
    return _errors(counted)


@contextmanager
def _quiet() -> Iterator[None]:
    """MeetEval warns when turns of one speaker overlap, but wrong attribution does just that."""
    logger = logging.getLogger("preprocess")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(level)


def _segments(turns: Iterable[Turn]) -> list[Mapping[str, Any]]:
    return [
        {
            "session_id": "",
            "speaker": turn.speaker,
            "words": text_of([turn]),
            "start_time": to_seconds(turn.start),
            "end_time": to_seconds(max(turn.end, turn.start)),
        }
        for turn in turns
        if turn.words
    ]
