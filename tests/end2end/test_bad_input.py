"""Bad input to the installed program: a sentence that says what to do, exit code 2, no loss.

The engine is real, with a tiny model whose words mean nothing.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile
import soxr
from numpy.typing import NDArray

from app import models
from app.audio.file_source import FileSource
from app.cli import main
from app.disk_watch import MARGIN_BYTES
from app.engine_run import EngineSession
from app.files import write_file
from app.models import engine_factory
from app.session import LiveMeeting
from app.store import Library, MeetingState
from app.transcript import Transcript
from app.transcription import transcribe_file
from engine import checkpoint
from engine.audio import read_info
from engine.checkpoint import Checkpoint
from engine.errors import ModelError
from engine.events import Event
from engine.model_card import ModelCard
from tests.disks import locked, small_disk
from tests.hearing import samples_of
from tests.media import write_media
from tests.unit.engine import tiny
from tests.virtual_room import VirtualRoom

CROSSTALK = Path(sys.executable).with_name("crosstalk")
RATE = 16_000
SECONDS = 2
BAD = 2

pytestmark = pytest.mark.timeout(600)  # a busy machine takes long to start a program

Crosstalk = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of a few thousand random weights: it finds words in any noise."""
    path = tmp_path_factory.mktemp("models") / "tiny.safetensors"
    checkpoint.save(Checkpoint(tiny.model(seed=1), tiny.word_tokens(), ModelCard("tiny")), path)
    return path


@pytest.fixture
def crosstalk(tmp_path: Path) -> Crosstalk:
    """Run the installed program in the folder of the test."""

    def run(*arguments: object, **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [CROSSTALK, *map(str, arguments)],
            cwd=tmp_path,
            env={**os.environ, **variables},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def complaints(done: subprocess.CompletedProcess[str]) -> list[str]:
    """What the program says; the MP3 decoder may talk to itself besides."""
    return [line for line in done.stderr.splitlines() if line.startswith("crosstalk: ")]


def sound(seconds: float = SECONDS) -> NDArray[np.float32]:
    """Noise in bursts, as 16-bit samples can hold it."""
    samples: NDArray[np.float32] = tiny.noise(seconds)[0].numpy().clip(-0.99, 0.99)
    return np.asarray(np.round(samples * 32_768) / 32_768, np.float32)


def test_files_of_every_odd_kind_are_transcribed(
    crosstalk: Crosstalk, model: Path, tmp_path: Path
) -> None:
    odd = tmp_path / "odd"
    odd.mkdir()
    same = write_the_same(odd)
    similar = write_the_similar(odd)
    soundfile.write(odd / "one-sample.wav", sound()[:1], RATE)
    paths = sorted(odd.iterdir())
    done = crosstalk(
        *("transcribe", *paths, "--model", model, "--format", "json", "--output", "texts")
    )
    assert (done.returncode, done.stdout) == (0, "")
    assert complaints(done) == []
    texts = {
        path.stem: json.loads((tmp_path / "texts" / f"{path.stem}.json").read_text())["turns"]
        for path in paths
    }
    assert texts["one-sample"] == []
    assert [name for name in same if texts[name] != texts["plain"]] == []
    assert [name for name in similar if not texts[name]] == []


def write_the_same(folder: Path) -> list[str]:
    """Files of other kinds with the very samples of ``plain.wav``."""
    plain = sound()
    soundfile.write(folder / "plain.wav", plain, RATE)
    for subtype in ("PCM_24", "PCM_32", "FLOAT", "DOUBLE"):
        soundfile.write(folder / f"{subtype}.wav", plain, RATE, subtype=subtype)
    for channels in range(2, 9):
        frames = np.repeat(plain[:, None], channels, axis=1)
        soundfile.write(folder / f"{channels}-channels.wav", frames, RATE)
    for suffix in ("flac", "aiff"):
        soundfile.write(folder / f"as-{suffix}.{suffix}", plain, RATE)
    write_media(folder / "film.mkv", plain, "pcm_s16le", "mpeg4", RATE)
    return [path.stem for path in folder.iterdir()]


def write_the_similar(folder: Path) -> list[str]:
    """Files that lost something of the sound of ``plain.wav`` on the way."""
    plain, before = sound(), set(folder.iterdir())
    for rate in (8_000, 11_025, 22_050, 32_000, 44_100, 48_000, 88_200, 96_000, 192_000):
        soundfile.write(folder / f"{rate}-hz.wav", soxr.resample(plain, RATE, rate), rate)
    for subtype in ("PCM_U8", "ULAW", "IMA_ADPCM"):
        soundfile.write(folder / f"{subtype}.wav", plain, RATE, subtype=subtype)
    for suffix in ("mp3", "ogg"):
        soundfile.write(folder / f"as-{suffix}.{suffix}", plain, RATE)
    write_media(folder / "as-mp4.mp4", plain, "aac", "mpeg4", RATE)
    write_media(folder / "as-m4a.m4a", plain, "aac", rate=RATE)
    broken = plain.copy()
    broken[RATE : RATE + 100] = np.nan
    broken[RATE // 2] = np.inf
    soundfile.write(folder / "not-a-number.wav", broken, RATE, subtype="FLOAT")
    return [path.stem for path in folder.iterdir() if path not in before]


def test_every_bad_file_is_explained_and_the_good_one_is_transcribed(
    crosstalk: Crosstalk, model: Path, tmp_path: Path
) -> None:
    advice = write_the_bad(tmp_path)
    soundfile.write(tmp_path / "good.wav", sound(), RATE)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()}
    done = crosstalk("transcribe", *advice, "good.wav", "--model", model, "--output", "texts")
    assert (done.returncode, done.stdout) == (BAD, "")
    messages = complaints(done)
    assert len(messages) == len(advice)
    for name, words in advice.items():
        (message,) = [line for line in messages if line.startswith(f"crosstalk: {name} ")]
        assert words in message
    written = {path.stem for path in (tmp_path / "texts").iterdir()}
    assert written == {"good", "cut-wav", "cut-flac", "cut-ogg"}
    assert before == {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()}


def write_the_bad(folder: Path) -> dict[str, str]:
    """Files that cannot be transcribed, or not whole, with what is to be said about them."""
    soundfile.write(folder / "whole.wav", sound(), RATE)
    whole = (folder / "whole.wav").read_bytes()
    (folder / "whole.wav").unlink()
    (folder / "empty.wav").touch()
    (folder / "header.wav").write_bytes(whole[:44])
    (folder / "half-a-header.wav").write_bytes(whole[:30])
    (folder / "letter.wav").write_text("Dear grandmother, this is not audio at all.")
    (folder / "noise.mp3").write_bytes(np.random.default_rng(0).bytes(9_999))
    (folder / "samples.raw").write_bytes(whole[44:])
    (folder / "folder").mkdir()
    write_media(folder / "silent.mp4", None, video="mpeg4", seconds=1.0)
    write_media(folder / "cut.mp4", sound(), video="mpeg4", rate=RATE)
    (folder / "cut.mp4").write_bytes((folder / "cut.mp4").read_bytes()[:9_999])
    for suffix in ("wav", "flac", "ogg"):
        path = folder / f"cut-{suffix}.{suffix}"
        soundfile.write(path, sound(), RATE)
        path.write_bytes(path.read_bytes()[: path.stat().st_size * 2 // 3])
    again = "copy the file again"
    return {
        "missing.wav": "Check the name",
        "empty.wav": "Choose another recording",
        "header.wav": "Choose another recording",
        "half-a-header.wav": "Convert it",
        "letter.wav": "Convert it",
        "noise.mp3": "Convert it",
        "samples.raw": "Convert it",
        "folder": "Name the audio file inside",
        "silent.mp4": "no audio track",
        "cut.mp4": again.capitalize(),
        "cut-wav.wav": again,
        "cut-flac.flac": again,
        "cut-ogg.ogg": again,
    }


def test_files_are_brought_into_the_library_and_the_bad_one_is_explained(
    crosstalk: Crosstalk, model: Path, tmp_path: Path
) -> None:
    write_media(tmp_path / "film.mp4", sound(), video="mpeg4", rate=RATE)
    (tmp_path / "letter.mp4").write_text("Dear grandmother")
    done = crosstalk("import", "film.mp4", "letter.mp4", "--model", model)
    assert (done.returncode, done.stdout) == (BAD, "1\tfilm\n")
    (message,) = complaints(done)
    assert "letter.mp4 is not audio or video" in message
    (tmp_path / "film.mp4").unlink()
    exported = crosstalk("export", "film", "--format", "json")
    assert json.loads(exported.stdout)["turns"]
    with Library(home(tmp_path) / "library.sqlite") as library:
        assert library.jobs.all() == []


def spoil(model: Path, folder: Path) -> dict[Path, str]:
    """Models that cannot be used, with what is to be said about them."""
    whole = model.read_bytes()
    contents = {
        "cut": (whole[: len(whole) // 2], "install the model again"),
        "empty": (b"", "install the model again"),
        "letter": (b"Dear grandmother", "install the model again"),
        "foreign": (whole.replace(b"crosstalk-model", b"somebody-elses!"), "made for Crosstalk"),
        "newer": (
            whole.replace(b'"format_version":"1"', b'"format_version":"9"'),
            "update Crosstalk",
        ),
    }
    spoiled = {folder / f"{name}.safetensors": advice for name, (_, advice) in contents.items()}
    for path, (content, _) in zip(spoiled, contents.values(), strict=True):
        assert content != whole
        path.write_bytes(content)
    return spoiled | {
        folder: "name the model file in it",
        folder / "missing.safetensors": "check the name",
        Path("unheard-of"): "installed: ",
    }


@pytest.mark.parametrize("live", [False, True])
def test_every_bad_model_is_explained(
    model: Path, tmp_path: Path, live: bool, capfd: pytest.CaptureFixture[str]
) -> None:
    """In this process: each start of the program would load torch again."""
    soundfile.write(tmp_path / "good.wav", sound(), RATE)
    for path, advice in spoil(model, tmp_path).items():
        with pytest.raises(SystemExit) as ended:
            main(
                ["transcribe", str(tmp_path / "good.wav"), "--model", str(path), *["--live"] * live]
            )
        assert ended.value.code == BAD
        printed = capfd.readouterr()
        assert printed.out == ""
        (message,) = printed.err.splitlines()
        assert message.startswith("crosstalk: ")
        assert path.name in message
        assert advice in message


def test_a_meeting_with_a_damaged_model_is_recorded_all_the_same(
    crosstalk: Crosstalk, virtual_room: VirtualRoom, tmp_path: Path
) -> None:
    model = tmp_path / "damaged.safetensors"
    model.write_bytes(b"Dear grandmother")
    done = crosstalk("record", "--duration", 1, "--model", model, "--device-name", "pulse")
    assert done.returncode == BAD
    with Library(home(tmp_path) / "library.sqlite") as library:
        (meeting,) = library.meetings()
    assert meeting.state is MeetingState.FINISHED
    assert read_info(meeting.recording).duration_s == meeting.duration_s
    assert meeting.duration_s is not None
    assert meeting.duration_s >= 1.0
    (complaint,) = [line for line in done.stderr.splitlines() if model.name in line]
    assert complaint.endswith(f"crosstalk transcribe {meeting.recording}")


class BreaksOnce:
    """A real engine whose first session breaks in the middle, just after its file was deleted."""

    def __init__(self, path: Path) -> None:
        self.made = 0
        self._path = path
        self._engine = engine_factory(path, "cpu")

    def __call__(self) -> EngineSession:
        self.made += 1
        session = self._engine()
        if self.made == 1:
            hear = session.accept

            def accept(samples: NDArray[np.float32]) -> None:
                hear(samples)
                self._path.unlink()
                raise RuntimeError("boom")

            session.accept = accept  # type: ignore[method-assign]
        return session


@pytest.fixture
def forgotten() -> Iterator[None]:
    """No weights are kept from another test, nor for one."""
    models._load.cache_clear()
    yield
    models._load.cache_clear()


@pytest.mark.usefixtures("forgotten")
def test_a_model_that_is_deleted_in_mid_meeting_still_hears_all_of_it(
    model: Path, tmp_path: Path
) -> None:
    own = tmp_path / "own.safetensors"
    shutil.copy(model, own)
    soundfile.write(tmp_path / "talk.wav", sound(), RATE)
    engine, transcript = BreaksOnce(own), Transcript()

    def follow(event: Event) -> None:
        transcript.apply(event)

    source = FileSource(tmp_path / "talk.wav", None)
    live = LiveMeeting(source, tmp_path / "a.wav", engine, follow)
    live.start()
    assert live.wait(60)
    assert engine.made == 2
    expected = transcribe_file(tmp_path / "a.wav", engine_factory(model, "cpu"), lambda _: None)
    said = [(turn.start, turn.text) for turn in transcript.ordered()]
    assert said == [(turn.start, turn.text) for turn in expected.transcript.ordered()]
    assert any(text for _, text in said)
    models._load.cache_clear()
    with pytest.raises(ModelError, match=r"There is no model file at .*own.safetensors"):
        engine_factory(own, "cpu")()


def test_without_a_microphone_nothing_is_left_behind(
    crosstalk: Crosstalk, model: Path, tmp_path: Path
) -> None:
    nowhere = {"PULSE_SERVER": "unix:/nonexistent"}
    listed = crosstalk("devices", **nowhere)
    if not listed.returncode:
        pytest.skip(f"this machine has microphones: {listed.stdout}")
    recorded = crosstalk("record", "--model", model, **nowhere)
    for done in (listed, recorded):
        assert (done.returncode, done.stdout) == (BAD, "")
        (message,) = done.stderr.splitlines()
        assert message.startswith("crosstalk: No microphone was found. Connect one")
    assert not list(home(tmp_path).rglob("*.wav"))
    assert not (home(tmp_path) / "library.sqlite").exists()


def test_a_disk_that_fills_while_recording_keeps_all_and_room_for_the_text(
    crosstalk: Crosstalk, model: Path, virtual_room: VirtualRoom, tmp_path: Path
) -> None:
    soundfile.write(tmp_path / "noise.wav", np.tile(0.3 * sound(), 60), RATE)
    with small_disk(home(tmp_path), f"size={MARGIN_BYTES + 1_300_000}") as disk:
        playing = virtual_room.play(tmp_path / "noise.wav")
        done = crosstalk("record", "--duration", 60, "--model", model, "--device-name", "pulse")
        playing.kill()
        playing.wait()
        assert done.returncode == BAD
        assert "almost full, so the recording was stopped. Everything is saved" in done.stderr
        (recording,) = disk.rglob("*.wav")
        heard = samples_of(recording)
        assert np.abs(heard[-RATE // 10 :]).max() > 0.01  # up to the end
        (disk / "filler").write_bytes(
            bytes(1_000_000)
        )  # the journal that was closed left some room
        refused = crosstalk("record", "--duration", 1, "--model", model, "--device-name", "pulse")
        assert refused.returncode == BAD
        assert "almost full" in refused.stderr
        with Library(disk / "library.sqlite") as library:
            (meeting,) = library.meetings()
        assert (meeting.recording, meeting.state) == (recording, MeetingState.FINISHED)
        assert meeting.duration_s == read_info(recording).duration_s


def test_a_full_disk_leaves_the_earlier_text_alone(
    crosstalk: Crosstalk, model: Path, tmp_path: Path
) -> None:
    soundfile.write(tmp_path / "talk.wav", sound(), RATE)
    with small_disk(tmp_path / "disk", "size=16k") as disk:
        text = disk / "talk.txt"
        write_file(text, b"The text of yesterday.")
        with contextlib.suppress(OSError):
            (disk / "filling").write_bytes(bytes(1 << 20))
        done = crosstalk("transcribe", "talk.wav", "--model", model, "--output", text)
        assert (done.returncode, done.stdout) == (BAD, "")
        (message,) = done.stderr.splitlines()
        assert f"The disk of {disk} is full: free some space" in message
        assert text.read_bytes() == b"The text of yesterday."
        assert sorted(path.name for path in disk.iterdir()) == ["filling", "talk.txt"]


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="no permissions as on Unix")
def test_a_locked_folder_is_explained_before_any_work(
    crosstalk: Crosstalk, virtual_room: VirtualRoom, model: Path, tmp_path: Path
) -> None:
    soundfile.write(tmp_path / "talk.wav", sound(), RATE)
    home(tmp_path).mkdir()
    attempts = {
        ("record", "--duration", "1", "--model", model): "permissions",
        ("meetings",): "permissions",
        ("transcribe", "talk.wav", "--model", model, "--output", "home/a.txt"): "is locked",
        ("transcribe", "talk.wav", "talk.wav", "--output", "home/new"): "choose another",
    }
    with locked(home(tmp_path)):
        for arguments, advice in attempts.items():
            done = crosstalk(*arguments)
            assert (done.returncode, done.stdout) == (BAD, "")
            (message,) = done.stderr.splitlines()
            assert message.startswith("crosstalk: ")
            assert advice in message
    assert list(home(tmp_path).iterdir()) == []


def home(tmp_path: Path) -> Path:
    """Where the program of a test keeps its things."""
    folder = Path(os.environ["CROSSTALK_HOME"])
    assert folder.parent == tmp_path
    return folder
