"""The commands, with a scripted engine and a file for a microphone."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from pathlib import Path

import meeteval
import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from app import cli
from app.audio import inputs
from app.audio.devices import InputDevice
from app.audio.file_source import FileSource
from app.audio.inputs import Input
from app.errors import DeviceNotFound
from app.exports import FORMATS
from app.paths import data_dir, library_path
from app.session import EngineFactory
from app.settings import settings_path
from app.sound import Source
from app.store import Library, MeetingState
from engine.audio import read_info
from engine.errors import ModelError
from engine.events import TurnEvent
from engine.readable.turns import ReadableTurns
from tests.scripted_engine import ScriptedEngine, spoken
from tests.unit.app.running import run
from tests.unit.engine import small_readable

RATE = 8_000
FULL = Path("/dev/full")
SCRIPT: list[TurnEvent] = [
    *spoken(1, 0.1, 0.5, "yes we can"),
    *spoken(2, 0.3, 0.9, "no", speaker=2, channel=1),
]
TEXT = "[0:00:00.1 - 0:00:00.5] Speaker 1: yes we can\n[0:00:00.3 - 0:00:00.9] Speaker 2: no\n"


@pytest.fixture
def talk(tmp_path: Path) -> Path:
    path = tmp_path / "talk.wav"
    soundfile.write(path, np.full(RATE, 0.1), RATE)
    return path


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> list[EngineFactory]:
    """The engine of every command; put another one at its place."""
    engines: list[EngineFactory] = [lambda: ScriptedEngine(SCRIPT)]
    monkeypatch.setattr(cli, "default_model", lambda: Path("default"))
    monkeypatch.setattr(cli, "engine_factory", lambda *_: lambda: engines[-1]())
    return engines


@pytest.fixture
def microphone(monkeypatch: pytest.MonkeyPatch, talk: Path) -> list[str | None]:
    """A microphone that hears ten seconds of noise; the names that were asked for."""
    asked: list[str | None] = []
    soundfile.write(talk, np.full(10 * RATE, 0.1), RATE)

    def open_(name: str | None) -> Input:
        asked.append(name)
        return Input(FileSource(talk))

    monkeypatch.setattr(cli, "microphone", open_)
    return asked


def test_a_file_is_transcribed_to_standard_output(
    talk: Path, engine: object, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run("transcribe", talk) == 0
    assert capfd.readouterr() == (f"talk\n\n{TEXT}", "")


def test_several_files_are_transcribed_into_a_folder(
    talk: Path, engine: object, tmp_path: Path
) -> None:
    other = talk.with_name("other.flac")
    soundfile.write(other, np.zeros(RATE), RATE)
    out = tmp_path / "out"
    assert run("transcribe", talk, other, "--format", "seglst", "--output", out) == 0
    read = [list(meeteval.io.load(path, format="seglst")) for path in sorted(out.iterdir())]
    assert [segments[0]["session_id"] for segments in read] == ["other", "talk"]
    assert [segment["words"] for segment in read[1]] == ["yes we can", "no"]


@pytest.mark.parametrize("name", FORMATS)
def test_files_are_transcribed_in_every_format(
    name: str, talk: Path, engine: object, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    other = talk.with_name("other.flac")
    soundfile.write(other, np.zeros(RATE), RATE)
    out = tmp_path / "out"
    assert run("transcribe", talk, other, "--format", name, "--output", out) == 0
    suffix = FORMATS[name].suffix
    assert {path.name for path in out.iterdir()} == {f"talk{suffix}", f"other{suffix}"}
    assert all(path.stat().st_size for path in out.iterdir())
    assert capfd.readouterr() == ("", "")


def test_an_unknown_format_is_answered_with_the_list(
    talk: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    for command in (["transcribe", talk], ["export", "last"]):
        assert run(*command, "--format", "doc") == 2
        said = capfd.readouterr().err.replace("│", " ").split()
        assert {f"{name}" for name in FORMATS} <= {word.strip(",.") for word in said}


def test_bad_files_are_named_and_the_good_ones_done(
    talk: Path, engine: object, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    notes = tmp_path / "notes.wav"
    notes.write_text("This is no sound.")
    out = tmp_path / "out"
    assert run("transcribe", tmp_path / "missing.wav", notes, talk, "--output", out) == 2
    assert [path.name for path in out.iterdir()] == ["talk.txt"]
    missing, no_sound = capfd.readouterr().err.splitlines()
    assert "missing.wav does not exist" in missing
    assert "notes.wav is not audio" in no_sound


def test_a_damaged_file_keeps_what_could_be_read(
    talk: Path, engine: object, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    talk.write_bytes(talk.read_bytes()[:-RATE])
    assert run("transcribe", talk, "--output", tmp_path / "talk.txt") == 2
    assert "cut short" in capfd.readouterr().err
    assert (tmp_path / "talk.txt").read_text() == f"talk\n\n{TEXT}"


@pytest.mark.skipif(not FULL.exists(), reason="needs /dev/full")
def test_a_full_disk_is_explained(
    talk: Path, engine: object, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run("transcribe", talk, "--output", FULL) == 2
    assert "disk of /dev is full" in capfd.readouterr().err


def test_damaged_settings_are_reported(
    talk: Path, engine: object, capfd: pytest.CaptureFixture[str]
) -> None:
    settings_path().write_text("{")
    assert run("transcribe", talk) == 0
    assert "settings.json.damaged" in capfd.readouterr().err


@pytest.mark.parametrize("output", ["missing/a.txt", "talk.wav"])
def test_an_output_that_cannot_be_is_refused_before_the_engine_starts(
    talk: Path, engine: list[EngineFactory], output: str, capfd: pytest.CaptureFixture[str]
) -> None:
    engine.append(lambda: pytest.fail("the engine was started"))
    before = talk.read_bytes()
    assert run("transcribe", talk, "--output", talk.parent / output) == 2
    assert capfd.readouterr().err.startswith("crosstalk: ")
    assert talk.read_bytes() == before


def test_a_model_that_cannot_be_used_ends_the_command(
    talk: Path, capfd: pytest.CaptureFixture[str], engine: list[EngineFactory]
) -> None:
    def damaged() -> ScriptedEngine:
        raise ModelError("The model is damaged: install it again.")

    engine.append(damaged)
    for live in ([], ["--live"]):
        assert run("transcribe", talk, *live) == 2
        assert capfd.readouterr() == ("", "crosstalk: The model is damaged: install it again.\n")


@pytest.mark.parametrize(
    "arguments",
    [
        ["transcribe"],
        ["transcribe", "a.wav", "--format", "doc"],
        ["transcribe", "a.wav", "--device", "abacus"],
        ["transcribe", "a.wav", "b.wav"],
        ["record", "--duration", "0"],
        ["record", "--model", "unknown"],
        ["export", "7"],
        ["export", "last", "--format", "doc"],
        ["sing"],
        ["--loud"],
    ],
)
def test_wrong_arguments_end_with_a_message(
    arguments: list[str], capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(*arguments) == 2
    printed = capfd.readouterr()
    assert printed.out == ""
    assert printed.err


def test_live_prints_turns_as_they_happen(
    talk: Path, engine: object, capfd: pytest.CaptureFixture[str]
) -> None:
    began = time.monotonic()
    assert run("transcribe", "--live", talk) == 0
    assert time.monotonic() - began >= 1.0
    assert capfd.readouterr().out == TEXT


def test_live_writes_a_document_too_if_asked(
    talk: Path, engine: object, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    document = tmp_path / "talk.txt"
    assert run("transcribe", "--live", talk, "--output", document) == 0
    assert document.read_text() == f"talk\n\n{TEXT}"
    assert run("transcribe", "--live", talk, "--output", "-", "--format", "json") == 0
    printed = capfd.readouterr()
    assert len(json.loads(printed.out.removeprefix(TEXT))["turns"]) == 2
    assert printed.err == TEXT


def test_a_recording_ends_up_in_the_library(
    engine: object, microphone: list[str | None], capfd: pytest.CaptureFixture[str]
) -> None:
    assert run("record", "--duration", "1", "--title", "Plans", "--device-name", "Toy") == 0
    printed = capfd.readouterr()
    assert printed.out == TEXT
    assert "Recording “talk.wav”" in printed.err
    assert "Saved as meeting 1" in printed.err
    assert microphone == ["Toy"]
    with Library(library_path()) as library:
        (meeting,) = library.meetings()
    assert (meeting.title, meeting.state) == ("Plans", MeetingState.FINISHED)
    assert meeting.duration_s is not None
    assert 1.0 <= meeting.duration_s < 5.0
    assert read_info(meeting.recording).duration_s == meeting.duration_s


class Hearing(ScriptedEngine):
    """Tells when it has heard something: from then on a meeting is being recorded."""

    def __init__(self, heard: threading.Event) -> None:
        super().__init__(SCRIPT)
        self._heard = heard

    def accept(self, samples: NDArray[np.float32]) -> None:
        super().accept(samples)
        self._heard.set()


def interrupt_when(heard: threading.Event, times: int = 1) -> None:
    """Ctrl-C half a second after something was heard, and again half a second later."""

    def interrupt() -> None:
        heard.wait(30.0)
        for _ in range(times):
            time.sleep(0.5)
            os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=interrupt).start()


class ReadableEngine(ScriptedEngine):
    """Says the script with case and marks, as a session of the engine does."""

    def __init__(self, script: list[TurnEvent]) -> None:
        super().__init__(script)
        self._readable = ReadableTurns(small_readable.always("?"))

    def events(self) -> list[TurnEvent]:
        return self._readable.follow(super().events())


def test_people_read_case_and_marks_programs_raw_words(
    engine: list[EngineFactory],
    microphone: object,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
) -> None:
    engine.append(lambda: ReadableEngine(SCRIPT))
    assert run("record", "--duration", "1") == 0
    assert "Speaker 1: Yes? We? Can?\n" in capfd.readouterr().out
    assert run("export", "1") == 0
    assert "Speaker 2: No?\n" in capfd.readouterr().out
    assert run("export", "1", "--format", "seglst", "--output", tmp_path / "a.json") == 0
    segments = json.loads((tmp_path / "a.json").read_text())
    assert [segment["words"] for segment in segments] == ["yes we can", "no"]
    assert run("export", "1", "--format", "json") == 0
    (word,) = json.loads(capfd.readouterr().out)["turns"][1]["words"]
    assert (word["text"], word["readable"]) == ("no", "No?")


def test_ctrl_c_stops_and_saves(
    engine: list[EngineFactory], microphone: object, capfd: pytest.CaptureFixture[str]
) -> None:
    heard = threading.Event()
    engine.append(lambda: Hearing(heard))
    interrupt_when(heard)
    handler = signal.getsignal(signal.SIGINT)
    assert run("record") == 0
    with Library(library_path()) as library:
        (meeting,) = library.meetings()
        assert len(library.load(meeting.id).turns) == 2
    assert meeting.state is MeetingState.FINISHED
    assert signal.getsignal(signal.SIGINT) is handler


def test_a_second_ctrl_c_does_not_wait_for_the_engine(
    engine: list[EngineFactory], microphone: object, capfd: pytest.CaptureFixture[str]
) -> None:
    heard, held = threading.Event(), threading.Event()

    class Slow(Hearing):
        def finish(self) -> None:
            held.wait(20)

    engine.append(lambda: Slow(heard))
    interrupt_when(heard, times=2)
    try:
        assert run("record") == 130
    finally:
        held.set()
    message = capfd.readouterr().err.splitlines()[-1]
    recording = Path(message.rpartition("crosstalk transcribe ")[2])
    assert read_info(recording).duration_s > 0.3


def test_an_engine_that_fails_leaves_the_sound_and_says_so(
    engine: list[EngineFactory], microphone: object, capfd: pytest.CaptureFixture[str]
) -> None:
    def damaged() -> ScriptedEngine:
        raise ModelError("The model is damaged.")

    engine.append(damaged)
    assert run("record", "--duration", "0.5") == 2
    assert "crosstalk transcribe" in capfd.readouterr().err
    with Library(library_path()) as library:
        (meeting,) = library.meetings()
    assert read_info(meeting.recording).duration_s >= 0.5


def test_recording_only_and_with_the_computers_sound(
    engine: list[EngineFactory],
    microphone: list[str | None],
    monkeypatch: pytest.MonkeyPatch,
    talk: Path,
    capfd: pytest.CaptureFixture[str],
) -> None:
    system = Input(FileSource(talk), Source.SYSTEM)
    monkeypatch.setattr(cli, "system_audio", lambda: system)
    command = ("record", "--duration", "0.5", "--only-record", "--computer-sound")
    assert run(*command) == 0
    assert "0 turns" in capfd.readouterr().err
    with Library(library_path()) as library:
        sources = [each.source for each in library.segments(library.find("last").id)]
    assert sources == [Source.MICROPHONE, Source.SYSTEM]


def test_the_computers_sound_is_refused_where_it_cannot_be_had(
    engine: object,
    microphone: object,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setattr("sys.platform", "linux")
    assert run("record", "--computer-sound") == 2
    assert "Install it (Debian and Ubuntu: sudo apt install" in capfd.readouterr().err
    with Library(library_path()) as library:
        assert library.meetings() == []


def test_no_microphone_is_explained(
    engine: object, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def none(name: str | None) -> InputDevice:
        raise DeviceNotFound("No microphone was found. Connect one.")

    for module in (cli, inputs):
        monkeypatch.setattr(module, "find_input", none)
    monkeypatch.setattr(cli, "input_devices", list)
    for command in ("record", "devices"):
        assert run(command) == 2
        assert capfd.readouterr().err == "crosstalk: No microphone was found. Connect one.\n"
    assert not library_path().exists()


def test_a_home_that_cannot_be_written_is_explained(
    engine: object,
    microphone: object,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("CROSSTALK_HOME", str(tmp_path / "file" / "home"))
    for arguments in (["record"], ["meetings"], ["export", "1"]):
        assert run(*arguments) == 2
        assert "CROSSTALK_HOME" in capfd.readouterr().err


@pytest.fixture
def meeting(engine: object, microphone: object, capfd: pytest.CaptureFixture[str]) -> None:
    run("record", "--duration", "1", "--title", "Plans")
    with Library(library_path()) as library:
        library.rename_speaker(1, 1, "Ada")
    capfd.readouterr()


@pytest.mark.usefixtures("meeting")
def test_a_meeting_is_listed_and_exported(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run("meetings") == 0
    header, row = capfd.readouterr().out.splitlines()
    assert header.split("\t")[:2] == ["no.", "title"]
    assert row.split("\t")[:2] == ["1", "Plans"]
    assert row.split("\t")[-3:] == ["2", "2", "finished"]
    assert run("export", "plans") == 0
    assert capfd.readouterr().out == "Plans\n\n" + TEXT.replace("Speaker 1", "Ada")
    assert run("export", "last", "--format", "seglst", "--output", tmp_path / "a.json") == 0
    segments = json.loads((tmp_path / "a.json").read_text())
    assert [segment["speaker"] for segment in segments] == ["Ada", "Speaker 2"]


@pytest.mark.usefixtures("meeting")
@pytest.mark.parametrize("name", FORMATS)
def test_a_meeting_is_exported_in_every_format(
    name: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / f"out{FORMATS[name].suffix}"
    assert run("export", "last", "--format", name, "--output", path) == 0
    assert path.stat().st_size > 0
    assert capfd.readouterr() == ("", "")


@pytest.mark.usefixtures("meeting")
def test_a_part_of_a_meeting_is_exported(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run("export", "1", "--from", "0:00.3", "--to", "0.95", "--speaker", "ada") == 0
    assert capfd.readouterr().out.splitlines()[2:] == ["[0:00:00.3 - 0:00:00.5] Ada: can"]
    assert run("export", "1", "--from", "0.3", "--from-zero", "--format", "stm") == 0
    assert capfd.readouterr().out.splitlines()[0].split()[3:] == ["0.000", "0.200", "can"]
    part = ("--from", "0.25", "--to", "0.75", "--output", tmp_path / "part.flac")
    assert run("export", "1", "--format", "flac", *part) == 0
    assert soundfile.info(tmp_path / "part.flac").duration == 0.5


@pytest.mark.usefixtures("meeting")
@pytest.mark.parametrize(
    ("arguments", "advice"),
    [
        (["--from", "soon"], "write it as 90, 1:30 or 1:02:03.5"),
        (["--from", "2", "--to", "1"], "give a later end"),
        (["--speaker", "Grace"], "There is: Ada, Speaker 2."),
        (["--format", "wav"], "add --output FILE.wav"),
        (["--format", "wav", "--from", "1:00:00", "--output", "a.wav"], "choose another one"),
    ],
)
def test_a_part_that_cannot_be_is_explained(
    arguments: list[str],
    advice: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("export", "1", *arguments) == 2
    printed = capfd.readouterr()
    assert printed.out == ""
    assert advice in " ".join(printed.err.split())
    assert not (tmp_path / "a.wav").exists()


@pytest.mark.usefixtures("meeting")
def test_a_meeting_whose_recording_is_gone_still_has_its_text(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with Library(library_path()) as library:
        library.find("last").recording.unlink()
    assert run("export", "1", "--format", "srt") == 0
    assert "Ada: yes we can" in capfd.readouterr().out
    assert run("export", "1", "--format", "opus", "--output", tmp_path / "a.opus") == 2
    assert "does not exist" in capfd.readouterr().err


@pytest.mark.usefixtures("meeting")
def test_an_export_does_not_overwrite_the_recording(capfd: pytest.CaptureFixture[str]) -> None:
    with Library(library_path()) as library:
        recording = library.find("last").recording
    assert run("export", "1", "--output", recording) == 2
    assert "is the recording itself" in capfd.readouterr().err
    assert read_info(recording).duration_s >= 1.0


def test_devices_are_listed(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    toy = InputDevice(3, "Toy [1]", 2, 44_100, True, "Toys")
    monkeypatch.setattr(cli, "input_devices", lambda: [toy])
    assert run("devices") == 0
    assert capfd.readouterr().out.splitlines()[1] == "Toy [1]\t2\t44100 Hz\tToys\tdefault"


def test_models_are_listed_with_what_is_wrong_with_them(
    capfd: pytest.CaptureFixture[str],
) -> None:
    folder = data_dir() / "models"
    folder.mkdir()
    (folder / "broken.safetensors").write_bytes(b"nonsense")
    assert run("models") == 0
    rows = [line.split("\t") for line in capfd.readouterr().out.splitlines()]
    (broken,) = [row for row in rows if row[0] == "broken"]
    assert "damaged or not a model file" in broken[4]


def test_the_window_needs_a_display(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    assert run() == 2
    assert "no display" in capfd.readouterr().err
