"""Markdown as markdown-it reads it, .docx as python-docx does."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from itertools import pairwise

import docx
import pytest
from docx.document import Document
from hypothesis import given, settings
from markdown_it import MarkdownIt
from markdown_it.token import Token

from app.exports import (
    FORMATS,
    ExportDocument,
    ExportNote,
    Selection,
    SelectionError,
    select,
    some_turns,
)
from app.exports.text import clock
from tests.unit.app.export_documents import AWKWARD, any_document, meetings, turn


def blocks(document: ExportDocument) -> list[tuple[str, list[Token]]]:
    """The blocks of the Markdown, each with its inline parts."""
    parsed = MarkdownIt().parse(FORMATS["md"].write(document).decode())
    pairs = pairwise(parsed)
    return [(before.tag, part.children or []) for before, part in pairs if part.type == "inline"]


def shown(parts: list[Token]) -> str:
    return "".join("\n" if part.type == "hardbreak" else part.content for part in parts)


def read_docx(document: ExportDocument) -> Document:
    return docx.Document(BytesIO(FORMATS["docx"].write(document)))


def heads(document: ExportDocument) -> list[str]:
    return [f"{clock(each.start_s)} – {clock(each.end_s)}" for each in document.turns]


@given(meetings)
@settings(max_examples=40)
def test_markdown_has_names_in_bold_times_and_readable_words(document: ExportDocument) -> None:
    (title_tag, title), *paragraphs = blocks(document)
    assert (title_tag, shown(title)) == ("h1", document.title)
    said = paragraphs[len(paragraphs) - len(document.turns) :]
    for (tag, parts), each, times in zip(said, document.turns, heads(document), strict=True):
        assert tag == "p"
        assert shown(parts) == f"{each.speaker} {times}\n{each.text}"
        bold = [part.type for part in parts].index("strong_open")
        assert parts[bold + 1].content == each.speaker


def test_markdown_says_when_how_long_and_who() -> None:
    started = datetime(2026, 1, 5, 9, 30).astimezone()
    lines = [shown(parts) for _, parts in blocks(replace(AWKWARD, started_at=started))]
    assert lines[:3] == [
        "Plans & <costs> *2026*",
        "2026-01-05 09:30, 0:00:12",
        "Ada Lovelace, Jörg Müller, 李 雷",
    ]
    assert lines[-1].endswith("<b>5 {x} & *so* [on]</b>")


@pytest.mark.parametrize(
    "name",
    ["1. Ada", "- Ada", "# Ada", "> Ada", "+", "==", "a_b_c", "[x](y)", "`a`", "\\", "~~a~~"],
)
def test_no_name_means_anything_to_markdown(name: str) -> None:
    document = replace(AWKWARD, title=name, turns=[turn(name, 0.0, f"{name} so")])
    read = [shown(parts) for _, parts in blocks(document)]
    assert read == [
        name,
        shown([*blocks(document)[1][1]]),
        name,
        f"{name} 0:00:00.0 – {clock(document.turns[0].end_s)}\n{name} so",
    ]


@given(meetings)
@settings(max_examples=10)
def test_docx_has_names_in_bold_times_and_readable_words(document: ExportDocument) -> None:
    paragraphs = read_docx(document).paragraphs
    assert (paragraphs[0].text, paragraphs[0].style and paragraphs[0].style.name) == (
        document.title,
        "Title",
    )
    said = paragraphs[len(paragraphs) - len(document.turns) :]
    for paragraph, each, times in zip(said, document.turns, heads(document), strict=True):
        assert paragraph.text == f"{each.speaker}  {times}\n{each.text}"
        assert [run.text for run in paragraph.runs if run.bold] == [each.speaker]


def test_docx_says_when_how_long_and_who() -> None:
    started = datetime(2026, 1, 5, 9, 30).astimezone()
    read = read_docx(replace(AWKWARD, started_at=started))
    assert [paragraph.text for paragraph in read.paragraphs[:3]] == [
        "Plans & <costs> *2026*",
        "2026-01-05 09:30, 0:00:12",
        "Ada Lovelace, Jörg Müller, 李 雷",
    ]
    about = read.core_properties
    assert (about.title, about.author, about.comments) == (
        "Plans & <costs> *2026*",
        "Crosstalk",
        "",
    )
    assert about.created is not None
    assert about.created.replace(tzinfo=UTC) == started


@given(any_document)
@settings(max_examples=20)
def test_whatever_is_written_is_read(document: ExportDocument) -> None:
    assert read_docx(document).paragraphs
    assert blocks(document) or not document.title.strip()


def test_a_selection_says_which_part_it_is() -> None:
    part = replace(AWKWARD, started_at=None, start_s=1.0, end_s=3.0)
    assert shown(blocks(part)[1][1]) == "0:00:01.0 – 0:00:03.0"


NOTED = replace(AWKWARD, notes=(ExportNote(1.25, "ask *twice*"), ExportNote(6.0, "")))


def test_notes_stand_at_the_end() -> None:
    *_, (tag, title), (_, first), (_, second) = blocks(NOTED)
    assert (tag, shown(title)) == ("h2", "Notes")
    assert shown(first) == "0:00:01.2 ask *twice*"
    assert shown(second) == "0:00:06.0"
    last = [paragraph.text for paragraph in read_docx(NOTED).paragraphs[-3:]]
    assert last == ["Notes", "0:00:01.2  ask *twice*", "0:00:06.0"]
    lines = FORMATS["txt"].write(NOTED).decode().splitlines()
    assert lines[-4:] == ["Notes", "", "[0:00:01.2] ask *twice*", "[0:00:06.0]"]
    content = json.loads(FORMATS["json"].write(NOTED))
    assert content["notes"] == [
        {"time_s": 1.25, "text": "ask *twice*"},
        {"time_s": 6.0, "text": ""},
    ]


def test_a_part_has_its_notes_only() -> None:
    part = select(NOTED, Selection(1.0, 2.0, from_zero=True))
    assert part.notes == (ExportNote(0.25, "ask *twice*"),)


def test_some_turns_leave_the_others_out_and_silent() -> None:
    part = some_turns(NOTED, {1, 2})
    assert part.turns == AWKWARD.turns[1:3]
    assert part.audible == ((1.0, 2.5), (1.25, 1.75))
    assert (part.start_s, part.end_s) == (1.0, 2.5)
    assert part.notes == NOTED.notes[:1]
    with pytest.raises(SelectionError, match="choose other turns"):
        some_turns(NOTED, {9})
