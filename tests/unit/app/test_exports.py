"""Each format says what the transcript says; SegLST as MeetEval reads it."""

from __future__ import annotations

import json
from pathlib import Path

import meeteval
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.exports import FORMATS, ExportDocument, ExportTurn, ExportWord, document_of
from app.exports.text import clock
from app.transcript import Transcript, Turn
from engine.events import Word


@pytest.fixture
def transcript() -> Transcript:
    turns = [
        Turn(2, 1, 24_000, 56_000, 2, (Word("größer", 24_000, 56_000, 0.5),)),
        Turn(1, 0, 0, None, 1, (Word("yes", 0, 8_000, 1.0), Word("we", 8_000, 32_000, 0.25))),
        Turn(3, 0, 60_000, 70_000, 3),
    ]
    made = Transcript(turns={turn.number: turn for turn in turns})
    made.rename_speaker(1, "Ada Lovelace")
    made.rename_speaker(2, "")
    return made


@pytest.fixture
def document(transcript: Transcript) -> ExportDocument:
    return document_of(transcript, "talk", "The plan")


def test_text_has_a_line_for_each_turn_with_words(document: ExportDocument) -> None:
    assert FORMATS["txt"].write(document).decode() == (
        "The plan\n\n"
        "[0:00:00.0 - 0:00:02.0] Ada Lovelace: yes we\n"
        "[0:00:01.5 - 0:00:03.5] Speaker 2: größer\n"
    )


def test_seglst_is_read_back_by_meeteval(document: ExportDocument, tmp_path: Path) -> None:
    path = tmp_path / "talk.json"
    FORMATS["seglst"].save(document, path)
    read = list(meeteval.io.load(path, format="seglst"))
    assert read == [
        {
            "session_id": "talk",
            "speaker": "Ada Lovelace",
            "words": "yes we",
            "start_time": 0.0,
            "end_time": 2.0,
        },
        {
            "session_id": "talk",
            "speaker": "Speaker 2",
            "words": "größer",
            "start_time": 1.5,
            "end_time": 3.5,
        },
    ]


def test_seglst_scores_zero_errors_against_itself(document: ExportDocument, tmp_path: Path) -> None:
    path = tmp_path / "talk.json"
    FORMATS["seglst"].save(document, path)
    rate = meeteval.wer.cpwer(str(path), str(path))["talk"]
    assert (rate.errors, rate.length) == (0, 3)


def test_seglst_is_what_the_transcript_itself_says(
    transcript: Transcript, document: ExportDocument
) -> None:
    assert json.loads(FORMATS["seglst"].write(document)) == transcript.to_seglst("talk")


def test_json_has_every_word(document: ExportDocument) -> None:
    read = json.loads(FORMATS["json"].write(document))
    assert (read["format"], read["version"], read["title"]) == ("crosstalk", 1, "The plan")
    assert read["turns"][0]["words"][1] == {
        "text": "we",
        "start_s": 0.5,
        "end_s": 2.0,
        "confidence": 0.25,
    }


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
            st.lists(st.builds(ExportWord, names, seconds, seconds, st.floats(0, 1))).map(tuple),
        ),
        max_size=4,
    ),
)


@given(any_document)
def test_json_says_everything_exactly(document: ExportDocument) -> None:
    turns = json.loads(FORMATS["json"].write(document))["turns"]
    read = [
        ExportTurn(
            **{**turn, "words": tuple(ExportWord(**word) for word in turn["words"])},
        )
        for turn in turns
    ]
    assert read == document.turns


@given(any_document)
def test_every_format_writes_any_document(document: ExportDocument) -> None:
    for form in FORMATS.values():
        assert form.write(document).decode().endswith("\n")


def test_an_empty_meeting_is_exported_too(tmp_path: Path) -> None:
    empty = document_of(Transcript(), "talk", "Silence")
    assert FORMATS["txt"].write(empty) == b"Silence\n\n"
    assert json.loads(FORMATS["seglst"].write(empty)) == []


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.0, "0:00:00.0"), (59.99, "0:00:59.9"), (3_661.05, "1:01:01.0"), (360_000.0, "100:00:00.0")],
)
def test_clock(seconds: float, text: str) -> None:
    assert clock(seconds) == text
