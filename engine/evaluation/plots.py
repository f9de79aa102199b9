"""The plots of an evaluation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from engine.evaluation.drawing import (
    Plot,
    distribution,
    finish,
    from_zero,
    matrix,
    panels,
    points,
    strip,
)
from engine.evaluation.figures import BY_NAME
from engine.evaluation.score import SessionScore
from engine.evaluation.summary import Summary, SystemSummary

LATENCIES: dict[str, Callable[[SessionScore], Sequence[float]]] = {
    "words": lambda score: score.word_latencies,
    "starts of turns": lambda score: score.start_latencies,
    "ends of turns": lambda score: score.end_latencies,
}


def plots(summary: Summary) -> Iterator[Plot]:
    """Every plot for which something was measured."""
    spoken = [s for s in summary.systems if s.utterances]
    if spoken:
        yield _utterances(spoken)
        yield _speakers(spoken)
    for name in ("cp_wer", "orc_wer", "turn_f1"):
        asked = [s for s in summary.systems if s.meetings and name in (s.figures or BY_NAME)]
        if asked:
            yield _conditions(asked, name)
    with_turns = [s for s in summary.systems if s.scores.sessions and s.scores.knows_turns]
    if with_turns:
        yield _latencies(with_turns)
        yield _speaker_counts(with_turns)


def _utterances(systems: Sequence[SystemSummary]) -> Plot:
    figure, (axes,) = panels()
    names = [row.corpus for row in systems[0].utterances]
    for i, system in enumerate(systems):
        rates = [row.wer for row in system.utterances]
        points(axes, names, rates, system.scores.name, i, len(systems))
    axes.set_ylabel("WER %")
    from_zero(axes)
    return finish(figure, "Single utterances", "95 % intervals over speakers.")


def _speakers(systems: Sequence[SystemSummary]) -> Plot:
    figure, (axes,) = panels()
    for i, system in enumerate(systems):
        groups = [row.speaker_rates for row in system.utterances]
        strip(axes, groups, system.scores.name, i, len(systems))
    names = [row.corpus for row in systems[0].utterances]
    axes.set_xticks(range(len(names)), names)
    axes.set_ylabel("WER %")
    from_zero(axes)
    return finish(figure, "WER of each speaker", "One dot a speaker; the lines are medians.")


def _conditions(systems: Sequence[SystemSummary], name: str) -> Plot:
    figure, (axes,) = panels()
    for i, system in enumerate(systems):
        rows = system.meetings.rows if system.meetings else ()
        figures = [row.figures[name] for row in rows]
        conditions = [row.condition for row in rows]
        points(axes, conditions, figures, system.scores.name, i, len(systems))
    axes.set_xlabel("overlap in % of speech; 0S and 0L: short and long silences")
    axes.set_ylabel(f"{BY_NAME[name].title} %")
    from_zero(axes)
    caption = "95 % intervals over sessions."
    return finish(figure, f"Meetings: {BY_NAME[name].title} by condition", caption)


def _latencies(systems: Sequence[SystemSummary]) -> Plot:
    figure, axes = panels(len(LATENCIES), width=9.0)
    for panel, (name, of) in zip(axes, LATENCIES.items(), strict=True):
        for i, system in enumerate(systems):
            found = [latency for score in system.scores.sessions for latency in of(score)]
            distribution(panel, found, system.scores.name, i)
        panel.set_title(name)
    axes[0].set_ylabel("% of them")
    caption = (
        "Audio consumed when a word, a start or a final end was said, less the moment that it "
        "speaks of; words that were found, turns that match."
    )
    return finish(figure, "Latency", caption)


def _speaker_counts(systems: Sequence[SystemSummary]) -> Plot:
    figure, axes = panels(len(systems), width=max(4.0, 3.4 * len(systems)))
    for panel, system in zip(axes, systems, strict=True):
        pairs = Counter((s.speakers, s.guessed_speakers) for s in system.scores.sessions)
        matrix(panel, pairs, system.scores.name)
    return finish(figure, "How many people", "Sessions, all conditions together.", legend=False)
