"""A study as one page that is understood without help: no scripts, nothing from elsewhere."""

from __future__ import annotations

import html
import json
from collections.abc import Iterator

from engine.evaluation.page import document, figure, table
from engine.fairness import pictures, tables
from engine.fairness.study import Study
from engine.fairness.tables import cell, text
from engine.fairness.tally import Gap

READING = (
    "The word error rate (WER) is the share of words that were written down wrongly: words "
    "replaced, left out and added, by the words that were said. 0 % is perfect; above 100 % more "
    "was added than said.",
    "In brackets stands what the figure would be in 95 of 100 cases if other people of the same "
    "kind had been asked (bootstrap over the speakers). Few people make wide brackets.",
    "Whoever looks for the worst group always finds one. So every search was repeated 200 times "
    "with the errors dealt out to the speakers at random; only a gap above what that finds in 19 "
    "of 20 cases says something.",
    "A gap says who is understood worse, not why: an accent, the microphone, the age and the text "
    "that was read come together in these recordings.",
)


def to_html(study: Study) -> str:
    """The page as text."""
    return document(f"Who is understood: {study.facts['model']}", _body(study))


def _body(study: Study) -> Iterator[str]:
    yield _paragraph(study.facts["what"])
    yield "<h2>In short</h2>\n<ul>"
    yield from (f"<li>{html.escape(sentence)}</li>\n" for sentence in sentences(study))
    yield "</ul>\n<h2>How to read this</h2>\n<ul>"
    yield from (f"<li>{html.escape(sentence)}</li>\n" for sentence in READING)
    yield "</ul>\n"
    if study.gaps or study.cohorts or study.regions:
        yield figure(pictures.gaps(study))
        yield table(tables.gaps(study))
    if study.cohorts:
        yield figure(pictures.cohorts(study.cohorts))
        yield table(tables.cohorts(study.cohorts))
    if study.regions:
        yield figure(pictures.world(study.regions))
        yield table(tables.regions(study.regions))
        yield table(tables.spread(study.regions))
    yield from map(table, tables.values(study))
    if study.missing:
        yield "<h2>What could not be found out</h2>\n"
        yield from map(_paragraph, study.missing)
    yield "<h2>What was heard, by what, and where</h2>\n"
    yield f"<pre>{html.escape(json.dumps(study.facts, indent=2, ensure_ascii=False))}</pre>\n"


def _paragraph(sentence: str) -> str:
    return f"<p>{html.escape(sentence)}</p>\n"


def sentences(study: Study) -> Iterator[str]:
    """The findings in words."""
    overall = study.overall
    yield (
        f"Of {overall.words} words by {len(overall.speakers)} people, "
        f"{cell(overall.wer)} % were wrong."
    )
    if study.cohorts:
        yield f"By voice: {_finding(study.cohorts.gap)}"
    for gap in study.gaps[:1]:
        yield f"Of all known attributes, {tables.TITLES[gap.by]} divides most: {_finding(gap)}"
    if study.regions:
        yield f"By place: {_finding(study.regions.gap)}"
        s = study.regions.spread
        yield (
            f"Over {len(study.regions.groups)} regions the mean is {text(s.mean.value)} %, the "
            f"highest {text(s.maximum.value)} %, the variance {s.variance.value:.0f} points²."
        )
    for reason in study.missing:
        yield f"Not found out: {reason}"


def _finding(gap: Gap) -> str:
    real = "more than chance makes" if gap.certain else "no more than chance makes"
    return (
        f"{gap.bottom.name} ({text(gap.share)} % of the speakers) has {text(gap.bottom.wer.value)} "
        f"% wrong words, all others {text(gap.others.wer.value)} %: a gap of {cell(gap.gap)} %, "
        f"{real} ({text(gap.chance)} %)."
    )
