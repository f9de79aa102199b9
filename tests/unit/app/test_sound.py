"""The sound of a meeting, from all its recordings."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile
import soxr
from numpy.typing import NDArray

from app.recorder import Recorder
from app.sound import MeetingSound, Segment, Source
from engine.audio import INT16_SCALE
from engine.errors import AudioError

Samples = NDArray[np.float32]


def sine(seconds: float, rate: int, hertz: float = 440.0, level: float = 0.25) -> Samples:
    moments = np.arange(round(seconds * rate)) / rate
    return (level * np.sin(2 * np.pi * hertz * moments)).astype(np.float32)


def record(path: Path, samples: Samples, rate: int, channels: int = 1) -> Recorder:
    recorder = Recorder(path, rate, channels)
    frames = np.rint(samples * INT16_SCALE).astype(np.int16)
    recorder.write(np.repeat(frames[:, None], channels, axis=1))
    return recorder


def segment(path: Path, start_s: float = 0.0, source: Source = Source.MICROPHONE) -> Segment:
    return Segment(path, source, round(start_s * 16_000))


def whole(sound: MeetingSound) -> Samples:
    return sound.read(0, sound.frames)


@pytest.mark.parametrize(
    ("native", "wanted"), [(48_000, 48_000), (44_100, 48_000), (8_000, 16_000)]
)
def test_a_recording_is_heard_at_the_wanted_rate(tmp_path: Path, native: int, wanted: int) -> None:
    record(tmp_path / "a.wav", sine(3.3, native), native, channels=2).close()
    with MeetingSound([segment(tmp_path / "a.wav")], wanted) as sound:
        heard = whole(sound)
    assert len(heard) == round(3.3 * wanted)
    inside = slice(wanted // 10, -wanted // 10)
    np.testing.assert_allclose(heard[inside], sine(3.3, wanted)[inside], atol=2e-3)


def test_it_is_the_same_however_the_reading_is_cut(tmp_path: Path) -> None:
    noise = np.random.default_rng(1).normal(0, 0.05, 30_000).astype(np.float32)
    record(tmp_path / "a.wav", noise, 11_025).close()
    parts = [segment(tmp_path / "a.wav", 0.37)]
    with MeetingSound(parts) as sound, MeetingSound(parts) as again:
        at_once = whole(sound)
        cuts = np.random.default_rng(2).integers(0, sound.frames, 40)
        for start in cuts:  # also backwards
            np.testing.assert_array_equal(
                again.read(start, 5_000)[: sound.frames - start], at_once[start : start + 5_000]
            )
    resampled = soxr.resample(noise, 11_025, 48_000)
    first = round(0.37 * 48_000)
    assert not at_once[:first].any()
    np.testing.assert_allclose(at_once[first:][:120_000], resampled[:120_000], atol=1e-3)


def test_sources_are_mixed_and_gaps_are_silent(tmp_path: Path) -> None:
    record(tmp_path / "a.wav", sine(1, 48_000), 48_000).close()
    record(tmp_path / "b.wav", sine(1, 16_000), 16_000).close()
    soundfile.write(tmp_path / "c.flac", sine(2.0, 48_000, level=0.9), 48_000)
    parts = [
        segment(tmp_path / "a.wav"),
        segment(tmp_path / "c.flac", 0.5, Source.SYSTEM),
        segment(tmp_path / "b.wav", 3.0),
    ]
    with MeetingSound(parts) as sound:
        assert sound.frames == 4 * 48_000
        heard = whole(sound)
        assert not sound.read(sound.frames - 10, 100)[10:].any()
    mixed = sine(1, 48_000)[24_000:] + sine(2, 48_000, level=0.9)[:24_000]
    np.testing.assert_allclose(heard[24_000:48_000], np.clip(mixed, -1, 1), atol=1e-4)
    assert np.abs(heard).max() == 1.0
    assert not heard[2 * 48_000 + 24_000 : 3 * 48_000].any()


def test_a_recording_that_grows_is_heard_as_far_as_it_goes(tmp_path: Path) -> None:
    samples = sine(2.5, 44_100)
    frames = np.rint(samples * INT16_SCALE).astype(np.int16)[:, None]
    path = tmp_path / "a.wav"
    with Recorder(path, 44_100, 1) as recorder, MeetingSound([segment(path)]) as sound:
        assert sound.frames == 0
        assert not sound.read(0, 100).any()
        recorder.write(frames[:50_000])
        early = whole(sound)
        assert len(early) == 50_000 * 48_000 // 44_100
        recorder.write(frames[50_000:])
        late = whole(sound)
    assert len(late) == 120_000
    np.testing.assert_allclose(late[5_000:-5_000], sine(2.5, 48_000)[5_000:-5_000], atol=2e-3)


def test_a_day_is_entered_anywhere_without_reading_it(tmp_path: Path) -> None:
    """More than 4 GiB, sparse: only its last second was written."""
    day = 24 * 3_600 * 48_000
    recorder = Recorder(tmp_path / "a.wav", 48_000, 1)
    recorder.frames_written = day
    recorder.write(np.full((48_000, 1), 8_192, np.int16))
    recorder.close()
    with MeetingSound([segment(tmp_path / "a.wav")], 16_000) as sound:
        assert sound.frames == (24 * 3_600 + 1) * 16_000
        end = sound.read(24 * 3_600 * 16_000 + 4_000, 8_000)
        assert not sound.read(16_000, 16_000).any()
    np.testing.assert_allclose(end, 0.25, atol=1e-3)


def test_a_missing_recording_is_silence_and_told(tmp_path: Path) -> None:
    record(tmp_path / "a.wav", sine(1, 48_000), 48_000).close()
    lost = tmp_path / "lost.wav"
    with MeetingSound([segment(lost), segment(tmp_path / "a.wav", 1.0)]) as sound:
        assert sound.missing == (lost,)
        assert not sound.read(0, 48_000).any()
        assert sound.read(48_000, 48_000).any()
    with pytest.raises(AudioError, match="does not exist"):
        MeetingSound([segment(lost)])
