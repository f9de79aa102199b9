"""The tables of a study."""

from __future__ import annotations

from collections.abc import Iterator

from engine.evaluation.figures import BY_NAME
from engine.evaluation.grid import Grid
from engine.evaluation.intervals import Interval
from engine.fairness.regions import Box
from engine.fairness.study import CohortStudy, RegionStudy, Study
from engine.fairness.tally import Gap, Group

TITLES = {
    "sex": "sex",
    "age_group": "age",
    "first_language": "first language",
    "region": "stated region",
    "corpus": "corpus (recording)",
}

cell = BY_NAME["wer"].cell
"""A share with its interval, in percent."""

text = BY_NAME["wer"].text


def gaps(study: Study) -> Grid:
    """Every way of dividing people in two, side by side."""
    ours = [part.gap for part in (study.cohorts, study.regions) if part]
    rows = [_gap(gap) for gap in (*ours, *study.gaps)]
    note = (
        "Gap: by how much the word error rate of those understood worst is above that of all "
        "others, relative. By chance: what the same search finds in 19 of 20 cases when the errors "
        "are dealt out to the speakers anew; a gap below it shows nothing and is not called real."
    )
    return Grid("Who is understood worse", _GAP_HEAD, tuple(rows), note)


_GAP_HEAD = (
    *("divided by", "worst", "of speakers %", "WER %", "others' WER %", "gap %"),
    *("by chance %", "real"),
)


def _gap(gap: Gap) -> tuple[str, ...]:
    return (
        TITLES.get(gap.by, gap.by),
        gap.bottom.name,
        text(gap.share),
        cell(gap.bottom.wer),
        cell(gap.others.wer),
        cell(gap.gap),
        text(gap.chance),
        "yes" if gap.certain else "no",
    )


def cohorts(found: CohortStudy) -> Grid:
    """Cohorts by voice, worst first."""
    rows = [
        (*_group(each), about) for (_, each), about in zip(found.groups, found.about, strict=True)
    ]
    note = "People whose voices are alike, found without anybody's label; worst first."
    return Grid("Cohorts by voice", ("", *_HEAD, "mostly"), tuple(rows), note)


def regions(found: RegionStudy) -> Grid:
    """Regions, worst first."""
    rows = [
        (*_group(each), where(box), about)
        for each, box, about in zip(found.groups, found.boxes, found.about, strict=True)
    ]
    note = (
        "Cut where the word error rates differ most, as numbered in the map; worst first. "
        f"{found.coarse} of {len(found.speakers)} people are known only by the region that they "
        "state, and stand in the middle of it."
    )
    return Grid("Regions", ("", *_HEAD, "where", "stated"), tuple(rows), note)


def spread(found: RegionStudy) -> Grid:
    """Over the regions, each counted once."""
    s = found.spread
    rows = (
        ("mean WER %", cell(s.mean)),
        ("highest WER %", cell(s.maximum)),
        ("variance, points²", _plain(s.variance)),
    )
    return Grid("Over the regions", ("", "value (95 % interval)"), rows, "Each region counts once.")


def _plain(interval: Interval) -> str:
    return f"{interval.value:.1f} ({interval.low:.1f} to {interval.high:.1f})"


def values(study: Study) -> Iterator[Grid]:
    """All values of each attribute."""
    for by, groups in study.values.items():
        if len(groups) > 1:
            title = f"By {TITLES[by]}"
            yield Grid(title, ("", *_HEAD), tuple(_group(each) for each in groups))


_HEAD = ("speakers", "words", "WER %")


def _group(each: Group) -> tuple[str, ...]:
    return (each.name, str(len(each.speakers)), str(each.words), cell(each.wer))


def where(box: Box) -> str:
    """A box in words, its edges at the end of the world left out."""
    sides = (
        (box.south, -90.0, "north of", ("S", "N")),
        (box.north, 90.0, "south of", ("S", "N")),
        (box.west, -180.0, "east of", ("W", "E")),
        (box.east, 180.0, "west of", ("W", "E")),
    )
    said = [
        f"{word} {abs(at):.0f}° {signs[at >= 0]}" for at, end, word, signs in sides if at != end
    ]
    return ", ".join(said) or "everywhere"
