"""Documents to export: a small one with everything awkward in it, and made-up ones."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import pairwise

from hypothesis import strategies as st

from app.exports import ExportDocument, ExportTurn, ExportWord

STARTED_AT = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)


def turn(speaker: str, start_s: float, text: str, word_s: float = 0.5) -> ExportTurn:
    """A turn of evenly spaced words; their raw form is in lower case without marks."""
    words = tuple(
        ExportWord(
            word.lower().strip(",.?!"),
            round(start_s + number * word_s, 3),
            round(start_s + (number + 1) * word_s, 3),
            0.9,
            word,
        )
        for number, word in enumerate(text.split())
    )
    return ExportTurn(speaker, start_s, words[-1].end_s, words)


AWKWARD = ExportDocument(
    "monday talk",
    "Plans & <costs> *2026*",
    [
        turn("Ada Lovelace", 0.0, "Yes, we can."),
        turn("Jörg Müller", 1.0, "Größer ist schön."),  # overlaps
        turn("Ada Lovelace", 1.25, "Really?"),  # overlaps her own turn
        turn("李 雷", 5.0, "<b>5 {x} & *so* [on]</b>"),
    ],
    STARTED_AT,
    length_s=12.5,
)

names = st.text(min_size=1, max_size=8)
seconds = st.integers(0, 10**9).map(lambda samples: samples / 16_000)
any_document = st.builds(
    ExportDocument,
    names,
    names,
    st.lists(
        st.builds(
            ExportTurn,
            names,
            seconds,
            seconds,
            st.lists(st.builds(ExportWord, names, seconds, seconds, st.floats(0, 1), names)).map(
                tuple
            ),
        ),
        max_size=4,
    ),
)
"""Anything of the right types, sensible or not."""

LETTERS = st.text(st.characters(categories=["L"]), min_size=1, max_size=12)
PEOPLE = ("Ada Lovelace", "Jörg Müller", "李 雷", "Speaker 1", "O'Brien, Pat", "🙂 Smiley")


@st.composite
def _turn(draw: st.DrawFn) -> ExportTurn:
    start = draw(st.integers(0, 600_000))
    spoken = draw(st.lists(LETTERS, min_size=1, max_size=40))
    steps = draw(st.lists(st.integers(1, 2_000), min_size=len(spoken), max_size=len(spoken)))
    edges = [start]
    for step in steps:
        edges.append(edges[-1] + step)
    words = tuple(
        ExportWord(text, begin / 1_000, end / 1_000, 0.5, f"{text.upper()}.")
        for text, (begin, end) in zip(spoken, pairwise(edges), strict=True)
    )
    return ExportTurn(draw(st.sampled_from(PEOPLE)), start / 1_000, edges[-1] / 1_000, words)


def _document(turns: Sequence[ExportTurn]) -> ExportDocument:
    return ExportDocument("a talk", "A talk", sorted(turns, key=lambda each: each.start_s))


meetings = st.lists(_turn(), max_size=6).map(_document)
"""Meetings as they may be: words one after the other, turns that overlap, whole milliseconds."""
