"""The real program in processes of its own, with the shipped model where a test needs words."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import meeteval
import numpy as np
import pytest
import soundfile

from app.paths import resource

MODEL = resource("models/default.safetensors")
SAMPLE = resource("sample/meeting.flac")
needs_model = pytest.mark.skipif(
    not (MODEL.is_file() and SAMPLE.is_file()), reason="needs the shipped model and sample"
)
CLIP_S = 8
FULL = Path("/dev/full")

Crosstalk = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A home of its own, and no display."""
    hidden = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    kept = {name: value for name, value in os.environ.items() if name not in hidden}
    return {**kept, "CROSSTALK_HOME": str(tmp_path / "home"), "COLUMNS": "200"}


@pytest.fixture
def crosstalk(tmp_path: Path, environment: dict[str, str]) -> Crosstalk:
    """Run the program in a folder of its own."""

    def run(*arguments: object) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "app", *map(str, arguments)],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    return run


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    """The first seconds of the sample meeting."""
    with soundfile.SoundFile(SAMPLE) as sample:
        frames, rate = sample.read(CLIP_S * sample.samplerate, dtype="int16"), sample.samplerate
    path = tmp_path / "clip.wav"
    soundfile.write(path, frames, rate)
    return path


def test_help_names_every_command(crosstalk: Crosstalk) -> None:
    done = crosstalk("--help")
    assert done.returncode == 0
    for command in ("transcribe", "record", "export", "meetings", "devices", "models", "doctor"):
        assert command in done.stdout


def test_every_kind_of_bad_input_is_explained(crosstalk: Crosstalk, tmp_path: Path) -> None:
    (tmp_path / "empty.wav").write_bytes(b"")
    (tmp_path / "letter.wav").write_text("Dear grandmother, this is not audio at all.")
    soundfile.write(tmp_path / "silent.wav", np.zeros(0), 16_000)
    (tmp_path / "folder").mkdir()
    bad = ["missing.wav", "empty.wav", "letter.wav", "silent.wav", "folder"]
    before = sorted(tmp_path.iterdir())
    for name in bad:
        done = crosstalk("transcribe", name)
        assert (done.returncode, done.stdout) == (2, "")
        (message,) = done.stderr.splitlines()
        assert message.startswith(f"crosstalk: {name}")
    assert sorted(tmp_path.iterdir()) == before


def test_a_foreign_model_is_explained(crosstalk: Crosstalk, tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", np.zeros(16_000), 16_000)
    model = tmp_path / "foreign.safetensors"
    model.write_bytes(os.urandom(1_000))
    done = crosstalk("transcribe", "a.wav", "--model", model)
    assert (done.returncode, done.stdout) == (2, "")
    assert "install the model again" in done.stderr.splitlines()[-1]


def test_without_a_display_the_window_says_what_else_there_is(crosstalk: Crosstalk) -> None:
    if sys.platform != "linux":
        pytest.skip("other systems always have a display")
    done = crosstalk()
    assert done.returncode == 2
    assert "crosstalk transcribe --live" in done.stderr


def test_an_empty_library_is_listed_and_has_nothing_to_export(crosstalk: Crosstalk) -> None:
    assert crosstalk("meetings").returncode == 0
    done = crosstalk("export", "last")
    assert done.returncode == 2
    assert "crosstalk meetings" in done.stderr


@pytest.mark.skipif(not FULL.exists(), reason="needs /dev/full")
def test_a_full_disk_behind_standard_output_is_explained(environment: dict[str, str]) -> None:
    with FULL.open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "app", "meetings"],
            env=environment,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 2
    (message,) = done.stderr.splitlines()
    assert "could not be written" in message


def test_the_doctor_reports(crosstalk: Crosstalk) -> None:
    done = crosstalk("doctor")
    assert done.returncode == 0
    assert "Free disk" in done.stdout


@needs_model
def test_a_recording_is_transcribed_for_meeteval(
    crosstalk: Crosstalk, clip: Path, tmp_path: Path
) -> None:
    done = crosstalk("transcribe", clip, "--format", "seglst", "--output", "clip.json")
    assert (done.returncode, done.stderr) == (0, "")
    segments = list(meeteval.io.load(tmp_path / "clip.json", format="seglst"))
    assert segments
    assert all(0 <= s["start_time"] < s["end_time"] <= CLIP_S + 1 for s in segments)
    assert {s["session_id"] for s in segments} == {"clip"}


@needs_model
def test_live_says_the_same_words(crosstalk: Crosstalk, clip: Path) -> None:
    live = crosstalk("transcribe", "--live", "--format", "json", "--output", "live.json", clip)
    whole = crosstalk("transcribe", "--format", "json", clip)
    assert (live.returncode, whole.returncode) == (0, 0)
    turns = json.loads((clip.parent / "live.json").read_text())["turns"]
    assert turns == json.loads(whole.stdout)["turns"]
    assert len([line for line in live.stdout.splitlines() if "revised" not in line]) == len(turns)
