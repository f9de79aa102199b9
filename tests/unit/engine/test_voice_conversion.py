"""Formants, pitch, melody, speed and noise of a voice move as they are told to."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.signal import butter, lfilter, sosfilt

from engine.data.voice_conversion import Conversion, convert

RATE = 16_000
FORMANTS_HZ = (700.0, 1200.0, 2600.0)
PITCH_HZ = 120.0


def vowel(seconds: float = 1.0, pitch_hz: float = PITCH_HZ) -> NDArray[np.float32]:
    """A train of pulses through three resonances."""
    pulses = np.zeros(int(seconds * RATE))
    pulses[(np.arange(0.0, len(pulses), RATE / pitch_hz)).astype(int)] = 1.0
    sound = pulses
    for formant in FORMANTS_HZ:
        radius, angle = np.exp(-np.pi * 90.0 / RATE), 2 * np.pi * formant / RATE
        sound = lfilter([1.0], [1.0, -2 * radius * np.cos(angle), radius**2], sound)
    return np.asarray(0.3 * sound / np.abs(sound).max(), dtype=np.float32)


def converted(
    conversion: Conversion, sound: NDArray[np.float32] | None = None
) -> NDArray[np.float32]:
    return convert(
        vowel() if sound is None else sound, conversion, np.random.default_rng(1)
    ).samples


def pitch_of(samples: NDArray[np.float32]) -> float:
    middle = samples[RATE // 4 : RATE // 4 + 8000]
    spectrum = np.fft.rfft(middle - middle.mean(), 2 * len(middle))
    correlation = np.fft.irfft(np.abs(spectrum) ** 2)
    return RATE / (40 + int(np.argmax(correlation[40:260])))


def envelope_peak(samples: NDArray[np.float32], low_hz: float, high_hz: float) -> float:
    """The loudest frequency of a smoothed spectrum in a band."""
    power = np.abs(np.fft.rfft(samples[2000:10192] * np.hanning(8192))) ** 2
    smooth = np.convolve(power, np.hanning(2 * int(PITCH_HZ * 1.2 / RATE * 8192)), "same")
    hertz = np.fft.rfftfreq(8192, 1 / RATE)
    band = (hertz > low_hz) & (hertz < high_hz)
    return float(hertz[band][smooth[band].argmax()])


def test_nothing_asked_nothing_moved() -> None:
    same = converted(Conversion())
    assert len(same) == pytest.approx(RATE, abs=200)
    assert pitch_of(same) == pytest.approx(PITCH_HZ, rel=0.03)
    assert envelope_peak(same, 1800, 3500) == pytest.approx(2600, rel=0.05)


@pytest.mark.parametrize("tract", [0.8, 1.25])
def test_the_tract_moves_formants_and_leaves_the_pitch(tract: float) -> None:
    moved = converted(Conversion(tract=tract))
    expected = 2600 * tract
    assert envelope_peak(moved, 0.75 * expected, 1.3 * expected) == pytest.approx(
        expected, rel=0.06
    )
    assert pitch_of(moved) == pytest.approx(PITCH_HZ, rel=0.03)


@pytest.mark.parametrize("factor", [0.75, 1.6])
def test_the_pitch_moves_and_leaves_the_formants(factor: float) -> None:
    moved = converted(Conversion(pitch=factor))
    assert pitch_of(moved) == pytest.approx(PITCH_HZ * factor, rel=0.03)
    assert envelope_peak(moved, 1800, 3500) == pytest.approx(2600, rel=0.08)


def test_the_melody_is_stretched_around_the_middle() -> None:
    rising = np.concatenate([vowel(1.0, 100.0), vowel(1.0, 120.0), vowel(1.0, 144.0)])
    wide = converted(Conversion(melody=2.0), rising)
    first, middle, last = (pitch_of(wide[i * RATE : (i + 1) * RATE]) for i in range(3))
    assert middle == pytest.approx(120, rel=0.05)
    assert last / first == pytest.approx(1.44**2, rel=0.08)


@pytest.mark.parametrize("rhythm", [0.0, 0.15])
def test_speed_and_rhythm_move_moments_as_told(rhythm: float) -> None:
    """A click in silence is found where ``moment`` says."""
    sound = np.concatenate([vowel(0.3), np.zeros(RATE, np.float32), vowel(0.3)])
    made = convert(sound, Conversion(speed=1.25, rhythm=rhythm), np.random.default_rng(3))
    if not rhythm:
        assert len(made.samples) == pytest.approx(len(sound) / 1.25, rel=0.01)
    begin, end = made.moment(0.3 * RATE), made.moment(1.3 * RATE)
    loud = np.flatnonzero(np.abs(made.samples) > 0.02)
    assert loud[loud < (begin + end) / 2].max() == pytest.approx(begin, abs=0.025 * RATE)
    assert loud[loud > (begin + end) / 2].min() == pytest.approx(end, abs=0.025 * RATE)


def test_a_softer_voice_has_less_treble_and_a_breathy_one_more_noise() -> None:
    def treble(samples: NDArray[np.float32]) -> float:
        power = np.abs(np.fft.rfft(samples)) ** 2
        return float(power[len(power) // 2 :].sum() / power.sum())

    assert treble(converted(Conversion(tilt_db=-4.0))) < 0.3 * treble(converted(Conversion()))

    def repeats(samples: NDArray[np.float32]) -> float:
        """How much the sound above 4.5 kHz is like itself a period later."""
        high = sosfilt(butter(12, 4500, "high", fs=RATE, output="sos"), samples)[4000:12000]
        spectrum = np.abs(np.fft.rfft(high, 2 * len(high))) ** 2
        correlation = np.fft.irfft(spectrum)
        return float(correlation[100:200].max() / correlation[0])

    clear, breathy = (repeats(converted(Conversion(breath_db=db))) for db in (-40.0, -6.0))
    assert clear > 1.2 * breathy


def test_the_same_twice() -> None:
    conversion = Conversion(1.1, 1.2, 1.5, 1.1, 0.1, 1.0, -15.0)
    np.testing.assert_array_equal(converted(conversion), converted(conversion))


def test_silence_and_a_very_short_sound_go_through() -> None:
    for samples in (np.zeros(RATE, np.float32), vowel(0.05)):
        assert np.isfinite(converted(Conversion(tract=1.2, rhythm=0.1), samples)).all()
