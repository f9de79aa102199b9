"""Rooms and codecs change how a meeting sounds, and leave every word where it is."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from engine.data import room_bank
from engine.data.codecs import CODECS, Codec, aligned
from engine.data.meeting_sound import MeetingSound
from engine.data.rooms import (
    SEATS,
    SPEED_OF_SOUND,
    Microphone,
    Room,
    absorption,
    draw_shoebox,
    respond,
    reverberant,
    with_tail,
)
from engine.data.simulation import Acoustics, Audio, PlacedTurn, SpokenTurn

RANDOM = np.random.default_rng
QUIET = Acoustics(
    level_db=0.0, loudness_db=(-20.0, -20.0), room=0.0, hiss_db=(-200.0, -200.0), noisy=0.0
)


def decay_s(response: Audio) -> float:
    """Reverberation time from -5 to -25 dB of the backward integral (Schroeder 1965)."""
    energy = np.cumsum(np.square(response[::-1].astype(float)))[::-1]
    level = 10 * np.log10(energy / energy[0])
    first, last = (int(np.argmax(level < db)) for db in (-5.0, -25.0))
    return (last - first) / 16_000 * 3.0


def rms(samples: NDArray[np.floating[Any]]) -> float:
    return float(np.sqrt(np.square(samples.astype(float)).mean()))


@pytest.mark.parametrize("place", Microphone)
def test_people_and_microphone_are_in_the_room(place: Microphone) -> None:
    for seed in range(50):
        box = draw_shoebox(place, RANDOM(seed))
        for point in (*box.people, box.microphone):
            assert (point > 0.1).all()
            assert (point < box.size - 0.1).all()
        apart = np.linalg.norm(box.people[:, None] - box.people[None], axis=2)
        assert apart[~np.eye(SEATS, dtype=bool)].min() > 0.4
        samples = box.distances / SPEED_OF_SOUND * 16_000
        np.testing.assert_allclose(samples, np.rint(samples), atol=1e-6)


def test_a_far_microphone_is_far() -> None:
    near, far = (
        np.mean([draw_shoebox(place, RANDOM(s)).distances.mean() for s in range(40)])
        for place in (Microphone.NEAR, Microphone.FAR)
    )
    assert near < 1.2
    assert far > 2.0


@pytest.mark.parametrize("place", Microphone)
@pytest.mark.parametrize("seed", [1, 2])
def test_a_room_is_what_was_asked_for(place: Microphone, seed: int) -> None:
    box = draw_shoebox(place, RANDOM(seed))
    room = respond(box, place, RANDOM(seed))
    assert len(room.responses) == SEATS
    direct = np.array([r[0] for r in room.responses])
    np.testing.assert_allclose(direct, box.distances.mean() / box.distances, rtol=1e-5)
    for response in room.responses:
        assert np.abs(response[:16]).argmax() == 0
        assert np.abs(response[1:16]).max() < 0.1 * response[0]  # no second direct sound
        assert decay_s(response) == pytest.approx(box.decay_s, rel=0.3)


def test_the_first_reflection_comes_when_geometry_says() -> None:
    box = draw_shoebox(Microphone.NEAR, RANDOM(5))
    people = box.people.copy()
    people[0] = box.microphone + np.array([20 * SPEED_OF_SOUND / 16_000, 0.0, 0.0])
    moved = dataclasses.replace(box, people=people, decay_s=0.3)
    response = respond(moved, Microphone.NEAR, RANDOM(0)).responses[0]
    mirrored = []
    for axis in range(3):
        for at_wall in (0.0, 2.0 * box.size[axis]):
            image = people[0].copy()
            image[axis] = at_wall - image[axis]
            mirrored.append(np.linalg.norm(image - box.microphone))
    first = round((min(mirrored) / SPEED_OF_SOUND) * 16_000) - 20
    assert int(np.abs(response[10 : first + 10]).argmax()) + 10 == pytest.approx(first, abs=1)


def test_more_damping_makes_a_shorter_room() -> None:
    size = np.array([5.0, 4.0, 3.0])
    damped = [absorption(size, seconds) for seconds in (0.2, 0.4, 0.8)]
    assert damped == sorted(damped, reverse=True)
    assert 0.0 < damped[2] < damped[0] < 1.0
    # Sabine (0.161 V / (S T)) is its limit for hard walls
    assert absorption(size, 10.0) == pytest.approx(0.161 * 60 / (94 * 10.0), rel=0.02)


def test_the_tail_goes_on_where_the_images_end() -> None:
    time = np.arange(8000) / 16_000
    random = RANDOM(0)
    early = random.standard_normal(8000) * np.exp(-6.9 * time / 0.4)
    response = with_tail(early, 1500, 0.4, random)
    np.testing.assert_array_equal(response[:1400], early[:1400])
    for middle in (1500, 2500, 4000):
        ratio = rms(response[middle - 400 : middle + 400]) / rms(early[middle - 400 : middle + 400])
        assert ratio == pytest.approx(1.0, abs=0.25)


def test_rooms_are_computed_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = room_bank.rooms(Microphone.NEAR, 2, 3, tmp_path)
    assert len({r.decay_s for r in first}) == 2
    monkeypatch.setattr(room_bank, "respond", lambda *_: pytest.fail("computed again"))
    again = room_bank.rooms(Microphone.NEAR, 2, 3, tmp_path)
    for one, other in zip(first, again, strict=True):
        assert (one.place, one.decay_s) == (other.place, other.decay_s)
        for a, b in zip(one.responses, other.responses, strict=True):
            np.testing.assert_array_equal(a, b)


def test_rooms_depend_on_their_seed_alone(tmp_path: Path) -> None:
    few = room_bank.rooms(Microphone.FAR, 1, 3, tmp_path)
    more = room_bank.rooms(Microphone.FAR, 2, 3, tmp_path)
    others = room_bank.rooms(Microphone.FAR, 1, 4, tmp_path)
    np.testing.assert_array_equal(few[0].responses[2], more[0].responses[2])
    assert others[0].decay_s != few[0].decay_s


def burst(length: int = 4000, seed: int = 0) -> Audio:
    """Noise below 2 kHz, which every codec keeps."""
    noise = RANDOM(seed).standard_normal(length + 7)
    return (0.1 * np.convolve(noise, np.full(8, 0.3), "valid")).astype(np.float32)


def placed(start: int, speaker: str) -> PlacedTurn:
    return PlacedTurn(SpokenTurn(speaker, burst(), (), None), start)


def test_a_dry_meeting_is_its_turns() -> None:
    audio, room = MeetingSound(QUIET).render([placed(1000, "ann")], 1.0, RANDOM(0))
    assert room is None
    assert audio.shape == (16_000,)
    assert rms(audio[1000:5000]) == pytest.approx(0.1, rel=0.1)
    assert np.abs(audio[:1000]).max() < 1e-6
    assert np.abs(audio[5000:]).max() < 1e-6


def test_a_room_keeps_the_start_and_adds_a_tail(tmp_path: Path) -> None:
    rooms = room_bank.rooms(Microphone.FAR, 1, 1, tmp_path)
    audio, room = MeetingSound(QUIET, rooms).render([placed(2000, "ann")], 1.0, RANDOM(0))
    assert room is rooms[0]
    assert np.abs(audio[:2000]).max() < 1e-6
    assert np.abs(audio[2000:2100]).max() > 1e-3
    assert rms(audio[3000:6000]) == pytest.approx(0.1, rel=0.6)  # loudness is that with the room
    assert 1e-4 < rms(audio[10_000:11_000]) < 0.5 * rms(audio[3000:6000])


def test_people_sit_on_seats_of_their_own() -> None:
    impulses = tuple(np.array([i + 1.0], np.float32) for i in range(4))
    room = Room(Microphone.NEAR, 0.3, impulses)
    turns = [placed(4000 * i, name) for i, name in enumerate(["ann", "bob", "cid", "dan", "ann"])]
    voices = MeetingSound(QUIET).voices(turns, 20_000, room, RANDOM(0))
    levels = [rms(voices[i : i + 4000]) for i in range(0, 20_000, 4000)]
    assert np.square(levels[:4]).mean() == pytest.approx(1.0, rel=0.1)
    relative = [x / min(levels) for x in levels[:4]]
    np.testing.assert_allclose(sorted(relative), [1.0, 2.0, 3.0, 4.0], rtol=1e-3)
    assert levels[4] == pytest.approx(levels[0], rel=1e-3)


def test_noise_has_its_level_beside_the_voices() -> None:
    noisy = dataclasses.replace(QUIET, hiss_db=(-26.0, -26.0))
    audio, _ = MeetingSound(noisy).render([placed(0, "ann")], 1.0, RANDOM(0))
    assert rms(audio[8000:]) == pytest.approx(0.1 * 10 ** (-26 / 20), rel=0.05)


@pytest.mark.parametrize("name", CODECS)
def test_a_codec_moves_nothing_and_loses_something(name: str) -> None:
    samples = np.zeros(24_000, np.float32)
    samples[7000:11_000] = burst()
    heard = CODECS[name](samples)
    assert heard.shape == samples.shape
    assert heard.dtype == np.float32
    match = np.correlate(heard[6000:12_000], samples[6000:12_000], "full")
    assert int(match.argmax()) - 5999 == 0
    assert rms(heard[:5000]) < 0.05 * rms(heard[7000:11_000])
    error = rms(heard - samples) / rms(samples)
    assert 0.01 < error < 0.7


def test_a_smaller_codec_loses_more() -> None:
    samples = burst(16_000)
    errors = [rms(Codec("OGG", "OPUS", c)(samples) - samples) for c in (0.0, 0.9, 0.96)]
    assert errors == sorted(errors)
    assert errors[0] < 0.5 * errors[2]


@pytest.mark.parametrize("delay", [0, 100, -100])
@pytest.mark.parametrize("extra", [-300, 0, 300])
def test_a_delay_is_taken_out(delay: int, extra: int) -> None:
    samples = np.arange(1, 2001, dtype=np.float32)
    late = np.pad(samples, (delay, 0)) if delay >= 0 else samples[-delay:]
    decoded = np.pad(late, (0, extra)) if extra >= 0 else late[:extra]
    back = aligned(decoded, delay, 2000)
    assert back.shape == (2000,)
    np.testing.assert_array_equal(back[100:1600], samples[100:1600])


def test_a_reverberant_voice_is_longer_by_its_room() -> None:
    voice, response = np.array([1, 2], np.float32), np.array([1, 0, 0.5], np.float32)
    np.testing.assert_allclose(reverberant(voice, response), [1, 2, 0.5, 1], atol=1e-6)
