"""Simulated meetings: turns of real or synthetic speech, laid out in time and mixed.

A *source* makes turns of a speaker; :func:`arrange` lays them out under a :class:`Timing`;
:class:`Acoustics` makes rooms, levels and noise of it. Everything is drawn from a seeded generator.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from scipy.signal import fftconvolve

from engine.data.corpus import Aligned
from engine.timeline import SAMPLE_RATE

Audio = NDArray[np.float32]


@dataclass(frozen=True)
class SpokenTurn:
    """A turn before it has a place: its first sample is its start, its last one its end.

    Times of words and phones are samples from the start of the turn; ``phones`` is None where they
    are not known.
    """

    speaker: str
    samples: Audio
    words: tuple[Aligned, ...]
    phones: tuple[Aligned, ...] | None


@dataclass(frozen=True)
class PlacedTurn:
    """A turn that starts at sample ``start`` of the meeting."""

    spoken: SpokenTurn
    start: int

    @property
    def end(self) -> int:
        """One past the last sample."""
        return self.start + len(self.spoken.samples)


@dataclass(frozen=True)
class Scene:
    """A piece of a meeting with its reference, turns sorted by start.

    ``transcribed``: whether the words are to be learned, or only phones, activity and voices.
    """

    audio: Audio
    turns: tuple[PlacedTurn, ...]
    transcribed: bool = True


class TurnSource(Protocol):
    """Where turns come from."""

    @property
    def speakers(self) -> Sequence[str]:
        """Who can speak."""

    def turn(self, speaker: str, random: Generator) -> SpokenTurn:
        """A new turn of a speaker."""


@dataclass(frozen=True)
class Timing:
    """How turns follow each other.

    Attributes:
        overlap: share of speech in which two speak, 0 to 0.5.
        gap_s: bounds of the silences between turns that do not overlap.
        gap_share: how often a turn waits for silence although overlap is wanted.
    """

    overlap: float = 0.0
    gap_s: tuple[float, float] = (0.1, 0.5)
    gap_share: float = 0.2


CONDITIONS: dict[str, Timing] = {
    "0S": Timing(0.0, (0.1, 0.5)),
    "0L": Timing(0.0, (2.9, 3.0)),
    "10": Timing(0.1, (0.1, 0.5)),
    "20": Timing(0.2, (0.1, 0.5)),
    "30": Timing(0.3, (0.1, 0.5)),
    "40": Timing(0.4, (0.1, 0.5)),
}
"""The conditions of the benchmark, named as in LibriCSS."""

SAME_SPEAKER_GAP_S = 0.7
"""A person's next turn starts this much after the last one or later: 0.5 s would join them."""


def arrange(
    source: TurnSource, people: Sequence[str], timing: Timing, duration_s: float, random: Generator
) -> list[PlacedTurn]:
    """Turns of ``people`` that fit into ``duration_s``, at most two at once."""
    turns: list[PlacedTurn] = []
    free_at = dict.fromkeys(people, 0)
    speech = overlapped = 0
    clock = _samples(random.uniform(0.1, 0.6))
    limit = _samples(duration_s - 0.7)
    while clock < limit:
        last = turns[-1].spoken.speaker if turns else None
        choices = [p for p in people if p != last] or list(people)
        speaker = choices[random.integers(len(choices))]
        spoken = source.turn(speaker, random)
        length = len(spoken.samples)
        wanted = (timing.overlap * (speech + length) - overlapped) / (1 + timing.overlap)
        wanted *= random.uniform(0.5, 1.5)
        start = _start(turns, wanted, length, timing, random, clock)
        start = max(start, free_at[speaker])
        if start + length > limit:
            break
        turns.append(PlacedTurn(spoken, start))
        shared = max(0, min(clock, start + length) - start) if len(turns) > 1 else 0
        overlapped += shared
        speech += length - shared
        clock = max(clock, start + length)
        free_at[speaker] = start + length + _samples(SAME_SPEAKER_GAP_S)
    return turns


def _start(
    turns: list[PlacedTurn],
    wanted: float,
    length: int,
    timing: Timing,
    random: Generator,
    clock: int,
) -> int:
    """Where the next turn starts: in the running one if overlap is wanted, else after a silence."""
    if turns and wanted > _samples(0.1) and random.random() >= timing.gap_share:
        earlier = max((t.end for t in turns if t.end < clock), default=0)
        most = min(0.9 * length, 0.9 * (clock - turns[-1].start), clock - earlier)
        if most > _samples(0.1):
            return clock - int(min(wanted, most))
    gap = random.uniform(*timing.gap_s) if turns else 0.0
    return clock + _samples(gap)


def _samples(seconds: float) -> int:
    return round(seconds * SAMPLE_RATE)


@dataclass(frozen=True)
class Acoustics:
    """Levels, rooms and noise. ``noises`` are recordings to mix in; none means hiss only.

    Attributes:
        level_db: a person's level differs from the meeting's by at most this.
        loudness_db: bounds of the meeting's level (dBFS of speech).
        room: how often a meeting has reverberation.
        hiss_db, noise_db: bounds of the level of hiss and of noise relative to speech.
        noisy: how often there is a noise besides hiss.
        colour_db: a person's spectrum is changed by at most this, as microphones and distances do.
    """

    noises: tuple[Audio, ...] = ()
    level_db: float = 5.0
    loudness_db: tuple[float, float] = (-36.0, -18.0)
    room: float = 0.25
    hiss_db: tuple[float, float] = (-65.0, -35.0)
    noise_db: tuple[float, float] = (-40.0, -12.0)
    noisy: float = 0.3
    colour_db: float = 0.0

    def render(self, turns: Sequence[PlacedTurn], duration_s: float, random: Generator) -> Scene:
        """Mix turns into a scene. Reverberation keeps the direct sound in place."""
        audio = np.zeros(_samples(duration_s), dtype=np.float32)
        gains = {t.spoken.speaker: self._gain(random) for t in turns}
        colours = {s: self._colour(random) for s in gains} if self.colour_db else {}
        reverberant = random.random() < self.room
        rooms = {s: room_response(random) if reverberant else None for s in gains}
        for turn in turns:
            speech = turn.spoken.samples
            if self.colour_db:
                speech = coloured(speech, colours[turn.spoken.speaker])
            speech = level(speech) * gains[turn.spoken.speaker]
            response = rooms[turn.spoken.speaker]
            if response is not None:
                speech = fftconvolve(speech, response).astype(np.float32)
            piece = audio[turn.start : turn.start + len(speech)]
            piece += speech[: len(piece)]
        audio += self._noise(len(audio), random)
        loudness = 10 ** (random.uniform(*self.loudness_db) / 20)
        audio = np.clip(audio * loudness, -1.0, 1.0)
        return Scene(audio.astype(np.float32), tuple(turns))

    def _gain(self, random: Generator) -> float:
        return float(10 ** (random.uniform(-self.level_db, self.level_db) / 20))

    def _colour(self, random: Generator) -> Audio:
        return random.uniform(-self.colour_db, self.colour_db, _COLOUR_BANDS).astype(np.float32)

    def _noise(self, length: int, random: Generator) -> Audio:
        hiss = random.standard_normal(length).astype(np.float32)
        noise = hiss * 10 ** (random.uniform(*self.hiss_db) / 20)
        if self.noises and random.random() < self.noisy:
            recording = self.noises[random.integers(len(self.noises))]
            repeated = np.tile(recording, length // len(recording) + 2)
            begin = int(random.integers(len(recording)))
            gain = 10 ** (random.uniform(*self.noise_db) / 20)
            noise = noise + gain * level(repeated[begin : begin + length])
        return noise.astype(np.float32)


_COLOUR_BANDS = 7
_COLOUR_TAPS = 128


def coloured(samples: Audio, gains_db: Audio) -> Audio:
    """Change the spectrum by gains at mel-spaced frequencies up to 8 kHz; nothing moves in time."""
    half = _COLOUR_TAPS // 2
    mels = np.log1p(np.linspace(0.0, SAMPLE_RATE / 2, half + 1) / 700.0)
    at = np.linspace(0.0, mels[-1], len(gains_db))
    gains = 10 ** (np.interp(mels, at, gains_db) / 20)
    taps = np.roll(np.fft.irfft(gains), half) * np.hanning(_COLOUR_TAPS)
    changed: Audio = fftconvolve(samples, taps)[half : half + len(samples)].astype(np.float32)
    return changed


def level(samples: Audio) -> Audio:
    """Scale to a root mean square of 1 over the parts that are not silent."""
    power = np.square(samples)
    loud = power > 0.01 * power.mean() if len(samples) else power > 0
    rms = float(np.sqrt(power[loud].mean())) if loud.any() else 0.0
    return samples / rms if rms > 1e-5 else samples


def room_response(random: Generator) -> Audio:
    """A decaying diffuse tail after a direct sound at time 0: a rough room of 0.15 to 0.6 s."""
    decay_s = random.uniform(0.15, 0.6)
    time = np.arange(_samples(decay_s * 0.8)) / SAMPLE_RATE
    tail = random.standard_normal(len(time)) * np.exp(-6.9 * time / decay_s)
    tail[: _samples(0.002)] = 0.0
    tail *= random.uniform(0.1, 0.7) / max(1e-6, float(np.sqrt(np.square(tail).sum())))
    tail[0] = 1.0
    return tail.astype(np.float32)
