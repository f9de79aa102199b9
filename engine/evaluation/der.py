"""Diarisation error rate: no collar, overlapped speech scored, exact to the sample."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from engine.evaluation.counts import Counts, ratio
from engine.evaluation.segments import HypothesisTurn, ReferenceTurn
from engine.evaluation.turns import best_mapping


@dataclass(frozen=True)
class DiarizationErrors(Counts):
    """Samples of speech, each speaker counted, by kind of error."""

    missed: int = 0
    false_alarm: int = 0
    confusion: int = 0
    speech: int = 0

    @property
    def rate(self) -> float:
        """Wrong speaker time by reference speaker time."""
        return ratio(self.missed + self.false_alarm + self.confusion, self.speech)


def diarization_errors(
    reference: Sequence[ReferenceTurn], hypothesis: Sequence[HypothesisTurn]
) -> DiarizationErrors:
    """DER under the one-to-one mapping of speakers that makes it smallest."""
    missed = false_alarm = both = speech = 0
    together: Counter[tuple[str, str]] = Counter()
    for length, asked, said in _stretches(reference, hypothesis):
        speech += length * len(asked)
        missed += length * max(len(asked) - len(said), 0)
        false_alarm += length * max(len(said) - len(asked), 0)
        both += length * min(len(asked), len(said))
        for a in asked:
            for b in said:
                together[a, b] += length
    return DiarizationErrors(missed, false_alarm, both - best_mapping(together), speech)


def _stretches(
    reference: Iterable[ReferenceTurn], hypothesis: Iterable[HypothesisTurn]
) -> Iterator[tuple[int, set[str], set[str]]]:
    """Stretches of time in which nobody starts or stops: length, true and guessed speakers."""
    steps: defaultdict[int, Counter[tuple[bool, str]]] = defaultdict(Counter)
    for guessed, turns in ((False, reference), (True, hypothesis)):
        for turn in turns:
            steps[turn.start][guessed, turn.speaker] += 1
            steps[max(turn.end, turn.start)][guessed, turn.speaker] -= 1
    active: Counter[tuple[bool, str]] = Counter()
    for now, then in pairwise(sorted(steps)):
        active.update(steps[now])
        asked = {name for (guessed, name), n in active.items() if n > 0 and not guessed}
        said = {name for (guessed, name), n in active.items() if n > 0 and guessed}
        yield then - now, asked, said
