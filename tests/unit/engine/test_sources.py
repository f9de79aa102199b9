"""Turns of speech whose word times are exact, whole or spliced, at any speed."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.data.corpus import UNKNOWN_PHONE, Aligned
from engine.data.simulation import SpokenTurn
from engine.data.sources import (
    FADE_S,
    FLUENT_PAUSE_S,
    HESITATION_S,
    PADDING_S,
    TURN_PAUSE_S,
    Perturbation,
    SpliceSource,
    UtteranceSource,
    WordToken,
    at_speed,
    fade,
    stretches,
    word_tokens,
)
from engine.timeline import to_samples
from tests.unit.engine.corpora import PHONES, TONES_HZ, corpus, pitch_hz, tone

RANDOM = np.random.default_rng
PAD = round(PADDING_S * 16_000)
SPOKEN = {
    "ann": [[("alpha", 10, 40), ("bravo", 45, 80), ("charlie", 130, 160)]],  # pauses 0.05, 0.5 s
    "bob": [[("delta", 0, 30)], [("echo", 5, 35), ("alpha", 84, 99)]],  # a pause of 0.49 s
}

SPLICED = SpliceSource(word_tokens(corpus(SPOKEN), "train", list(TONES_HZ)), Perturbation())


def texts(turn: SpokenTurn) -> str:
    return " ".join(word.text for word in turn.words)


def assert_words_sound_right(turn: SpokenTurn, speed: float = 1.0) -> None:
    """Each word is a tone of its own pitch where its times say, and lies in the samples."""
    clock = 0
    for word in turn.words:
        assert clock <= word.start < word.end <= len(turn.samples)
        clock = word.end
        middle = turn.samples[word.start + 300 : word.end - 300]
        assert pitch_hz(middle) == pytest.approx(TONES_HZ[word.text] * speed, rel=0.02)


def test_an_utterance_is_cut_where_its_speaker_pauses_for_half_a_second() -> None:
    source = UtteranceSource(corpus(SPOKEN), "train", Perturbation())
    assert source.speakers == ["ann", "bob"]
    said = {s: {texts(source.turn(s, RANDOM(i))) for i in range(20)} for s in source.speakers}
    assert said == {"ann": {"alpha bravo", "charlie"}, "bob": {"delta", "echo alpha"}}


def test_a_turn_of_an_utterance_begins_and_ends_with_its_words() -> None:
    source = UtteranceSource(corpus(SPOKEN), "train", Perturbation())
    turn = source.turn("bob", RANDOM(1))
    while texts(turn) != "echo alpha":
        turn = source.turn("bob", RANDOM(2))
    assert turn.speaker == "bob"
    assert len(turn.samples) == (99 - 5) * 160
    assert turn.words == (Aligned("echo", 0, 4800), Aligned("alpha", 79 * 160, 94 * 160))
    assert turn.phones is not None
    assert [p.text for p in turn.phones] == [PHONES["echo"], PHONES["alpha"]]
    assert_words_sound_right(turn)


def test_phones_that_are_not_known_are_none() -> None:
    source = UtteranceSource(corpus(SPOKEN, phones=False), "train", Perturbation())
    assert source.turn("ann", RANDOM(0)).phones is None


def test_turns_with_words_that_are_not_known_are_left_out() -> None:
    said = [[("alpha", 0, 30), ("bravo", 30, 60), ("charlie", 130, 160)], [("delta", 0, 40)]]
    source = UtteranceSource(
        corpus({"ann": said, "bob": said[1:]}), "train", Perturbation(), known={"alpha", "bravo"}
    )
    assert source.speakers == ["ann"]
    assert [w.text for w in source.turn("ann", np.random.default_rng(0)).words] == [
        "alpha",
        "bravo",
    ]
    assert source.left_out == {"charlie": 1, "delta": 2}
    assert source.spoken == pytest.approx([0.6])


def test_another_split_is_not_heard() -> None:
    assert UtteranceSource(corpus(SPOKEN, split="dev"), "train", Perturbation()).speakers == []


def test_a_word_that_is_aligned_past_its_recording_ends_with_it() -> None:
    whole = corpus({"ann": [[("alpha", 0, 50)]]})
    (utterance,) = whole.utterances
    object.__setattr__(utterance, "length", 50 * 160 - 7)
    turn = UtteranceSource(whole, "train", Perturbation()).turn("ann", RANDOM(0))
    assert len(turn.samples) == turn.words[0].end == 50 * 160 - 7
    assert turn.phones is not None
    assert turn.phones[0].end == 50 * 160 - 7


@pytest.mark.parametrize("factor", [0.8, 1.0, 1.25])
def test_speed_moves_times_and_pitch_together(factor: float) -> None:
    source = UtteranceSource(corpus(SPOKEN), "train", Perturbation())
    turn = source.turn("ann", RANDOM(0))
    faster = at_speed(turn, factor)
    assert len(faster.samples) == round(len(turn.samples) / factor)
    for words, original in ((faster.words, turn.words), (faster.phones, turn.phones)):
        assert words is not None
        assert original is not None
        for word, was in zip(words, original, strict=True):
            assert word.text == was.text
            assert word.start == pytest.approx(was.start / factor, abs=1)
            assert word.end == pytest.approx(was.end / factor, abs=1)
    assert_words_sound_right(faster, factor)


def test_speeds_are_drawn_around_one() -> None:
    random = RANDOM(0)
    factors = [Perturbation(0.1).factor(random) for _ in range(200)]
    assert 0.9 <= min(factors) < 0.92
    assert 1.08 < max(factors) <= 1.1
    assert Perturbation().factor(random) == 1.0


@given(st.floats(0.7, 1.4), st.integers(0, 200))
def test_words_of_a_turn_at_any_speed_lie_in_its_samples(factor: float, seed: int) -> None:
    turn = at_speed(SPLICED.turn("bob", RANDOM(seed)), factor)
    clock = 0
    for word in turn.words:
        assert clock <= word.start < word.end <= len(turn.samples)
        clock = word.end


@pytest.mark.parametrize("speed", [0.0, 0.1])
def test_spliced_words_are_their_speakers_and_sound_where_they_should(speed: float) -> None:
    words = list(TONES_HZ)
    source = SpliceSource(word_tokens(corpus(SPOKEN), "train", words), Perturbation(speed))
    assert source.speakers == ["ann", "bob"]
    said: set[str] = set()
    for seed in range(20):
        turn = source.turn("bob", RANDOM(seed))
        said |= {w.text for w in turn.words}
        assert turn.speaker == "bob"
        assert 1 <= len(turn.words) <= 9
        if not speed:
            assert_words_sound_right(turn)
            assert turn.words[0].start == 0
            assert turn.words[-1].end == len(turn.samples)
    assert said == {"delta", "echo", "alpha"}


def test_spliced_words_follow_closely_and_some_after_a_hesitation() -> None:
    tokens = word_tokens(corpus(SPOKEN), "train", list(TONES_HZ))
    source = SpliceSource(tokens, Perturbation(), most_words=4)
    pauses, counts = [], set()
    for seed in range(40):
        words = source.turn("ann", RANDOM(seed)).words
        counts.add(len(words))
        pauses += [b.start - a.end - 2 * PAD for a, b in itertools.pairwise(words)]
    assert counts == {1, 2, 3, 4}
    fluent = [p for p in pauses if p <= to_samples(FLUENT_PAUSE_S[1])]
    assert 0.6 < len(fluent) / len(pauses) < 0.95
    assert min(pauses) >= 0
    assert to_samples(FLUENT_PAUSE_S[1]) < max(pauses) <= to_samples(HESITATION_S[1])
    assert max(pauses) < to_samples(TURN_PAUSE_S)


def test_a_word_said_often_is_no_likelier_than_one_said_once() -> None:
    spoken = {"ann": [[("alpha", 60 * i, 60 * i + 30) for i in range(9)], [("bravo", 0, 30)]]}
    source = SpliceSource(word_tokens(corpus(spoken), "train", list(TONES_HZ)), Perturbation())
    said = [w.text for i in range(100) for w in source.turn("ann", RANDOM(i)).words]
    assert 0.4 < said.count("bravo") / len(said) < 0.6


def test_turns_are_the_same_for_the_same_seed() -> None:
    source = SpliceSource(word_tokens(corpus(SPOKEN), "train", list(TONES_HZ)), Perturbation(0.1))
    first, again = (source.turn("ann", RANDOM(5)) for _ in range(2))
    np.testing.assert_array_equal(first.samples, again.samples)
    assert first.words == again.words
    assert texts(first) != texts(source.turn("ann", RANDOM(6)))


def test_phones_of_a_word_from_who_knows_where_are_unknown_all_over_it() -> None:
    known = word_tokens(corpus(SPOKEN), "train", ["alpha"])["ann"][0]
    unknown = WordToken("echo", np.pad(tone("echo", 4800), PAD), None)
    source = SpliceSource({"ann": [known, unknown]}, Perturbation(), most_words=6)
    turn = source.turn("ann", RANDOM(4))
    assert turn.phones is not None
    assert {w.text for w in turn.words} == {"alpha", "echo"}
    for word, phone in zip(turn.words, turn.phones, strict=True):
        if word.text == "alpha":
            assert (phone.text, phone.start, phone.end) == (PHONES["alpha"], word.start, word.end)
        else:
            span = (UNKNOWN_PHONE, word.start - PAD, word.end + PAD)
            assert (phone.text, phone.start, phone.end) == span


def test_tokens_are_cut_with_padding_that_is_silent_past_the_recording() -> None:
    tokens = word_tokens(corpus(SPOKEN), "train", ["delta", "charlie"])
    assert {s: [t.text for t in said] for s, said in tokens.items()} == {
        "ann": ["charlie"],
        "bob": ["delta"],
    }
    delta = tokens["bob"][0]  # starts with its recording
    assert len(delta.samples) == 30 * 160 + 2 * PAD
    assert not delta.samples[:PAD].any()
    np.testing.assert_allclose(delta.samples[PAD : PAD + 4800], tone("delta", 4800), atol=1e-4)


def test_who_says_too_few_different_words_is_left_out() -> None:
    spoken = {"ann": [[("alpha", 0, 30), ("alpha", 60, 90)]], "bob": SPOKEN["bob"][1:]}
    assert set(word_tokens(corpus(spoken), "train", list(TONES_HZ), fewest=2)) == {"bob"}


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ([], []),
        ([(0, 100)], [(0, 0)]),
        ([(0, 100), (8099, 8200)], [(0, 1)]),
        ([(0, 100), (8100, 8200)], [(0, 0), (1, 1)]),
        ([(0, 1), (2, 3), (9000, 9001), (9002, 9003)], [(0, 1), (2, 3)]),
    ],
)
def test_stretches_end_at_pauses_of_half_a_second(
    spans: list[tuple[int, int]], expected: list[tuple[int, int]]
) -> None:
    assert stretches([Aligned("x", start, end) for start, end in spans]) == expected


def test_fading_takes_the_click_out_of_the_edges_only() -> None:
    samples = np.ones(4000, np.float32)
    faded = fade(samples)
    length = round(FADE_S * 16_000)
    assert faded[0] == faded[-1] == 0.0
    assert np.abs(np.diff(faded)).max() < 0.01
    np.testing.assert_array_equal(faded[length:-length], 1.0)
    assert samples.min() == 1.0  # the argument is left alone
    for short in (0, 1, 3):
        assert len(fade(np.ones(short, np.float32))) == short
