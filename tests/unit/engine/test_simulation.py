"""Meetings are laid out as their timing says and sound as their acoustics say."""

from __future__ import annotations

import dataclasses
import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.data.corpus import Aligned
from engine.data.simulation import (
    CONDITIONS,
    SAME_SPEAKER_GAP_S,
    Acoustics,
    Audio,
    PlacedTurn,
    SpokenTurn,
    Timing,
    arrange,
    coloured,
    level,
    room_response,
)

PEOPLE = ("ann", "bob", "cid", "dan")
RANDOM = np.random.default_rng
SILENT_ROOM = Acoustics(
    level_db=0.0, loudness_db=(-20.0, -20.0), room=0.0, hiss_db=(-200.0, -200.0), noisy=0.0
)


def test_colour_changes_the_spectrum_and_moves_nothing() -> None:
    click = np.zeros(16_000, np.float32)
    click[8000] = 1.0
    same = coloured(click, np.zeros(7, np.float32))
    assert int(np.abs(same).argmax()) == 8000
    np.testing.assert_allclose(same[8000], 1.0, atol=1e-3)
    tilted = coloured(click, np.linspace(-12.0, 12.0, 7).astype(np.float32))
    db = 20 * np.log10(np.abs(np.fft.rfft(tilted)))
    assert db[100] == pytest.approx(-12.0, abs=2.5)
    assert db[7500] == pytest.approx(12.0, abs=2.5)
    assert int(np.abs(tilted).argmax()) == 8000


def test_each_person_has_a_colour() -> None:
    acoustics = dataclasses.replace(SILENT_ROOM, colour_db=9.0)
    turns = arrange(Talk(), PEOPLE[:2], Timing(), 20.0, RANDOM(1))
    plain, changed = (a.render(turns, 20.0, RANDOM(2)).audio for a in (SILENT_ROOM, acoustics))
    assert np.abs(plain - changed).max() > 0.01


class Talk:
    """Turns of 0.4 to 5 s."""

    speakers = PEOPLE

    def turn(self, speaker: str, random: np.random.Generator) -> SpokenTurn:
        length = int(random.uniform(0.4, 5.0) * 16_000)
        return SpokenTurn(speaker, np.ones(length, np.float32), (Aligned("x", 0, length),), None)


def speaking(turns: list[PlacedTurn], duration_s: float) -> np.ndarray:
    """How many speak at each sample."""
    count = np.zeros(round(duration_s * 16_000), int)
    for turn in turns:
        count[turn.start : turn.end] += 1
    return count


def overlap(turns: list[PlacedTurn], duration_s: float = 60.0) -> float:
    count = speaking(turns, duration_s)
    return float((count > 1).sum() / (count > 0).sum())


TIMINGS = st.builds(
    Timing,
    st.floats(0.0, 0.5),
    st.tuples(st.floats(0.0, 1.0), st.floats(1.0, 3.0)),
    st.floats(0.0, 1.0),
)


@settings(max_examples=60)
@given(TIMINGS, st.integers(1, 4), st.floats(3.0, 60.0), st.integers(0, 10_000))
def test_a_meeting_keeps_its_rules(
    timing: Timing, people: int, duration_s: float, seed: int
) -> None:
    turns = arrange(Talk(), PEOPLE[:people], timing, duration_s, RANDOM(seed))
    assert [t.start for t in turns] == sorted(t.start for t in turns)
    assert all(0 <= t.start < t.end <= duration_s * 16_000 for t in turns)
    assert {t.spoken.speaker for t in turns} <= set(PEOPLE[:people])
    assert speaking(turns, duration_s).max(initial=0) <= 2
    for person in PEOPLE:
        own = [t for t in turns if t.spoken.speaker == person]
        for before, after in itertools.pairwise(own):
            assert after.start - before.end >= SAME_SPEAKER_GAP_S * 16_000 - 1


@pytest.mark.parametrize(("name", "wanted"), [("10", 0.1), ("20", 0.2), ("30", 0.3), ("40", 0.4)])
@pytest.mark.parametrize("people", [2, 4])
def test_a_minute_has_the_overlap_of_its_condition(name: str, wanted: float, people: int) -> None:
    shares = [
        overlap(arrange(Talk(), PEOPLE[:people], CONDITIONS[name], 60.0, RANDOM(seed)))
        for seed in range(20)
    ]
    assert np.mean(shares) == pytest.approx(wanted, abs=0.04)
    assert np.abs(np.array(shares) - wanted).max() < 0.2


@pytest.mark.parametrize("name", ["0S", "0L"])
def test_turns_without_overlap_are_as_far_apart_as_asked(name: str) -> None:
    shortest, longest = CONDITIONS[name].gap_s
    for seed in range(10):
        turns = arrange(Talk(), PEOPLE, CONDITIONS[name], 60.0, RANDOM(seed))
        assert len(turns) >= 6
        for before, after in itertools.pairwise(turns):
            gap = (after.start - before.end) / 16_000
            waited = SAME_SPEAKER_GAP_S  # somebody who spoke a moment ago waits for this
            assert shortest - 1e-3 <= gap <= max(longest, waited) + 1e-3


def test_turns_alternate_between_people() -> None:
    turns = arrange(Talk(), PEOPLE, CONDITIONS["20"], 60.0, RANDOM(0))
    speakers = [t.spoken.speaker for t in turns]
    assert all(a != b for a, b in itertools.pairwise(speakers))
    assert set(speakers) == set(PEOPLE)


def test_a_turn_longer_than_the_meeting_is_not_said() -> None:
    assert arrange(Talk(), PEOPLE, CONDITIONS["0S"], 0.9, RANDOM(0)) == []


def placed(start: int, samples: Audio, speaker: str = "ann") -> PlacedTurn:
    return PlacedTurn(SpokenTurn(speaker, samples, (), None), start)


def square(length: int, amplitude: float = 0.3) -> Audio:
    return np.where(np.arange(length) // 20 % 2 == 0, amplitude, -amplitude).astype(np.float32)


def rms(samples: Audio) -> float:
    return float(np.sqrt(np.square(samples).mean()))


def test_a_scene_is_its_turns_in_their_places() -> None:
    turns = [placed(1000, square(4000)), placed(3000, square(4000, 0.01), "bob")]
    scene = SILENT_ROOM.render(turns, 0.5, RANDOM(0))
    assert scene.audio.shape == (8000,)
    assert scene.audio.dtype == np.float32
    assert scene.turns == tuple(turns)
    assert scene.transcribed
    expected = np.zeros(8000, np.float32)
    for turn in turns:  # levels are made equal: -20 dB
        expected[turn.start : turn.end] += np.sign(turn.spoken.samples) * 0.1
    np.testing.assert_allclose(scene.audio, expected, atol=1e-4)


def test_a_scene_without_turns_is_noise() -> None:
    scene = Acoustics(hiss_db=(-20.0, -20.0), loudness_db=(-20.0, -20.0), noisy=0.0).render(
        [], 1.0, RANDOM(0)
    )
    assert rms(scene.audio) == pytest.approx(0.01, rel=0.05)
    assert scene.turns == ()


def test_what_is_past_the_end_is_cut_off() -> None:
    room = dataclasses.replace(SILENT_ROOM, room=1.0)
    scene = room.render([placed(100, square(15_900))], 1.0, RANDOM(0))
    assert scene.audio.shape == (16_000,)


def test_people_differ_in_level_by_the_bounds_at_most() -> None:
    room = dataclasses.replace(SILENT_ROOM, level_db=5.0, loudness_db=(-30.0, -30.0))
    turns = [placed(0, square(4000)), placed(4000, square(4000), "bob"), placed(8000, square(4000))]
    levels = []
    for seed in range(30):
        audio = room.render(turns, 0.75, RANDOM(seed)).audio
        ann, bob, again = (20 * np.log10(rms(audio[i : i + 4000])) + 30 for i in (0, 4000, 8000))
        assert ann == pytest.approx(again, abs=0.01)
        levels += [ann, bob]
    assert -5.01 <= min(levels) < -3
    assert 3 < max(levels) <= 5.01


def test_reverberation_keeps_the_start_and_adds_a_tail() -> None:
    room = dataclasses.replace(SILENT_ROOM, room=1.0)
    audio = room.render([placed(4000, square(4000))], 1.0, RANDOM(1)).audio
    assert not np.abs(audio[:4000]).max() > 1e-6
    assert np.abs(audio[4000]) > 0.01
    assert rms(audio[8000:9600]) > 1e-3


def test_the_loudest_is_clipped() -> None:
    loud = dataclasses.replace(SILENT_ROOM, loudness_db=(30.0, 30.0))
    audio = loud.render([placed(0, square(4000))], 0.25, RANDOM(0)).audio
    assert np.abs(audio).max() == 1.0


def test_noise_is_mixed_in_at_its_level() -> None:
    beep = np.sin(np.arange(3000, dtype=np.float32))
    noisy = dataclasses.replace(SILENT_ROOM, noises=(beep,), noisy=1.0, noise_db=(-6.0, -6.0))
    audio = noisy.render([], 2.0, RANDOM(0)).audio
    assert rms(audio) == pytest.approx(0.1 * 10 ** (-6 / 20), rel=0.05)


def test_scenes_are_the_same_for_the_same_seed() -> None:
    def scene(seed: int) -> Audio:
        random = RANDOM(seed)
        turns = arrange(Talk(), PEOPLE, CONDITIONS["30"], 20.0, random)
        return Acoustics().render(turns, 20.0, random).audio

    np.testing.assert_array_equal(scene(3), scene(3))
    assert not np.array_equal(scene(3), scene(4))


@pytest.mark.parametrize("amplitude", [0.001, 0.5])
def test_levels_are_measured_where_something_sounds(amplitude: float) -> None:
    samples = np.concatenate([np.zeros(9000, np.float32), square(1000, amplitude)])
    assert rms(level(samples)[9000:]) == pytest.approx(1.0)


@pytest.mark.parametrize("length", [0, 5])
def test_silence_has_no_level_to_change(length: int) -> None:
    silence = np.zeros(length, np.float32)
    np.testing.assert_array_equal(level(silence), silence)


def test_a_room_begins_with_the_direct_sound_and_decays() -> None:
    for seed in range(5):
        response = room_response(RANDOM(seed))
        assert response[0] == 1.0
        assert not response[1:32].any()
        half = len(response) // 2
        assert rms(response[1:half]) > 5 * rms(response[half:])
        assert np.square(response[1:]).sum() <= 0.5
