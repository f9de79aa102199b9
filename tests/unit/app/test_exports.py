"""Each format says what the transcript says; SegLST as MeetEval reads it."""

from __future__ import annotations

import errno
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import meeteval
import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from app.exports import (
    FORMATS,
    ExportDocument,
    ExportTurn,
    ExportWord,
    SoundPart,
    document_of,
)
from app.exports.text import clock, seconds_of
from app.files import OutputError
from app.transcript import Transcript, Turn
from engine.events import Word
from tests.unit.app.export_documents import any_document


@pytest.fixture
def transcript() -> Transcript:
    turns = [
        Turn(2, 1, 24_000, 56_000, 2, (Word("größer", 24_000, 56_000, 0.5),)),
        Turn(
            1,
            0,
            0,
            None,
            1,
            (Word("yes", 0, 8_000, 1.0, readable="Yes,"), Word("we", 8_000, 32_000, 0.25)),
        ),
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
        "[0:00:00.0 - 0:00:02.0] Ada Lovelace: Yes, we\n"
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
    assert (read["session_id"], read["started_at"]) == ("talk", None)
    assert read["turns"][0]["words"] == [
        {"text": "yes", "start_s": 0.0, "end_s": 0.5, "confidence": 1.0, "readable": "Yes,"},
        {"text": "we", "start_s": 0.5, "end_s": 2.0, "confidence": 0.25, "readable": "we"},
    ]


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


@pytest.mark.parametrize("name", [name for name, form in FORMATS.items() if form.stream is None])
@given(document=any_document)
@settings(max_examples=30)
def test_every_format_of_text_writes_any_document(name: str, document: ExportDocument) -> None:
    written = FORMATS[name].write(document)
    assert FORMATS[name].binary or isinstance(written.decode(), str)


@pytest.mark.parametrize("name", FORMATS)
def test_a_meeting_without_words_is_written_in_every_format(
    name: str, talk: Path, tmp_path: Path
) -> None:
    path = tmp_path / "out"
    FORMATS[name].save(document_of(Transcript(), "talk", "Silence", talk), path)
    assert path.is_file()


def test_an_empty_meeting_is_exported_too() -> None:
    empty = document_of(Transcript(), "talk", "Silence")
    assert FORMATS["txt"].write(empty) == b"Silence\n\n"
    assert json.loads(FORMATS["seglst"].write(empty)) == []


@pytest.fixture
def talk(tmp_path: Path) -> Path:
    path = tmp_path / "talk.wav"
    soundfile.write(path, np.zeros(8_000), 8_000)
    return path


@pytest.mark.parametrize("name", FORMATS)
def test_what_fails_leaves_an_earlier_file_whole(
    name: str, talk: Path, document: ExportDocument, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr("os.fsync", full)
    path = tmp_path / "out"
    path.write_bytes(b"earlier")
    with pytest.raises(OutputError, match="full"):
        FORMATS[name].save(replace(document, sound=(SoundPart(talk),)), path)
    assert path.read_bytes() == b"earlier"
    assert {each.name for each in tmp_path.iterdir()} == {"out", "talk.wav"}


@pytest.mark.parametrize("name", ["txt", "wav"])
def test_no_export_takes_the_place_of_the_recording(
    name: str, talk: Path, document: ExportDocument, tmp_path: Path
) -> None:
    before = talk.read_bytes()
    link = tmp_path / "link"
    link.symlink_to(talk)
    for path in (talk, link):
        with pytest.raises(OutputError, match="the recording itself"):
            FORMATS[name].save(replace(document, sound=(SoundPart(talk),)), path)
    assert talk.read_bytes() == before


def test_names_suffixes_and_titles_are_fit_for_menus() -> None:
    assert list(FORMATS) == [form.name for form in FORMATS.values()]
    assert len({form.title for form in FORMATS.values()}) == len(FORMATS)
    assert all(form.suffix.startswith(".") for form in FORMATS.values())


def test_the_libraries_of_the_formats_are_loaded_when_they_are_used() -> None:
    code = (
        "import sys, app.exports; "
        "print(sorted({'docx', 'lxml', 'praatio', 'pympi', 'pysubs2'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.stdout.strip(), done.stderr) == ("[]", "")


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.0, "0:00:00.0"), (59.99, "0:00:59.9"), (3_661.05, "1:01:01.0"), (360_000.0, "100:00:00.0")],
)
def test_clock(seconds: float, text: str) -> None:
    assert clock(seconds) == text


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90", 90.0), ("0.25", 0.25), ("1:30", 90.0), ("1:02:03.5", 3_723.5), ("75:00", 4_500.0)],
)
def test_times_are_read_as_people_write_them(text: str, seconds: float) -> None:
    assert seconds_of(text) == seconds


@pytest.mark.parametrize("text", ["", "soon", "-1", "1:99", "1:2:3:4", "inf", "1e3", "1:30 "])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no time"):
        seconds_of(text)


@given(st.integers(0, 10**6))
def test_a_clock_is_read_back(tenths: int) -> None:
    assert round(10 * seconds_of(clock(tenths / 10 + 0.01))) == tenths
