"""Which reference words were found, by which words of the hypothesis."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import kaldialign

from engine.evaluation.counts import Counts, ratio
from engine.evaluation.segments import EmittedWord, HypothesisTurn, ReferenceTurn, TimedWord

_GAP = "<gap>"  # no normalised word contains "<"

Found = list[tuple[TimedWord, EmittedWord | None]]


@dataclass(frozen=True)
class FoundWords(Counts):
    """How many words of some reference turns were found."""

    found: int = 0
    total: int = 0

    @property
    def recall(self) -> float:
        """Share of the words that were found."""
        return ratio(self.found, self.total)


def found_words(
    reference: Sequence[ReferenceTurn],
    hypothesis: Sequence[HypothesisTurn],
    assignment: Sequence[int],
) -> list[Found]:
    """For each reference turn that has words, its words with those that found them.

    Args:
        reference: turns in order of their starts.
        hypothesis: turns in order of their starts.
        assignment: the channel of each reference turn that has words, from ORC-WER.
    """
    spoken = [turn for turn in reference if turn.words]
    said: defaultdict[int, list[EmittedWord]] = defaultdict(list)
    for guess in hypothesis:
        said[guess.channel].extend(guess.words)
    asked: defaultdict[int, list[TimedWord]] = defaultdict(list)
    for turn, channel in zip(spoken, assignment, strict=True):
        asked[channel].extend(turn.words)
    answers = {channel: _found(words, said[channel]) for channel, words in asked.items()}
    return [
        [next(answers[channel]) for _ in turn.words]
        for turn, channel in zip(spoken, assignment, strict=True)
    ]


def _found(
    reference: list[TimedWord], hypothesis: list[EmittedWord]
) -> Iterator[tuple[TimedWord, EmittedWord | None]]:
    pairs = kaldialign.align([w.text for w in reference], [w.text for w in hypothesis], _GAP)
    asked, said = iter(reference), iter(hypothesis)
    for left, right in pairs:
        answer = next(said) if right != _GAP else None
        if left != _GAP:
            yield next(asked), answer if left == right else None


def overlapped_later(reference: Sequence[ReferenceTurn]) -> list[bool]:
    """For each turn that has words, in order of starts: did it start while another was speaking?"""
    spoken = [turn for turn in reference if turn.words]
    return [
        any(turn.start < other.end and turn.speaker != other.speaker for other in spoken[:index])
        for index, turn in enumerate(spoken)
    ]


def channel_recall(
    reference: Sequence[ReferenceTurn], found: Sequence[Found]
) -> tuple[FoundWords, FoundWords]:
    """Words found of the overlapped, later-starting turns, and of all others."""
    overlapped, others = FoundWords(), FoundWords()
    for later, words in zip(overlapped_later(reference), found, strict=True):
        count = FoundWords(sum(answer is not None for _, answer in words), len(words))
        if later:
            overlapped += count
        else:
            others += count
    return overlapped, others
