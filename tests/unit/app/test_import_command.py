"""`crosstalk import`: files into the library, with an exit code and messages for the bad ones."""

from __future__ import annotations

import os
import signal
import threading
from pathlib import Path

import pytest
import soundfile

from app import cli
from app.jobs.job import JobState
from app.jobs.media import media_files
from app.paths import library_path, recordings_dir
from app.store import Library
from tests.media import bursts, write_media
from tests.scripted_engine import ScriptedEngine
from tests.unit.app.test_jobs import SAID, SCRIPT, Slow

RATE = 8_000


@pytest.fixture(autouse=True)
def engine(monkeypatch: pytest.MonkeyPatch) -> None:
    choice = lambda *_: lambda model: lambda: ScriptedEngine(SCRIPT)  # noqa: E731
    monkeypatch.setattr(cli, "engine_choice", choice)


def run(*arguments: object) -> int:
    with pytest.raises(SystemExit) as ended:
        cli.main([str(each) for each in arguments])
    code = ended.value.code
    return code if isinstance(code, int) else 0


@pytest.fixture
def talk(tmp_path: Path) -> Path:
    path = tmp_path / "talk.wav"
    soundfile.write(path, bursts(2.0, RATE), RATE)
    return path


def test_files_become_meetings(
    tmp_path: Path, talk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    video = write_media(tmp_path / "film.mkv", bursts(2.0), "libopus", "mpeg4")
    assert run("import", talk, video) == 0
    said = capsys.readouterr()
    assert said.out == "1\ttalk\n2\tfilm\n"
    with Library(library_path()) as library:
        assert [turn.text for turn in library.load(2).ordered()] == SAID
        assert library.jobs.all() == []


def test_bad_files_are_told_and_the_good_one_is_there(
    tmp_path: Path, talk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    letter, cut = tmp_path / "letter.mp4", tmp_path / "cut.wav"
    letter.write_text("Dear grandmother")
    cut.write_bytes(talk.read_bytes()[:20_000])
    assert run("import", letter, talk, cut, tmp_path / "none.wav") == 2
    said = capsys.readouterr()
    assert said.out == "1\ttalk\n2\tcut\n"
    lines = [line for line in said.err.splitlines() if line.startswith("crosstalk: ")]
    assert ["not audio" in lines[0], "cut short" in lines[1], "not exist" in lines[2]] == [True] * 3


def test_of_a_folder_its_audio_and_video_is_taken(tmp_path: Path, talk: Path) -> None:
    inside = tmp_path / "inside" / "deeper"
    inside.mkdir(parents=True)
    for name in ("b.MP4", "a.opus", "notes.txt", ".hidden.wav"):
        (inside / name).touch()
    assert media_files([inside.parent, talk, inside / "notes.txt", talk]) == [
        *(inside / "a.opus", inside / "b.MP4", talk, inside / "notes.txt")
    ]


def test_a_folder_without_any_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "empty").mkdir()
    assert run("import", tmp_path / "empty") == 2
    assert "name the files" in capsys.readouterr().err


def test_a_model_that_is_missing_is_told_before_anything_is_done(
    talk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("import", talk, "--model", "none") == 2
    assert "no model called 'none'" in capsys.readouterr().err
    assert list(recordings_dir().iterdir()) == []


def test_ctrl_c_leaves_the_rest_in_the_queue(
    talk: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    slow = Slow(pause_s=0.1)
    monkeypatch.setattr(cli, "engine_choice", lambda *_: lambda model: lambda: slow)

    def interrupt() -> None:
        slow.begun.wait(10)
        os.kill(os.getpid(), signal.SIGINT)

    # A shell that starts the tests in the background has switched Ctrl-C off.
    former = signal.signal(signal.SIGINT, signal.default_int_handler)
    thread = threading.Thread(target=interrupt)
    thread.start()
    assert run("import", talk) != 0
    thread.join()
    signal.signal(signal.SIGINT, former)
    assert "the window goes on with it" in capsys.readouterr().err
    with Library(library_path()) as library:
        assert [job.state for job in library.jobs.all()] == [JobState.WAITING]
