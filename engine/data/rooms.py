"""Rooms: responses of shoebox rooms with people at a table and one microphone.

Early reflections are those of the image source method (Allen and Berkley 1979; computed by
pyroomacoustics); after the time up to which its images are complete, a tail of decaying noise goes
on with the same energy and the same reverberation time. The direct sound is exactly at time 0, so
word times hold.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from scipy.signal import fftconvolve

from engine.data.simulation import Audio
from engine.timeline import SAMPLE_RATE, to_samples

SPEED_OF_SOUND = 343.0
"""Metres a second."""

SEATS = 4
IMAGE_ORDER = 10
"""Reflections of an image; the count of images grows with its third power."""

_CROSSFADE = to_samples(0.005)

Metres = NDArray[np.float64]


class Microphone(StrEnum):
    """Where the microphone is."""

    NEAR = "near"
    FAR = "far"


@dataclass(frozen=True)
class Shoebox:
    """A room, its people and its microphone.

    Attributes:
        size: length, width and height, metres.
        decay_s: reverberation time (60 dB).
        microphone: position, metres.
        people: positions, (seats, 3) metres; each a whole count of samples from the microphone.
    """

    size: Metres
    decay_s: float
    microphone: Metres
    people: Metres

    @property
    def distances(self) -> Metres:
        """From each person to the microphone, metres."""
        apart: Metres = np.linalg.norm(self.people - self.microphone, axis=1)
        return apart


@dataclass(frozen=True)
class Room:
    """The responses of a room.

    Attributes:
        place: where its microphone is.
        decay_s: reverberation time (60 dB).
        responses: of each seat; the first sample is the direct sound, 1 at the mean distance of the
            seats and inversely proportional to the distance.
    """

    place: Microphone
    decay_s: float
    responses: tuple[Audio, ...]


def draw_shoebox(place: Microphone, random: Generator) -> Shoebox:
    """A meeting room with a table somewhere in it, seats around it, and a microphone."""
    size = random.uniform((3.5, 3.0, 2.4), (8.0, 6.0, 3.4))
    middle = np.append(size[:2] / 2 + random.uniform(-0.3, 0.3, 2), 0.0)
    radius = random.uniform(0.6, 1.0, SEATS)
    angles = random.uniform(0, 2 * np.pi) + 2 * np.pi * np.arange(SEATS) / SEATS
    angles = angles + random.uniform(-0.2, 0.2, SEATS)
    around = np.stack([radius * np.cos(angles), radius * np.sin(angles), np.zeros(SEATS)], 1)
    heads = np.array([0.0, 0.0, 1.0]) * random.uniform(1.1, 1.3, (SEATS, 1))
    if place is Microphone.NEAR:  # on the table
        offset = np.append(random.uniform(-0.3, 0.3, 2), random.uniform(0.75, 0.85))
        microphone = middle + offset
    else:  # near a wall
        side = random.choice((0.15, 0.85), 2)
        microphone = np.append(size[:2] * side, random.uniform(0.8, 1.8))
    people = np.clip(middle + around + heads, 0.2, size - 0.2)
    whole = np.array([_whole(p, microphone) for p in people])
    return Shoebox(size, float(random.uniform(0.2, 0.7)), microphone, whole)


def _whole(person: Metres, microphone: Metres) -> Metres:
    """The person moved by a centimetre at most, to a whole count of samples from the microphone.

    Then the direct sound is one sample, and nothing of it comes before time 0.
    """
    away = person - microphone
    distance = float(np.linalg.norm(away))
    step = SPEED_OF_SOUND / SAMPLE_RATE
    moved: Metres = microphone + away * (max(1, round(distance / step)) * step / distance)
    return moved


def respond(shoebox: Shoebox, place: Microphone, random: Generator) -> Room:
    """Compute the responses of a room."""
    import pyroomacoustics  # seconds to load, and most of the laboratory needs no rooms

    pyroomacoustics.constants.set("c", SPEED_OF_SOUND)
    room = pyroomacoustics.ShoeBox(
        shoebox.size,
        fs=SAMPLE_RATE,
        materials=pyroomacoustics.Material(absorption(shoebox.size, shoebox.decay_s)),
        max_order=IMAGE_ORDER,
    )
    for person in shoebox.people:
        room.add_source(person)
    room.add_microphone(shoebox.microphone)
    room.compute_rir()
    before = pyroomacoustics.constants.get("frac_delay_length") // 2
    distances = shoebox.distances
    responses = []
    for early, distance in zip(room.rir[0], distances, strict=True):
        direct = before + round(distance / SPEED_OF_SOUND * SAMPLE_RATE)
        aligned = early[direct:] / early[direct]
        complete = to_samples((IMAGE_ORDER * shoebox.size.min() - distance) / SPEED_OF_SOUND)
        whole = with_tail(aligned, complete, shoebox.decay_s, random)
        responses.append((whole * distances.mean() / distance).astype(np.float32))
    return Room(place, shoebox.decay_s, tuple(responses))


def absorption(size: Metres, decay_s: float) -> float:
    """Absorbed share of the energy at a wall for a reverberation time, after Eyring (1930)."""
    volume = float(size.prod())
    surface = 2.0 * float(size[0] * size[1] + size[1] * size[2] + size[0] * size[2])
    damping = 24.0 * np.log(10.0) / SPEED_OF_SOUND * volume / (surface * decay_s)
    return float(1.0 - np.exp(-damping))


def with_tail(
    early: NDArray[np.float64], complete: int, decay_s: float, random: Generator
) -> NDArray[np.float64]:
    """``early`` up to sample ``complete``, then decaying noise of the same energy there."""
    length = max(complete + 2 * _CROSSFADE, to_samples(0.8 * decay_s))
    response = np.zeros(length)
    response[: min(len(early), complete)] = early[:complete]
    time = np.arange(length) / SAMPLE_RATE
    envelope = np.exp(-3.0 * np.log(10.0) * time / decay_s)
    window = slice(max(1, complete - to_samples(0.02)), complete)
    level = np.sqrt(np.square(response[window]).mean() / np.square(envelope[window]).mean())
    fade = np.clip((np.arange(length) - complete + _CROSSFADE) / _CROSSFADE, 0.0, 1.0)
    tail = random.standard_normal(length) * envelope * level
    mixed: NDArray[np.float64] = response * np.sqrt(1.0 - fade) + tail * np.sqrt(fade)
    return mixed


def reverberant(samples: Audio, response: Audio) -> Audio:
    """Samples as heard in a room: longer by its response, and nothing earlier than before."""
    heard: Audio = fftconvolve(samples, response).astype(np.float32)
    return heard
