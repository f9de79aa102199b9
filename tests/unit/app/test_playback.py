from __future__ import annotations

import threading
from pathlib import Path
from typing import Self

import numpy as np
import pytest
import soundfile

from app.audio.devices import portaudio
from app.audio.speakers import PlaybackError, Speakers
from app.playback import RATE, Playback
from app.sound import Segment, Source
from app.stretch import Samples
from engine.timeline import to_samples

WAIT_S = 10.0


class Heard:
    """Loudspeakers that keep what they play, and play as fast as they are given it."""

    latency_s = 0.1

    def __init__(self, hold: threading.Event | None = None, broken: bool = False) -> None:
        self.blocks: list[Samples] = []
        self.closed = threading.Event()
        self._hold = hold
        self._broken = broken

    def open(self, rate: int) -> Self:
        assert rate == RATE
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.closed.set()

    def write(self, samples: Samples) -> None:
        if self._broken:
            raise PlaybackError("They are gone.")
        self.blocks.append(samples)
        if self._hold is not None and len(self.blocks) > 5:
            self._hold.wait(WAIT_S)

    def drain(self) -> None:
        pass

    @property
    def sound(self) -> Samples:
        return np.concatenate(self.blocks)


class Told:
    def __init__(self) -> None:
        self.event = threading.Event()
        self.problems: list[str] = []

    def __call__(self, playback: Playback, problem: str) -> None:
        self.problems.append(problem)
        self.event.set()


def meeting(tmp_path: Path, seconds: float = 2.0) -> tuple[list[Segment], Samples]:
    ramp = np.linspace(0.0, 0.5, round(seconds * RATE)).astype(np.float32)
    soundfile.write(tmp_path / "a.wav", ramp, RATE, subtype="FLOAT")
    return [Segment(tmp_path / "a.wav", Source.MICROPHONE, 0)], ramp


def test_it_plays_from_a_moment_to_the_end(tmp_path: Path) -> None:
    segments, sound = meeting(tmp_path)
    heard, told = Heard(), Told()
    playback = Playback(segments, to_samples(0.5), 1.0, told, heard.open)
    assert told.event.wait(WAIT_S)
    playback.join()
    assert told.problems == [""]
    assert heard.closed.is_set()
    wanted = sound[RATE // 2 :]
    np.testing.assert_allclose(heard.sound[: len(wanted)], wanted, atol=1e-4)
    assert playback.position == to_samples(2.0)


def test_the_speed_changes_how_long_it_takes(tmp_path: Path) -> None:
    segments, sound = meeting(tmp_path)
    heard, told = Heard(), Told()
    playback = Playback(segments, 0, 2.0, told, heard.open)
    assert told.event.wait(WAIT_S)
    playback.join()
    assert len(heard.sound) == pytest.approx(len(sound) / 2, abs=0.05 * RATE)


def test_it_goes_elsewhere_and_stops_without_a_word(tmp_path: Path) -> None:
    segments, _ = meeting(tmp_path)
    hold = threading.Event()
    heard, told = Heard(hold), Told()
    playback = Playback(segments, 0, 1.0, told, heard.open)
    playback.seek(to_samples(1.5))
    assert playback.position == to_samples(1.5)
    hold.set()
    assert told.event.wait(WAIT_S)
    assert heard.sound[-960 * 10] > 0.37
    again = Playback(segments, 0, 1.0, never := Told(), Heard(waiting := threading.Event()).open)
    again.stop()
    waiting.set()
    again.join()
    assert never.problems == []


def test_what_is_heard_is_behind_what_is_written(tmp_path: Path) -> None:
    segments, _ = meeting(tmp_path)
    hold = threading.Event()
    heard = Heard(hold)
    playback = Playback(segments, to_samples(1.0), 1.0, Told(), heard.open)
    while len(heard.blocks) < 6:
        pass
    assert playback.position == to_samples(1.0)  # 0.1 s are on their way to the ear
    playback.stop()
    hold.set()
    playback.join()


@pytest.mark.parametrize("case", ["device", "files"])
def test_what_goes_wrong_is_told(tmp_path: Path, case: str) -> None:
    segments, _ = meeting(tmp_path)
    if case == "files":
        (tmp_path / "a.wav").unlink()
    told = Told()
    playback = Playback(segments, 0, 1.0, told, Heard(broken=True).open)
    assert told.event.wait(WAIT_S)
    playback.join()
    assert told.problems[0]


def test_without_a_sound_device_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    audio = portaudio()

    def refuse(**_: object) -> None:
        raise audio.PortAudioError("Error querying device -1")

    monkeypatch.setattr(audio, "OutputStream", refuse)
    with pytest.raises(PlaybackError, match="Connect some"):
        Speakers(RATE)
