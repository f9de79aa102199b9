"""One voice made into another: vocal tract, pitch, melody, speed, rhythm and timbre.

Speech is taken apart and put together by WORLD (Morise et al. 2016, WORLD: a vocoder-based
high-quality speech synthesis system for real-time applications), through pyworld.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyworld
from numpy.typing import NDArray

from engine.timeline import SAMPLE_RATE

FRAME_S = 0.005
_KNEE_HZ = 6000.0  # up to here formants move by the factor; above, what is left is spread evenly
_SWAY_S = 0.6  # how fast the speed changes within an utterance
_LOWEST_HZ, _HIGHEST_HZ = 60.0, 420.0
_TILT_FROM_HZ = 500.0
_BREATH_HZ = 3000.0

Audio = NDArray[np.float32]
_Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Conversion:
    """What becomes of a voice.

    Attributes:
        tract: factor on the formant frequencies, 0.8 to 1.25: above 1 is a shorter vocal tract.
        pitch: factor on the pitch.
        melody: factor on how far the pitch moves, in logarithms.
        speed: factor on the speaking rate.
        rhythm: how much the speed sways within an utterance, as a standard deviation.
        tilt_db: decibels an octave above 500 Hz: below 0 is a softer voice.
        breath_db: level of the noise in the voice at 3 kHz, below the voice itself.
    """

    tract: float = 1.0
    pitch: float = 1.0
    melody: float = 1.0
    speed: float = 1.0
    rhythm: float = 0.0
    tilt_db: float = 0.0
    breath_db: float = -20.0


@dataclass(frozen=True)
class Converted:
    """Converted speech, and where the moments of the original went."""

    samples: Audio
    before: NDArray[np.floating]
    after: NDArray[np.floating]

    def moment(self, sample: float) -> int:
        """Where a sample of the original is now."""
        return round(float(np.interp(sample, self.before, self.after)))


def convert(samples: Audio, conversion: Conversion, random: np.random.Generator) -> Converted:
    """Speech (mono 16 kHz) in another voice."""
    wave = np.ascontiguousarray(samples, dtype=np.float64)
    pitch, times = _pitch(wave)
    envelope = pyworld.cheaptrick(wave, pitch, times, SAMPLE_RATE)
    position, after = _course(len(pitch), conversion, random)
    frames = np.minimum(np.rint(position).astype(int), len(pitch) - 1)
    bins = _warped_bins(envelope.shape[1], conversion.tract)
    envelope = _warped(envelope[frames], bins) * _tilt(envelope.shape[1], conversion.tilt_db)
    melody = _melody(pitch[frames], conversion, random)
    noise = np.where(melody[:, None] > 0, _noise(envelope.shape[1], conversion.breath_db), 1.0)
    made = pyworld.synthesize(melody, envelope, noise, SAMPLE_RATE, FRAME_S * 1000.0)
    before = np.arange(len(pitch)) * FRAME_S * SAMPLE_RATE
    return Converted(made.astype(np.float32), before, after * FRAME_S * SAMPLE_RATE)


def _pitch(wave: _Floats) -> tuple[_Floats, _Floats]:
    """Pitch in hertz, 0 where there is no voice, and the times of the frames in seconds."""
    options: dict[str, Any] = {"f0_floor": _LOWEST_HZ, "f0_ceil": _HIGHEST_HZ}
    coarse, times = pyworld.dio(wave, SAMPLE_RATE, frame_period=FRAME_S * 1000.0, **options)
    return pyworld.stonemask(wave, coarse, times, SAMPLE_RATE), times


def _course(
    frames: int, conversion: Conversion, random: np.random.Generator
) -> tuple[_Floats, _Floats]:
    """The old frame of each new one, and the new place of each old one, both in frames."""
    knots = max(2, int(frames * FRAME_S / _SWAY_S) + 2)
    sway = conversion.rhythm * random.standard_normal(knots)
    slow = np.interp(np.linspace(0, knots - 1, frames), np.arange(knots), sway)
    after = np.concatenate([[0.0], np.cumsum(np.exp(-slow[1:]) / conversion.speed)])
    position = np.interp(np.arange(int(after[-1]) + 1), after, np.arange(frames))
    return position, after


def _warped_bins(count: int, tract: float) -> _Floats:
    """For each frequency the one, in bins, whose energy it gets."""
    nyquist, wanted = SAMPLE_RATE / 2.0, np.linspace(0.0, SAMPLE_RATE / 2.0, count)
    knee = _KNEE_HZ * min(1.0, 1.0 / tract)
    source = np.interp(wanted, [0.0, knee * tract, nyquist], [0.0, knee, nyquist])
    return source / nyquist * (count - 1)


def _warped(values: _Floats, bins: _Floats) -> _Floats:
    low = np.minimum(bins.astype(int), values.shape[1] - 2)
    share = bins - low
    return np.ascontiguousarray(values[:, low] * (1.0 - share) + values[:, low + 1] * share)


def _tilt(count: int, tilt_db: float) -> _Floats:
    """Factors on the power of each bin."""
    octaves = np.log2(np.maximum(np.linspace(0.0, SAMPLE_RATE / 2.0, count), 1.0) / _TILT_FROM_HZ)
    return np.asarray(10.0 ** (tilt_db * np.maximum(octaves, 0.0) / 10.0))


def _noise(count: int, breath_db: float) -> _Floats:
    """Share of noise in a voice, bin by bin.

    WORLD would measure it, at 3 kHz only for speech of 16 kHz, in more time than all the rest; so
    it is a property of the new voice.
    """
    level_db = np.interp(
        np.linspace(0.0, SAMPLE_RATE / 2.0, count),
        [0.0, _BREATH_HZ, SAMPLE_RATE / 2.0],
        [-60.0, breath_db, 0.0],
    )
    return np.asarray(10.0 ** (level_db / 20.0))


def _melody(pitch: _Floats, conversion: Conversion, random: np.random.Generator) -> _Floats:
    """The new pitch: moved, its range stretched around the middle, and a little unsteady."""
    voiced = pitch > 0
    if not voiced.any():
        return pitch
    logs = np.log(pitch[voiced])
    middle = float(np.median(logs))
    shaken = 0.006 * random.standard_normal(len(logs))
    moved = middle + np.log(conversion.pitch) + conversion.melody * (logs - middle) + shaken
    result = np.zeros_like(pitch)
    result[voiced] = np.clip(np.exp(moved), _LOWEST_HZ, 2.0 * _HIGHEST_HZ)
    return result
