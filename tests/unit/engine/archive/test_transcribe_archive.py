"""An archive on a real Ray: workers are killed in the middle, and nothing is done twice."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from engine import checkpoint
from engine.archive.segments import Segments
from engine.audio import stream_16k
from engine.checkpoint import Checkpoint
from engine.model_card import ModelCard
from engine.recognizer import Recognizer
from tests.unit.engine import tiny

ROOT = Path(__file__).resolve().parents[4]
GOOD = ("a.wav", "mortal.wav", "below/c.flac")


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = tmp_path / "tiny.safetensors"
    checkpoint.save(Checkpoint(tiny.model(), tiny.word_tokens(), ModelCard("tiny")), path)
    return path


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "recordings"
    (folder / "below").mkdir(parents=True)
    for i, name in enumerate(GOOD):
        soundfile.write(folder / name, tiny.noise(2.0 + i, seed=1)[0].numpy().clip(-1, 1), 16_000)
    (folder / "bad.wav").write_text("no sound")
    (folder / "notes.txt").write_text("not a recording")
    return folder


def transcribed(
    source: Path, output: Path, model: Path, temporary: Path
) -> subprocess.CompletedProcess[str]:
    program = [sys.executable, "-W", "error", "-m", "tests.unit.engine.archive.archive_victim"]
    return subprocess.run(
        [*program, str(source), str(output), "--model", str(model), "--workers", "2"],
        cwd=ROOT,
        env=os.environ | {"COLUMNS": "200", "TMPDIR": str(temporary), "HOME": str(temporary)},
        capture_output=True,
        text=True,
        check=False,
    )


def still_running(word: str) -> list[str]:
    """Command lines of all processes that have the word in them."""
    lines = [
        path.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        for path in Path("/proc").glob("[0-9]*/cmdline")
    ]
    return [line for line in lines if word in line]


@pytest.fixture
def short_folder() -> Iterator[Path]:
    """For what Ray writes: sockets need a short name."""
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        yield Path(folder)


@pytest.mark.timeout(300)
@pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")
def test_a_worker_dies_and_a_file_is_bad(
    tmp_path: Path, short_folder: Path, model: Path, source: Path
) -> None:
    output = tmp_path / "results"
    done = transcribed(source, output, model, short_folder)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "done: 3 recordings; damaged: 0; failed: 1;" in done.stdout
    assert "failed: bad.wav" in done.stdout
    assert still_running(str(short_folder)) == []
    assert list(short_folder.iterdir()) == []  # no session of Ray, no token, no copy of the model
    tries = sorted(path.name for path in (tmp_path / "notes").rglob("*-[0-9]"))
    assert tries == ["a.wav-0", "bad.wav-0", "c.flac-0", "mortal.wav-0", "mortal.wav-1"]
    for name in GOOD:
        assert json.loads((output / f"{name}.json").read_text()) == live(model, source, name)
    manifest = (output / ".archive" / "manifest.jsonl").read_text().splitlines()
    states = {entry["name"]: entry["state"] for entry in map(json.loads, manifest)}
    assert states == {**dict.fromkeys(GOOD, "done"), "bad.wav": "failed"}
    left = [path for path in (output / ".archive").rglob("*") if path.is_file()]
    assert not [path for path in left if {"claims", "runs", "drafts"} & set(path.parts)]


def live(model: Path, source: Path, name: str) -> list[dict[str, Any]]:
    """What a live meeting would have written."""
    audio = np.concatenate(list(stream_16k(source / name)))
    segments = Segments(name)
    segments.hear(Recognizer.load(model, "cpu").transcribe(audio))
    assert segments.count
    return segments.to_list()
