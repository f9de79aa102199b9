"""SRT and WebVTT as pysubs2 reads them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from html import unescape

import pysubs2
import pytest
from hypothesis import given, settings

from app.exports import FORMATS, ExportDocument, ExportTurn, ExportWord
from app.exports.cues import LINE_CHARACTERS, LINES, LONGEST_S, SHORTEST_S, wrapped
from tests.unit.app.export_documents import AWKWARD, meetings, turn

Cues = list[tuple[float, float, str, list[str]]]
"""Start, end, speaker, lines."""


def read_srt(document: ExportDocument) -> Cues:
    cues = []
    for event in pysubs2.SSAFile.from_string(FORMATS["srt"].write(document).decode(), "srt"):
        speaker, _, text = _text(event).partition(": ")
        cues.append((event.start / 1_000, event.end / 1_000, speaker, text.split("\n")))
    return cues


def read_vtt(document: ExportDocument) -> Cues:
    written = FORMATS["vtt"].write(document).decode()
    assert written.startswith("WEBVTT\n\n")
    cues = []
    for event in pysubs2.SSAFile.from_string(written, "vtt", keep_html_tags=True):
        found = re.fullmatch("<v ([^>]+)>(.*)", _text(event), re.DOTALL)
        assert found is not None
        speaker, text = map(unescape, found.groups())
        cues.append((event.start / 1_000, event.end / 1_000, speaker, text.split("\n")))
    return cues


READERS = {"srt": read_srt, "vtt": read_vtt}


@given(meetings)
@settings(max_examples=40)
@pytest.mark.parametrize("name", READERS)
def test_nothing_that_was_said_is_lost(name: str, document: ExportDocument) -> None:
    cues = READERS[name](document)
    for speaker in document.speakers:
        shown = [word for _, _, who, lines in cues if who == speaker for word in _words(lines)]
        said = [
            w.readable for each in document.turns if each.speaker == speaker for w in each.words
        ]
        assert sorted(shown) == sorted(said)
    assert len(cues) >= len(document.turns)
    assert [start for start, *_ in cues] == sorted(start for start, *_ in cues)


@given(meetings)
@settings(max_examples=40)
@pytest.mark.parametrize("name", READERS)
def test_cues_can_be_read(name: str, document: ExportDocument) -> None:
    for start, end, _, lines in READERS[name](document):
        assert 0 < end - start <= LONGEST_S
        assert len(lines) <= LINES
        assert max(map(len, lines)) <= LINE_CHARACTERS


@given(meetings)
@settings(max_examples=40)
def test_a_cue_is_shown_while_its_words_are_said(document: ExportDocument) -> None:
    """The words are looked up by speaker and first word: with their times they are unique."""
    begins = {
        (each.speaker, word.start_s, word.readable)
        for each in document.turns
        for word in each.words
    }
    for start, _, speaker, lines in read_vtt(document):
        assert (speaker, start, _words(lines)[0]) in begins


@pytest.mark.parametrize("reader", READERS.values())
def test_turns_that_overlap_have_cues_that_do(reader: Callable[[ExportDocument], Cues]) -> None:
    cues = reader(AWKWARD)
    assert [(start, end, who) for start, end, who, _ in cues] == [
        (0.0, 1.5, "Ada Lovelace"),
        (1.0, 2.5, "Jörg Müller"),
        (1.25, 1.25 + SHORTEST_S, "Ada Lovelace"),
        (5.0, 7.5, "李 雷"),
    ]


def test_what_looks_like_markup_is_text() -> None:
    (*_, (_, _, _, lines)) = read_vtt(AWKWARD)
    assert lines == ["<b>5 {x} & *so* [on]</b>"]
    (*_, (_, _, _, lines)) = read_srt(AWKWARD)
    assert lines == ["‹b›5 {x} & *so* [on]‹/b›"]  # noqa: RUF001


def test_a_long_turn_is_cut_at_sentences_and_after_seven_seconds() -> None:
    text = "This is a first sentence of some length, I think. Then a second one begins. " * 2
    cues = read_srt(replace(AWKWARD, turns=[turn("Ada", 0.0, text, word_s=0.3)]))
    assert [" ".join(lines) for *_, lines in cues][:2] == [
        "This is a first sentence of some length, I think.",
        "Then a second one begins. This is a first sentence of some length, I think.",
    ]
    slow = read_srt(replace(AWKWARD, turns=[turn("Ada", 0.0, "a b c d", word_s=3.0)]))
    assert [(start, end, lines) for start, end, _, lines in slow] == [
        (0.0, 6.0, ["a b"]),
        (6.0, 12.0, ["c d"]),
    ]
    drawn = read_srt(replace(AWKWARD, turns=[turn("Ada", 0.0, "ooooh", word_s=20.0)]))
    assert [(start, end) for start, end, *_ in drawn] == [(0.0, LONGEST_S)]


def test_a_short_cue_waits_but_not_beyond_the_next() -> None:
    words = tuple(ExportWord("Oh.", at, at, 1.0, "Oh.") for at in (1.0, 1.0, 1.5))
    cues = read_srt(replace(AWKWARD, turns=[ExportTurn("Ada", 1.0, 1.5, words)]))
    assert [(start, end) for start, end, *_ in cues] == [(1.0, 1.7)]
    long = " ".join(["wonderful"] * 9)
    cues = read_srt(replace(AWKWARD, turns=[turn("Ada", 1.0, long, word_s=0.01)]))
    assert [(start, end) for start, end, *_ in cues] == [(1.0, 1.07), (1.07, 1.77)]


def test_a_name_without_end_leaves_room_for_words() -> None:
    names = [f"{'y' * 12_500}{who}" for who in ("Ada", "Bob")]
    said = "This is a sentence of some length, I think. " * 300
    document = replace(AWKWARD, turns=[turn(name, 0.0, said) for name in names])
    written = pysubs2.SSAFile.from_string(FORMATS["srt"].write(document).decode(), "srt")
    lines = [_text(event).split("\n") for event in written]
    assert max(map(len, lines)) <= LINES
    assert max(len(line) for each in lines for line in each) <= LINE_CHARACTERS
    texts = [" ".join(each).partition(": ") for each in lines]
    assert {who for who, _, _ in texts} == {f"{'y' * 36}…", f"{'y' * 36}… 2"}
    assert sum(len(text.split()) for *_, text in texts) == 2 * len(said.split())


def test_no_line_of_srt_is_a_number_alone() -> None:
    assert wrapped(["Ada:", *["word"] * 7, "123456"]) == [
        "Ada: word word word word",
        "word word word 123456",
    ]


def test_lines_are_about_as_long() -> None:
    assert wrapped(["one", "two", "three"]) == ["one two three"]
    assert wrapped(["abcdefghi"] * 6) == ["abcdefghi abcdefghi abcdefghi"] * 2
    assert wrapped(["a" * 60, "b"]) == ["a" * 60, "b"]


def test_a_meeting_without_words_has_no_cues() -> None:
    silent = replace(AWKWARD, turns=[])
    assert FORMATS["srt"].write(silent) == b""
    assert read_vtt(silent) == []


def _text(event: pysubs2.SSAEvent) -> str:
    """All of it: what pysubs2 calls the plain text leaves out braces and what is in them."""
    return event.text.replace("\\N", "\n")


def _words(lines: list[str]) -> list[str]:
    return " ".join(lines).split(" ")
