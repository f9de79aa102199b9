"""RTTM, CTM and STM as MeetEval reads them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import meeteval
import pytest
from hypothesis import given

from app.exports import FORMATS, ExportDocument, ExportTurn, ExportWord
from tests.unit.app.export_documents import AWKWARD, meetings, turn


@pytest.fixture(autouse=True)
def calm(monkeypatch: pytest.MonkeyPatch) -> None:
    """MeetEval warns once in a process that CTM knows no speakers."""
    monkeypatch.setattr("meeteval.io.ctm._warned", True)


def field(name: str) -> str:
    return name.replace(" ", "_")


def read(document: ExportDocument, name: str) -> list[Any]:
    reader = {"rttm": meeteval.io.RTTM, "ctm": meeteval.io.CTM, "stm": meeteval.io.STM}[name]
    return list(reader.parse(FORMATS[name].write(document).decode(), parse_float=float))


@given(meetings)
def test_rttm_has_speakers_and_times(document: ExportDocument) -> None:
    lines = [
        (each.filename, each.speaker_id, each.begin_time, round(each.begin_time + each.duration, 3))
        for each in read(document, "rttm")
    ]
    assert lines == [
        ("a_talk", field(each.speaker), each.start_s, each.end_s) for each in document.turns
    ]


@given(meetings)
def test_stm_has_speakers_times_and_raw_words(document: ExportDocument) -> None:
    lines = [
        (each.speaker_id, each.begin_time, each.end_time, each.transcript.split(" "))
        for each in read(document, "stm")
    ]
    assert sorted(lines) == sorted(
        (field(each.speaker), each.start_s, each.end_s, [word.text for word in each.words])
        for each in document.turns
    )


@given(meetings)
def test_ctm_has_every_word_with_its_time_and_confidence(document: ExportDocument) -> None:
    lines = [
        (
            each.channel,
            each.begin_time,
            round(each.begin_time + each.duration, 3),
            each.word,
            float(each.confidence),
        )
        for each in read(document, "ctm")
    ]
    assert sorted(lines) == sorted(
        (field(each.speaker), word.start_s, word.end_s, word.text, word.confidence)
        for each in document.turns
        for word in each.words
    )


@given(meetings)
def test_lines_are_ordered_as_sclite_wants_them(document: ExportDocument) -> None:
    for name in ("ctm", "stm"):
        keys = [(each.filename, each.channel, each.begin_time) for each in read(document, name)]
        assert keys == sorted(keys)


def test_what_was_exported_scores_no_error_against_seglst(tmp_path: Path) -> None:
    stm, seglst = tmp_path / "talk.stm", tmp_path / "talk.json"
    named = replace(AWKWARD, session_id="monday_talk")
    FORMATS["stm"].save(named, stm)
    FORMATS["seglst"].save(named, seglst)
    rate = meeteval.wer.cpwer(str(seglst), str(stm))["monday_talk"]
    assert (rate.errors, rate.length) == (0, sum(len(each.words) for each in named.turns))


def test_names_that_would_look_alike_are_told_apart() -> None:
    speakers = ["Ada Lovelace", "Ada_Lovelace", " ", ";;x", "Ada\u00a0\u2028Lovelace", "a\x00b"]
    turns = [turn(name, float(number), "so") for number, name in enumerate(speakers)]
    document = replace(AWKWARD, turns=turns, session_id=";; a talk")
    lines = read(document, "rttm")
    assert [each.speaker_id for each in lines] == [
        *("Ada_Lovelace", "Ada_Lovelace_2", "?", "x", "Ada_Lovelace", "ab")
    ]  # a line break within a name is a space
    assert {each.filename for each in lines} == {"_a_talk"}
    assert len(read(document, "stm")) == len(read(document, "ctm")) == len(speakers)


def test_words_and_turns_without_length_last_a_millisecond() -> None:
    words = tuple(ExportWord(text, 2.0, 2.0, 1.0, text) for text in ("a", "b", "c d"))
    document = replace(AWKWARD, turns=[ExportTurn("Ada", 2.0, 2.0, words)])
    (line,) = read(document, "rttm")
    assert (line.begin_time, line.duration) == (2.0, 0.001)
    assert [(each.begin_time, each.duration, each.word) for each in read(document, "ctm")] == [
        (2.0, 0.001, "a"),
        (2.001, 0.001, "b"),
        (2.002, 0.001, "c_d"),
    ]


def test_a_meeting_without_words_is_an_empty_file() -> None:
    for name in ("rttm", "ctm", "stm"):
        assert FORMATS[name].write(replace(AWKWARD, turns=[])) == b""
