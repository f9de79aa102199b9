from __future__ import annotations

import numpy as np
import pytest

from app.stretch import Samples, Stretcher

RATE = 48_000


def reader(sound: Samples) -> Stretcher:
    padded = np.concatenate([sound, np.zeros(4 * RATE, np.float32)])
    return Stretcher(lambda start, count: padded[start : start + count], RATE)


def tone(seconds: float, hertz: float = 440.0) -> Samples:
    moments = np.arange(round(seconds * RATE)) / RATE
    return (0.3 * np.sin(2 * np.pi * hertz * moments)).astype(np.float32)


def voice(seconds: float) -> Samples:
    """Many harmonics of a pitch that moves, as in speech."""
    moments = np.arange(round(seconds * RATE)) / RATE
    phase = 2 * np.pi * np.cumsum(120 + 25 * np.sin(2 * np.pi * 1.3 * moments)) / RATE
    harmonics = [np.sin(n * phase) / n for n in range(1, 20)]
    return np.asarray(0.2 * np.sum(harmonics, axis=0), np.float32)


def play(sound: Samples, speed: float) -> Samples:
    stretcher, blocks = reader(sound), []
    while stretcher.position < len(sound):
        blocks.append(stretcher.next(speed))
    return np.concatenate(blocks)


def strongest_hertz(sound: Samples) -> float:
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound)), 8 * len(sound)))
    return float(spectrum.argmax()) * RATE / (8 * len(sound))


def test_at_its_own_speed_the_sound_is_the_same() -> None:
    sound = voice(1.0)
    np.testing.assert_allclose(play(sound, 1.0)[: len(sound)], sound, atol=1e-6)


@pytest.mark.parametrize("speed", [0.5, 0.75, 1.25, 1.5, 2.0])
def test_a_tone_keeps_its_pitch_and_takes_another_time(speed: float) -> None:
    played = play(tone(2.0), speed)
    assert len(played) / RATE == pytest.approx(2.0 / speed, abs=0.05)
    assert strongest_hertz(played[RATE // 4 : -RATE // 4]) == pytest.approx(440.0, abs=1.0)


@pytest.mark.parametrize("speed", [0.5, 1.5, 2.0])
def test_a_voice_has_no_dips_and_no_clicks(speed: float) -> None:
    sound = voice(2.0)
    played = play(sound, speed)[RATE // 10 : -RATE // 10]
    loudness = np.sqrt(np.square(played[: len(played) // 960 * 960]).reshape(-1, 960).mean(1))
    assert loudness.min() > 0.7 * np.median(loudness)
    assert np.abs(np.diff(played)).max() < 1.3 * np.abs(np.diff(sound)).max()


def test_silence_stays_silence_and_the_place_is_kept() -> None:
    stretcher = reader(np.zeros(RATE, np.float32))
    for _ in range(20):
        assert not stretcher.next(1.5).any()
    assert stretcher.position == pytest.approx(20 * 1.5 * stretcher.hop, abs=1)


def test_it_goes_on_from_elsewhere_and_at_another_speed() -> None:
    sound = tone(2.0)
    stretcher = reader(sound)
    stretcher.next(2.0)
    stretcher.seek(RATE)
    assert stretcher.position == RATE
    stretcher.next(1.0)
    np.testing.assert_allclose(
        stretcher.next(1.0), sound[RATE + stretcher.hop :][: stretcher.hop], atol=1e-6
    )
