"""Where documents go, and that nobody overwrites what they did not mean to."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.exports import FORMATS, document_of
from app.files import OutputError
from app.outputs import STANDARD_OUTPUT, outputs_for
from app.transcript import Transcript, Turn
from engine.events import Word

SEGLST, TXT = FORMATS["seglst"], FORMATS["txt"]


@pytest.fixture
def transcript() -> Transcript:
    made = Transcript(turns={1: Turn(1, 0, 0, 16_000, 1, (Word("héllo", 0, 16_000, 1.0),))})
    made.rename_speaker(1, "Ada")
    return made


def test_one_recording_goes_to_standard_output_or_a_file(tmp_path: Path) -> None:
    recording, file = tmp_path / "a.wav", tmp_path / "a.txt"
    for output in (None, STANDARD_OUTPUT):
        (target,) = outputs_for([recording], output, TXT)
        assert not target.is_file
    (target,) = outputs_for([recording], file, TXT)
    assert (target.path, target.is_file) == (file, True)
    (target,) = outputs_for([recording], tmp_path, SEGLST)
    assert target.path == tmp_path / "a.json"


def test_several_recordings_go_to_a_folder(tmp_path: Path, transcript: Transcript) -> None:
    recordings = [tmp_path / "a.wav", tmp_path / "b.flac"]
    folder = tmp_path / "new" / "folder"
    targets = outputs_for(recordings, folder, SEGLST)
    for recording, target in zip(recordings, targets, strict=True):
        target.write(document_of(transcript, recording.stem, "title"))
    assert sorted(path.name for path in folder.iterdir()) == ["a.json", "b.json"]
    assert json.loads((folder / "b.json").read_text())[0]["session_id"] == "b"


def test_what_would_be_lost_is_refused_before_the_work(tmp_path: Path) -> None:
    recording = tmp_path / "a.wav"
    recording.write_bytes(b"sound")
    other = tmp_path / "other" / "a.flac"
    (tmp_path / "link").symlink_to(recording)
    with pytest.raises(OutputError, match="need a folder"):
        outputs_for([recording, other], None, TXT)
    with pytest.raises(OutputError, match=r"More than one recording is called a\b"):
        outputs_for([recording, other], tmp_path / "out", TXT)
    for output in (recording, tmp_path / "link"):
        with pytest.raises(OutputError, match="is the recording itself"):
            outputs_for([recording], output, TXT)
    with pytest.raises(OutputError, match="cannot be made"):
        outputs_for([recording, tmp_path / "b.wav"], recording, TXT)
    with pytest.raises(OutputError, match="no folder"):
        outputs_for([recording], tmp_path / "missing" / "a.txt", TXT)
    assert recording.read_bytes() == b"sound"


def test_standard_output_gets_the_document(
    capfdbinary: pytest.CaptureFixture[bytes], transcript: Transcript
) -> None:
    (target,) = outputs_for([Path("a.wav")], None, TXT)
    target.write(document_of(transcript, "a", "A talk"))
    assert capfdbinary.readouterr().out == "A talk\n\n[0:00:00.0 - 0:00:01.0] Ada: héllo\n".encode()


def test_a_name_that_is_no_text_is_written_all_the_same(
    tmp_path: Path, transcript: Transcript
) -> None:
    (target,) = outputs_for([Path("a.wav")], tmp_path / "a.json", SEGLST)
    target.write(document_of(transcript, "a\udcff", "title"))
    assert json.loads((tmp_path / "a.json").read_text())[0]["session_id"] == "a?"


@pytest.mark.parametrize("name", FORMATS)
def test_what_no_terminal_can_show_needs_a_file(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    form = FORMATS[name]
    for terminal in (True, False):
        monkeypatch.setattr("sys.stdout.isatty", lambda terminal=terminal: terminal)
        if form.stream is not None or (form.binary and terminal):
            with pytest.raises(OutputError, match=f"add --output FILE{form.suffix}"):
                outputs_for([Path("a.wav")], None, form)
        else:
            assert not outputs_for([Path("a.wav")], STANDARD_OUTPUT, form)[0].is_file


def test_two_formats_of_a_recording_may_lie_beside_it(tmp_path: Path) -> None:
    recording = tmp_path / "a.wav"
    recording.write_bytes(b"sound")
    with pytest.raises(OutputError, match="is the recording itself"):
        outputs_for([recording], tmp_path, FORMATS["wav"])
    (target,) = outputs_for([recording], tmp_path, FORMATS["flac"])
    assert target.path == tmp_path / "a.flac"
