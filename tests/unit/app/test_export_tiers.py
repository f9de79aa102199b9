"""TextGrid as praatio reads it, EAF as pympi does."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from praatio import textgrid
from pympi import Elan

from app.exports import FORMATS, ExportDocument, ExportTurn, ExportWord
from tests.unit.app.export_documents import AWKWARD, any_document, meetings, turn

Tiers = dict[str, list[tuple[float, float, str]]]


def read_textgrid(document: ExportDocument) -> Tiers:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "talk.TextGrid"
        FORMATS["textgrid"].save(document, path)
        grid = textgrid.openTextgrid(str(path), includeEmptyIntervals=False, reportingMode="error")
    return {tier.name: [tuple(entry) for entry in tier.entries] for tier in grid.tiers}


def read_eaf(document: ExportDocument) -> Tiers:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "talk.eaf"
        FORMATS["eaf"].save(document, path)
        eaf = Elan.Eaf(str(path))
    return {
        name: [
            (start / 1_000, end / 1_000, text)
            for start, end, text in sorted(eaf.get_annotation_data_for_tier(name))
        ]
        for name in eaf.get_tier_names()
    }


READERS = [read_textgrid, read_eaf]


def check(tiers: Tiers, document: ExportDocument) -> None:
    """All turns and words are there, on tiers of their speakers, and overlap nowhere."""
    for speaker in document.speakers:
        own = {name: tiers[name] for name in tiers if name.startswith(speaker)}
        turns = [e for name in own if "words" not in name for e in own[name]]
        words = [e for name in own if "words" in name for e in own[name]]
        said = [each for each in document.turns if each.speaker == speaker]
        assert sorted(turns) == sorted((t.start_s, t.end_s, t.text) for t in said)
        assert sorted(words) == sorted(
            (w.start_s, w.end_s, w.text) for each in said for w in each.words
        )
    for entries in tiers.values():
        ends = [end for _, end, _ in entries]
        assert all(end <= entry[0] for end, entry in zip(ends, entries[1:], strict=False))


@given(meetings)
@settings(max_examples=40)
def test_praat_finds_every_turn_and_word(document: ExportDocument) -> None:
    check(read_textgrid(document), document)


@given(meetings)
@settings(max_examples=40)
def test_elan_finds_every_turn_and_word(document: ExportDocument) -> None:
    tiers = read_eaf(document)
    assert ("default" in tiers) == (not document.turns)
    check(tiers, document)


@given(any_document)
@settings(max_examples=30)
def test_whatever_is_written_is_read(document: ExportDocument) -> None:
    with_words = sum(1 for each in document.turns if each.words)
    assert len(read_textgrid(document)) <= max(1, 2 * with_words)
    assert len(read_eaf(document)) <= max(1, 2 * with_words)


@pytest.mark.parametrize("reader", READERS)
def test_turns_of_one_person_that_overlap_are_on_two_tiers(reader: object) -> None:
    assert callable(reader)
    tiers = reader(AWKWARD)
    assert list(tiers) == [
        *("Ada Lovelace", "Ada Lovelace words", "Ada Lovelace 2", "Ada Lovelace words 2"),
        *("Jörg Müller", "Jörg Müller words", "李 雷", "李 雷 words"),
    ]
    assert tiers["Ada Lovelace"] == [(0.0, 1.5, "Yes, we can.")]
    assert tiers["Ada Lovelace words 2"] == [(1.25, 1.75, "really")]
    assert tiers["李 雷"][0][2] == "<b>5 {x} & *so* [on]</b>"


@pytest.mark.parametrize("reader", READERS)
def test_tiers_of_people_whose_names_collide_are_told_apart(reader: object) -> None:
    assert callable(reader)
    names = ["Ada", "Ada words", 'the "boss"']
    document = replace(AWKWARD, turns=[turn(n, float(i), "so") for i, n in enumerate(names)])
    tiers = reader(document)
    assert list(tiers) == [
        *("Ada", "Ada words", "Ada words 2", "Ada words words"),
        *('the "boss"', 'the "boss" words'),
    ]


@pytest.mark.parametrize("reader", READERS)
def test_words_without_length_are_there_too(reader: object) -> None:
    assert callable(reader)
    words = tuple(ExportWord(text, 2.0, 2.0, 1.0, text) for text in ("a", "b"))
    tiers = reader(replace(AWKWARD, turns=[ExportTurn("Ada", 2.0, 2.0, words)]))
    assert tiers == {
        "Ada": [(2.0, 2.001, "a b")],
        "Ada words": [(2.0, 2.001, "a"), (2.001, 2.002, "b")],
    }


def test_a_textgrid_is_as_long_as_the_meeting(tmp_path: Path) -> None:
    for number, turns in enumerate(([], AWKWARD.turns)):
        path = tmp_path / f"{number}.TextGrid"
        FORMATS["textgrid"].save(replace(AWKWARD, turns=turns), path)
        grid = textgrid.openTextgrid(str(path), includeEmptyIntervals=True)
        assert (grid.minTimestamp, grid.maxTimestamp) == (0, 12.5)
        assert grid.tierNames


def test_eaf_has_ordered_times_and_says_who_speaks() -> None:
    root = ElementTree.fromstring(FORMATS["eaf"].write(AWKWARD))
    times = [int(slot.attrib["TIME_VALUE"]) for slot in root.iter("TIME_SLOT")]
    assert times == sorted(times)
    people = [tier.attrib["PARTICIPANT"] for tier in root.iter("TIER")]
    assert sorted(set(people)) == sorted(AWKWARD.speakers)
    assert root.attrib["DATE"] == "2026-01-05T09:30:00+00:00"
