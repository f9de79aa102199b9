"""Real loudspeakers, if only of software: a voice that is played faster keeps its pitch."""

from __future__ import annotations

import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from app.audio.devices import refresh
from app.playback import RATE, Playback
from app.sound import Segment, Source
from tests.virtual_room import VirtualRoom

HERTZ = 440.0
PLAYED_S = 3.0
WAIT_S = 20.0


@contextmanager
def listening(path: Path) -> Iterator[None]:
    command = ["parec", "--latency-msec=20", "--device=room.monitor", f"--rate={RATE}"]
    with path.open("wb") as heard:
        listener = subprocess.Popen([*command, "--channels=1", "--format=float32le"], stdout=heard)
        time.sleep(0.3)
        yield
        time.sleep(0.3)
        listener.terminate()
        listener.wait(WAIT_S)


def hertz(sound: NDArray[np.float32]) -> float:
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound)), 8 * len(sound)))
    return float(spectrum.argmax()) * RATE / (8 * len(sound))


@pytest.mark.parametrize("speed", [0.75, 1.0, 2.0])
def test_the_pitch_is_kept(tmp_path: Path, virtual_room: VirtualRoom, speed: float) -> None:
    refresh()
    moments = np.arange(round(PLAYED_S * RATE)) / RATE
    soundfile.write(tmp_path / "a.wav", 0.3 * np.sin(2 * np.pi * HERTZ * moments), RATE)
    over, problems = threading.Event(), []

    def end(_: Playback, problem: str) -> None:
        problems.append(problem)
        over.set()

    with listening(tmp_path / "heard"):
        segments = [Segment(tmp_path / "a.wav", Source.FILE, 0)]
        Playback(segments, 0, speed, end)
        assert over.wait(WAIT_S)
    assert problems == [""]
    heard = np.fromfile(tmp_path / "heard", np.float32)
    (loud,) = np.nonzero(np.abs(heard) > 0.02)
    tone = heard[loud[0] : loud[-1]]
    assert len(tone) / RATE == pytest.approx(PLAYED_S / speed, abs=0.3)
    assert hertz(tone) == pytest.approx(HERTZ, abs=1.0)
