"""The figures of a report: what each is called and how it is computed from scores."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from engine.evaluation.counts import ratio
from engine.evaluation.intervals import Interval, Statistic, pooled_ratio
from engine.evaluation.score import SessionScore

Unit = Literal["%", "ms", ""]


@dataclass(frozen=True)
class Figure:
    """A figure of a group of sessions; ``statistic`` is over their indices, for the bootstrap."""

    name: str  # in JSON
    title: str  # in tables
    unit: Unit
    statistic: Callable[[Sequence[SessionScore]], Statistic]

    def text(self, value: float) -> str:
        """The value as tables show it, without its unit."""
        if np.isnan(value):
            return "–"
        scaled = value * {"%": 100.0, "ms": 1000.0, "": 1.0}[self.unit]
        return f"{scaled:.{ {'%': 1, 'ms': 0, '': 2}[self.unit] }f}"

    def cell(self, interval: Interval) -> str:
        """The value with its interval, as tables show it."""
        if np.isnan(interval.value):
            return self.text(interval.value)
        text = self.text
        return f"{text(interval.value)} ({text(interval.low)} to {text(interval.high)})"


def _share(
    part: Callable[[SessionScore], float], whole: Callable[[SessionScore], float]
) -> Callable[[Sequence[SessionScore]], Statistic]:
    return lambda scores: pooled_ratio([(part(s), whole(s)) for s in scores])


def _percentile(
    latencies: Callable[[SessionScore], Sequence[float]], percent: float
) -> Callable[[Sequence[SessionScore]], Statistic]:
    def build(scores: Sequence[SessionScore]) -> Statistic:
        arrays = [np.array(latencies(score)) for score in scores]

        def statistic(sample: NDArray[np.intp]) -> float:
            pooled = np.concatenate([arrays[i] for i in sample])
            return float(np.percentile(pooled, percent)) if pooled.size else float("nan")

        return statistic

    return build


def _channel_recall(scores: Sequence[SessionScore]) -> Statistic:
    overlapped = pooled_ratio([(s.overlapped.found, s.overlapped.total) for s in scores])
    others = pooled_ratio([(s.others.found, s.others.total) for s in scores])
    return lambda sample: ratio(overlapped(sample), others(sample))


FIGURES: tuple[Figure, ...] = (
    Figure("wer", "WER", "%", _share(lambda s: s.words.errors, lambda s: s.words.length)),
    Figure("orc_wer", "ORC-WER", "%", _share(lambda s: s.orc.errors, lambda s: s.orc.length)),
    Figure("cp_wer", "cpWER", "%", _share(lambda s: s.cp.errors, lambda s: s.cp.length)),
    Figure("tcp_wer", "tcpWER", "%", _share(lambda s: s.tcp.errors, lambda s: s.tcp.length)),
    Figure(
        "turn_f1",
        "turn F1",
        "%",
        _share(lambda s: 2 * s.turns.matched, lambda s: s.turns.reference + s.turns.hypothesis),
    ),
    Figure(
        "missed_turns",
        "missed turns",
        "%",
        _share(lambda s: s.turns.missed, lambda s: s.turns.reference),
    ),
    Figure(
        "false_turns",
        "false turns",
        "%",
        _share(lambda s: s.turns.false, lambda s: s.turns.hypothesis),
    ),
    Figure(
        "premature_ends",
        "premature ends",
        "%",
        _share(lambda s: s.turns.premature, lambda s: s.turns.hypothesis + s.turns.resumed),
    ),
    Figure(
        "turn_count_exact",
        "turn count exact",
        "%",
        _share(lambda s: s.turns.reference == s.turns.hypothesis, lambda s: 1),
    ),
    Figure(
        "turn_count_error",
        "turn count off by",
        "",
        _share(lambda s: abs(s.turns.reference - s.turns.hypothesis), lambda s: 1),
    ),
    Figure("channel_2_recall", "channel-2 recall", "%", _channel_recall),
    Figure(
        "attribution_error",
        "attribution error",
        "%",
        _share(lambda s: s.attribution.wrong, lambda s: s.attribution.turns),
    ),
    Figure(
        "speaker_count_exact",
        "speaker count exact",
        "%",
        _share(lambda s: s.speakers == s.guessed_speakers, lambda s: 1),
    ),
    Figure(
        "der",
        "DER",
        "%",
        _share(
            lambda s: s.diarization.missed + s.diarization.false_alarm + s.diarization.confusion,
            lambda s: s.diarization.speech,
        ),
    ),
    Figure("start_p50", "start P50", "ms", _percentile(lambda s: s.start_latencies, 50)),
    Figure("start_p90", "start P90", "ms", _percentile(lambda s: s.start_latencies, 90)),
    Figure("end_p50", "end P50", "ms", _percentile(lambda s: s.end_latencies, 50)),
    Figure("end_p90", "end P90", "ms", _percentile(lambda s: s.end_latencies, 90)),
    Figure("word_p50", "word P50", "ms", _percentile(lambda s: s.word_latencies, 50)),
    Figure("word_p90", "word P90", "ms", _percentile(lambda s: s.word_latencies, 90)),
)
"""Every figure, in the order of the tables. Shares are pooled over sessions, never averaged."""

BY_NAME = {figure.name: figure for figure in FIGURES}
